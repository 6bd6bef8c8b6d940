import Model
import Scheduling
import Store

extension Coordinator {
    /// How the loop of a run was left.
    struct End: Sendable {
        let result: Result<Ending, any Error>
        /// Why work under way was ended, where the log has to say so.
        let unfinished: String?

        init(_ result: Result<Ending, any Error>, unfinished: String? = nil) {
            self.result = result
            self.unfinished = unfinished
        }
    }

    /// What the scheduler made of some facts.
    private struct Outcome {
        /// The rows for the log.
        var bodies: [LoggedEvent.Body] = []
        /// The decisions among them.
        var decisions: [Decision] = []
    }

    /// Waits for facts, stores them with the decisions on them, and carries these out.
    /// - Returns: the end of the run, if it has come.
    func turn(_ fold: inout RunFold, _ group: inout DiscardingTaskGroup) async throws -> End? {
        let facts = try await inbox.takeAll()
        let stop = facts.last(where: \.isStop)
        let outcome = decide(on: facts.filter { !$0.isStop }, &fold)
        // While the store writes, work goes on whose loss would cost nothing.
        for decision in outcome.decisions where !decision.mustBeStoredFirst { carryOut(decision, fold, &group) }
        try await store(outcome, fold)
        if case .coordinatorStopped(let reason)? = stop {
            await answer(outcome.decisions)
            return End(.success(.interrupted(reason: reason)), unfinished: reason)
        }
        for decision in outcome.decisions where decision.mustBeStoredFirst { carryOut(decision, fold, &group) }
        await answer(outcome.decisions)
        return outcome.decisions.lazy.compactMap(\.end).first
    }

    private func decide(on facts: [Fact], _ fold: inout RunFold) -> Outcome {
        var outcome = Outcome()
        for fact in facts {
            let decisions = remember(fact, &fold)
            outcome.bodies.append(.fact(fact))
            outcome.bodies += decisions.map { .decision($0) }
            outcome.decisions += decisions
        }
        return outcome
    }

    private func store(_ outcome: Outcome, _ fold: RunFold) async throws {
        let stored = try await context.append(outcome.bodies)
        let router = context.router
        if stored.contains(where: \.isMessage) { await blocking { router.deliver(stored) } }
        context.observer.happened(stored, counts: fold.scheduler.counts)
    }

    private func answer(_ decisions: [Decision]) async {
        let commands = commands
        for case .answer(let answer) in decisions {
            await blocking { commands.answer(answer.command, isAccepted: answer.isAccepted, text: answer.text) }
        }
    }

    /// Stores the end of the work that was under way, where there was any.
    func finish(_ end: End, _ fold: inout RunFold) async throws -> Ending {
        if let reason = end.unfinished {
            do {
                let rest = inbox.takeRest().filter { !$0.isStop }
                let outcome = decide(on: rest + [.coordinatorStopped(reason: reason)], &fold)
                try await store(outcome, fold)
                await answer(outcome.decisions)
            } catch {
                // The store may be what failed; then the log ends here and recovery does the rest.
                if case .success = end.result { throw error }
            }
        }
        return try end.result.get()
    }
}

extension Decision {
    /// An attempt must not be forgotten, or a task could be tried for ever; nor a landing, or recovery could not tell
    /// our commits on the branch from somebody else's. Nor may a person be told what a crash could undo.
    fileprivate var mustBeStoredFirst: Bool {
        switch self {
        case .start, .land, .adopt, .answer: true
        case .check, .probe, .follow, .checkFinal, .dissolve, .retry, .fail, .skip, .block, .wait, .finish, .cooldown,
            .pauseLanding, .end, .drain, .pause, .proceed, .suspend, .stop:
            false
        }
    }

    /// The end of the run, where the decision is one.
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
