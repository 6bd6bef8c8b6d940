package import Model

/// Feeds the facts of a recorded log to the scheduler again and holds what it decides against what was recorded.
package struct Replay: Sendable, Equatable {
    /// The first place where the two part.
    package struct Difference: Sendable, Equatable {
        /// Sequence number of the fact.
        package var sequence: Int64
        package var fact: Fact
        /// nil where fewer decisions were recorded than are made now.
        package var recorded: Decision?
        /// nil where fewer are made now.
        package var decided: Decision?
    }

    package private(set) var facts = 0
    package private(set) var decisions = 0
    package private(set) var difference: Difference?

    /// - Parameter events: the whole log of one run, in order.
    /// - Returns: nil where the log does not begin with the start of a run.
    package init?(_ events: [LoggedEvent]) {
        guard case .fact(.runStarted(let started)) = events.first?.body else { return nil }
        var scheduler = Scheduler(started)
        facts = 1
        var index = 1
        while index < events.count, difference == nil {
            guard case .fact(let fact) = events[index].body else { return nil }
            let sequence = events[index].sequence
            let decided = scheduler.handle(fact)
            index += 1
            var recorded: [Decision] = []
            while index < events.count, case .decision(let decision) = events[index].body {
                recorded.append(decision)
                index += 1
            }
            facts += 1
            decisions += recorded.count
            if recorded != decided {
                let same = zip(recorded, decided).prefix { $0 == $1 }.count
                difference = Difference(
                    sequence: sequence, fact: fact, recorded: recorded.dropFirst(same).first,
                    decided: decided.dropFirst(same).first)
            }
        }
    }
}
