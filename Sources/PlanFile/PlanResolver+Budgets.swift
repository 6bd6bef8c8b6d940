import Model

extension PlanResolver {
    /// Warns of limits that cannot hold, because a worker does not report what it uses.
    func warnOfUncountedBudgets(_ plan: Plan, at place: Place) {
        let budget = plan.budget
        var named: Set<String> = []
        for rung in plan.stages.flatMap(\.ladder) where named.insert(rung.worker.name).inserted {
            let limited = Limited(
                usd: budget.usd != nil, tokens: budget.tokens != nil, key: "budget", others: Self.others(budget))
            warn(of: rung.worker, limited, at: place)
        }
    }

    func warnOfUncountedBudget(_ rung: Rung, at place: Place) {
        let (worker, budget) = (rung.worker, rung.budget)
        let usd = budget?.usd ?? worker.limits.usd
        let tokens = budget?.tokens ?? worker.limits.tokens
        let requests = budget?.requests ?? worker.limits.turns
        let limited = Limited(
            usd: usd != nil, tokens: tokens != nil, requests: requests != nil, key: "its budget",
            others: budget?.workerTime == nil
                ? "the run can count its minutes: write 'budget: {worker_time: 10m}' at this step" : nil)
        warn(of: worker, limited, at: place)
    }

    /// The limits of a budget that a worker has to report for.
    private struct Limited {
        var usd: Bool
        var tokens: Bool
        /// In a run, a worker that reports no requests counts as one.
        var requests = false
        let key: String
        /// Limits that hold for every worker, to be set; nil if the plan has one.
        let others: String?
    }

    private static func others(_ budget: Budget) -> String? {
        guard budget.requests == nil, budget.workerTime == nil, budget.wall == nil, budget.workers == nil else {
            return nil
        }
        return "the run can count requests and minutes: write 'budget: {requests: 200, worker_time: 2h}'"
    }

    private func warn(of worker: Worker, _ limited: Limited, at place: Place) {
        var missing: [String] = []
        if limited.usd, worker.reportsUSD == false { missing.append("money") }
        if limited.tokens, worker.reportsTokens == false { missing.append("tokens") }
        if limited.requests, worker.reportsTokens == false { missing.append("requests") }
        guard !missing.isEmpty else { return }
        let name = worker.name == "command" ? "the worker" : "worker '\(worker.name)'"
        let what = missing.joined(separator: " and ")
        let wayOut =
            worker.reportsTokens == false
            ? "set 'events' if the program prints events" : "set 'prices' in its worker.yaml"
        let counted = limited.others.map { "\($0), or " }
        findings.warning(
            "\(name) does not report \(what): \(limited.key) cannot limit it", at: place,
            hint: (counted ?? "the plan's other limits hold; to have this one too, ") + wayOut)
    }
}

extension Worker {
    /// Whether its events have tokens; nil for a worker that uses no model.
    fileprivate var reportsTokens: Bool? {
        if prompt == .none { return nil }
        return tellsEvents
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
