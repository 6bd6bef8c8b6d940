import Executors
import Git
import Model
import Scheduling
import Store

extension Coordinator {
    /// The end of a run's loop.
    struct End: Sendable {
        let result: Result<Ending, any Error>
        /// The reason for ending the running work, to be logged; nil if the run ended by itself.
        let unfinished: String?

        init(_ result: Result<Ending, any Error>, unfinished: String? = nil) {
            self.result = result
            self.unfinished = unfinished
        }
    }

    /// The scheduler's reaction to some facts.
    private struct Outcome {
        /// The rows for the log.
        var bodies: [LoggedEvent.Body] = []
        /// The decisions among them.
        var decisions: [Decision] = []
    }

    /// Waits for facts, stores them with the resulting decisions, and carries these out.
    /// - Returns: the end of the run; nil if it continues.
    func turn(_ fold: inout RunFold, _ group: inout DiscardingTaskGroup) async throws -> End? {
        let facts = try await inbox.takeAll()
        let stop = facts.last(where: \.isStop)
        let outcome = decide(on: facts.filter { !$0.isStop }, &fold)
        // Work that a crash may lose starts while the store writes.
        for decision in outcome.decisions where !decision.mustBeStoredFirst { carryOut(decision, fold, in: &group) }
        try await store(outcome, fold)
        if case .coordinatorStopped(let reason)? = stop {
            await answer(outcome.decisions)
            return End(.success(.interrupted(reason: reason)), unfinished: reason)
        }
        for decision in outcome.decisions where decision.mustBeStoredFirst { carryOut(decision, fold, in: &group) }
        await answer(outcome.decisions)
        return outcome.decisions.lazy.compactMap(\.end).first
    }

    private func decide(on facts: [Fact], _ fold: inout RunFold) -> Outcome {
        var outcome = Outcome()
        for fact in facts {
            let fact = Self.asLogged(fact, fold)
            let decisions = remember(fact, &fold)
            outcome.bodies.append(.fact(fact))
            outcome.bodies += decisions.map { .decision($0) }
            outcome.decisions += decisions
        }
        return outcome
    }

    /// The fact as it is stored: the end of an attempt whose task was split meanwhile is that of a split.
    private static func asLogged(_ fact: Fact, _ fold: RunFold) -> Fact {
        guard let (task, attempt) = fact.endedAttempt, fold.scheduler.hasSplit(task, attempt: attempt) else {
            return fact
        }
        return fact.asSplit ?? fact
    }

    private func store(_ outcome: Outcome, _ fold: RunFold) async throws {
        let stored = try await context.append(outcome.bodies)
        let router = context.router
        if stored.contains(where: \.isMessage) { await blocking { router.deliver(stored) } }
        context.observer.happened(stored, counts: fold.scheduler.workCounts)
    }

    private func answer(_ decisions: [Decision]) async {
        let commands = commands
        for case .answer(let answer) in decisions {
            await blocking { commands.answer(answer.command, isAccepted: answer.isAccepted, text: answer.text) }
        }
    }

    /// Stores the end of the running work, if any.
    func finish(_ end: End, _ fold: inout RunFold) async throws -> Ending {
        await context.executors.close()
        await context.slots.clear(at: started.base)
        try? await context.git { (git) throws(GitError) in try git.releaseAll() }
        if let reason = end.unfinished {
            do {
                let rest = inbox.takeRest().filter { !$0.isStop }
                let outcome = decide(on: rest + [.coordinatorStopped(reason: reason)], &fold)
                try await store(outcome, fold)
                await answer(outcome.decisions)
            } catch {
                // If the store itself failed, the log ends here and recovery does the rest.
                if case .success = end.result { throw error }
            }
        }
        return try end.result.get()
    }
}

extension Decision {
    /// Whether the decision must be stored before it is carried out.
    ///
    /// If attempts could be lost, a task could be tried forever. If parts could be lost, a worker would end in vain. If a landing could be lost, recovery could not tell
    /// the run's commits from those of others. An answer to a person must not be undone by a crash.
    fileprivate var mustBeStoredFirst: Bool {
        switch self {
        case .start, .land, .adopt, .answer, .split: true
        case .check, .probe, .follow, .checkFinal, .dissolve, .retry, .fail, .skip, .block, .wait, .finish, .cooldown,
            .pauseLanding, .end, .drain, .pause, .proceed, .suspend, .stop, .reviewed, .revert, .join, .cover:
            false
        }
    }

    /// The end of the run; nil if the decision does not end it.
    fileprivate var end: Coordinator.End? {
        switch self {
        case .finish: .init(.success(.finished))
        case .suspend(let reason): .init(.success(.stopped(reason: reason)))
        case .stop(let reason): .init(.success(.stopped(reason: reason)), unfinished: reason)
        default: nil
        }
    }
}

extension Fact {
    fileprivate var isStop: Bool {
        if case .coordinatorStopped = self { true } else { false }
    }
}

extension LoggedEvent {
    fileprivate var isMessage: Bool {
        if case .fact(.message) = body { true } else { false }
    }
}
