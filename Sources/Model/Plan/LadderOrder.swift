extension Plan {
    /// Returns the plan with its ladders ordered by the cost of a landed task, if the plan asks for that, and a note
    /// for
    /// people about each ladder.
    ///
    /// The result is stored when a run starts, so that a replay does not depend on later records. A ladder keeps its
    /// order while one of its workers has fewer than `WorkerRecord.fewestSamples` attempts: a new worker at the end of
    /// a
    /// ladder would hardly get any.
    ///
    /// - Parameter records: records of all runs on this machine, one for each worker.
    package func orderingLadders(by records: [WorkerRecord]) -> (plan: Plan, notes: [String]) {
        guard workers.order == .auto else { return (self, []) }
        let known = Dictionary(records.map { ($0.worker, $0) }) { first, _ in first }
        var plan = self
        var notes: [String] = []
        plan.workers.ladder = Rung.byCost(workers.ladder, known)
        for place in stages.indices {
            let old = stages[place].ladder
            plan.stages[place].ladder = Rung.byCost(old, known)
            let new = plan.stages[place].ladder
            if let young = old.first(where: { (known[$0.worker.name]?.attempts ?? 0) < WorkerRecord.fewestSamples }) {
                notes.append(
                    "the ladder is as written: '\(young.worker.name)' has made fewer than "
                        + "\(WorkerRecord.fewestSamples) attempts so far")
            } else if new != old {
                notes.append("the ladder by cost so far: \(new.map(\.worker.name).joined(separator: ", "))")
            }
        }
        return (plan, notes.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    }

    /// Returns whether two plans are the same except for an automatic order of their ladders.
    package func isSame(as other: Plan) -> Bool {
        guard workers.order == .auto, other.workers.order == .auto else { return self == other }
        return inFixedOrder == other.inFixedOrder
    }

    private var inFixedOrder: Plan {
        var plan = self
        plan.workers.ladder = Rung.inFixedOrder(workers.ladder)
        for place in stages.indices { plan.stages[place].ladder = Rung.inFixedOrder(stages[place].ladder) }
        return plan
    }
}

extension Rung {
    fileprivate static func byCost(_ ladder: [Rung], _ known: [String: WorkerRecord]) -> [Rung] {
        let records = ladder.compactMap { known[$0.worker.name] }
        guard records.count == ladder.count, records.allSatisfy({ $0.attempts >= WorkerRecord.fewestSamples }) else {
            return ladder
        }
        func cost(_ record: WorkerRecord) -> (usd: Double, minutes: Double) {
            guard let minutes = record.minutesPerLanded else { return (.infinity, .infinity) }
            // A codemod reports no cost and has none.
            return (record.usdPerLanded ?? 0, minutes)
        }
        // Workers of the same cost keep the plan's order.
        return zip(ladder, records).enumerated().sorted { first, second in
            let (a, b) = (cost(first.element.1), cost(second.element.1))
            if a != b { return a < b }
            return first.offset < second.offset
        }.map(\.element.0)
    }

    /// Returns the ladder in an order that does not depend on the current one.
    fileprivate static func inFixedOrder(_ ladder: [Rung]) -> [Rung] {
        ladder.sorted { ($0.worker.name, $0.worker.run, $0.attempts) < ($1.worker.name, $1.worker.run, $1.attempts) }
    }
}
