import Model

@testable import Scheduling

/// The result of replaying a log: the decisions of the scheduler compared with the recorded ones.
struct ReplayComparison: Sendable, Equatable {
    /// The first place where they differ.
    struct Difference: Sendable, Equatable {
        /// Sequence number of the fact.
        var sequence: Int64
        var fact: Fact
        /// nil if fewer decisions were recorded than are made now.
        var recorded: Decision?
        /// nil if fewer decisions are made now.
        var decided: Decision?
    }

    private(set) var facts = 0
    private(set) var decisions = 0
    private(set) var difference: Difference?

    /// - Parameter events: the whole log of one run, in order.
    /// - Returns: nil if the log does not begin with the start of a run.
    init?(_ events: [LoggedEvent]) {
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
