import Model

extension PlanResolver {
    /// Warns of limits on money or tokens that cannot hold, because a worker does not report what it uses.
    func warnOfUncountedBudgets(_ plan: Plan, at place: Place) {
        let budget = plan.budget
        guard budget.usd != nil || budget.tokens != nil else { return }
        var named: Set<String> = []
        for rung in plan.stages.flatMap(\.ladder) where named.insert(rung.worker.name).inserted {
            let worker = rung.worker
            warn(of: worker, usd: budget.usd != nil, tokens: budget.tokens != nil, key: "budget", at: place)
        }
    }

    func warnOfUncountedBudget(_ rung: Rung, at place: Place) {
        let (worker, budget) = (rung.worker, rung.budget)
        let usd = budget?.usd ?? worker.limits.usd
        let tokens = budget?.tokens ?? worker.limits.tokens
        warn(of: worker, usd: usd != nil, tokens: tokens != nil, key: "its budget", at: place)
    }

    private func warn(of worker: Worker, usd: Bool, tokens: Bool, key: String, at place: Place) {
        var missing: [String] = []
        if usd, worker.reportsUSD == false { missing.append("money") }
        if tokens, worker.reportsTokens == false { missing.append("tokens") }
        guard !missing.isEmpty else { return }
        let name = worker.name == "command" ? "the worker" : "worker '\(worker.name)'"
        let what = missing.joined(separator: " and ")
        findings.warning(
            "\(name) does not report \(what): \(key) cannot limit it", at: place,
            hint: worker.reportsTokens == false
                ? "limit 'timeout', 'budget.wall' or 'budget.workers', or set 'events' if the program prints events"
                : "set 'prices' in its worker.yaml, or limit tokens")
    }
}

extension Worker {
    /// Whether its events have tokens. A worker that reads no prompt uses no model; then nil.
    fileprivate var reportsTokens: Bool? {
        if prompt == .none { return nil }
        return events != nil && events != .plain
    }

    /// Whether its cost is known; nil for a worker that uses no model.
    fileprivate var reportsUSD: Bool? {
        guard let reportsTokens else { return nil }
        guard reportsTokens, prices == nil else { return reportsTokens }
        switch events {
        case .codex, .gemini: return false
        default: return true
        }
    }
}
