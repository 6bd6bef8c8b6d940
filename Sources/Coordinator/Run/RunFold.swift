import Model
import Scheduling

/// A fold of a run's log through the scheduler and the memory, fact by fact.
struct RunFold: Sendable {
    private(set) var scheduler: Scheduler
    private(set) var memory: RunMemory

    init(_ started: Fact.RunStarted) {
        scheduler = Scheduler(started)
        memory = RunMemory(started)
    }

    /// Folds a whole log.
    /// - Returns: nil if the log does not begin with the start of a run.
    init?(_ events: [LoggedEvent]) {
        guard case .fact(.runStarted(let started)) = events.first?.body else { return nil }
        self.init(started)
        for case .fact(let fact) in events.map(\.body) { take(fact) }
    }

    /// Updates the scheduler and the memory with a fact of the log, old or new.
    /// - Returns: the scheduler's decisions.
    @discardableResult
    mutating func take(_ fact: Fact) -> [Decision] {
        memory.remember(fact)
        let decisions = scheduler.handle(fact)
        for decision in decisions { memory.remember(decision) }
        return decisions
    }
}
