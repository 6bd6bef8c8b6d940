import Jobs
package import Model
import Scheduling
import Store

/// Runs a plan: tells the scheduler what happens, writes it down, and carries out what the scheduler decides.
///
/// What may not be forgotten is stored before it is acted on. So whenever the program is killed, the log holds at least as much as
/// was done, and `Recovery` finds out about the rest from the integration branch.
package final class Coordinator: Sendable {
    /// What a run came to.
    package enum Ending: Sendable, Equatable {
        /// Nothing is left to do.
        case finished
        /// The program was asked to end.
        case interrupted(reason: String)
        /// A person stopped the run, a cap of the plan is reached, or a person is waited for.
        case stopped(reason: String)
    }

    package let run: RunID
    let context: RunContext
    private let started: Fact.RunStarted
    let events: [LoggedEvent]
    private let changes: [Fact]
    let inbox = FactInbox()
    private let chain = CandidateChain()
    private let board = AttemptBoard()
    let spool: ControlSpool
    /// As it holds now.
    let budget: Budget
    let wall: WallWatch
    private let isAttended: Bool
    private let observer: any RunObserver
    private let lock: RunLock

    /// - Parameters:
    ///   - prepared: the run, with its lock, which is held until the coordinator is gone.
    ///   - environment: of the program; what of it reaches workers and checks is the plan's to say.
    ///   - isAttended: a person will say go on at a checkpoint; otherwise the run ends there.
    ///   - observer: told of everything that happens, for a person who watches.
    package init(
        _ prepared: consuming PreparedRun, environment: [String: String], isAttended: Bool = true,
        observer: any RunObserver
    ) throws {
        run = prepared.run
        started = prepared.started
        events = prepared.events
        changes = prepared.changes
        let inbox = inbox
        context = try RunContext(
            run: prepared.run, started: prepared.started, repository: prepared.repository, state: prepared.state,
            store: prepared.store, inbox: inbox, environment: environment,
            known: Baseline.known(in: prepared.events, of: prepared.started.plan), answersKnown: prepared.answersKnown
        ) { verdicts, rates in
            inbox.putSoon(.checked(.init(verdicts: verdicts)))
            for rate in rates { inbox.putSoon(.flaky(rate)) }
        }
        budget = prepared.plan.budget
        spool = ControlSpool(prepared.state, plan: prepared.plan.name)
        wall = WallWatch(prepared.events)
        self.isAttended = isAttended
        self.observer = observer
        lock = prepared.lock
    }

    /// Ends the workers that run and stops; what has landed stays, and `resume` goes on with the rest.
    package func stop(reason: String) { inbox.put(.coordinatorStopped(reason: reason)) }

    /// Runs until nothing is left to do.
    /// - Throws: `CoordinatorError`; the log is complete up to that point and nothing is half done.
    package func run() async throws -> Ending {
        var scheduler = Scheduler(started)
        var memory = RunMemory()
        for event in events {
            guard case .fact(let fact) = event.body else { continue }
            memory.remember(fact)
            for decision in scheduler.handle(fact) { memory.remember(decision) }
            context.desk.remember(fact)
        }
        let leftovers = await context.runner.sweep()
        let recovery = Recovery(repository: context.repository, plan: context.plan)
        var first = try recovery.facts(after: scheduler, events: events, processID: context.processID)
        // The last one, by which the coordinator starts work, comes after all that changes what is to be done.
        let start = first.popLast()
        for fact in first { inbox.put(LandingNews(context: context).facts(with: fact)) }
        for fact in changes + keptCommands() { inbox.put(fact) }
        // An answer may be all that a finished run goes on for.
        context.desk.takeUp(after: events)
        if case .coordinatorStarted(var start)? = start {
            start.isAttended = isAttended
            inbox.put(.coordinatorStarted(start))
        }
        for rate in context.flakyRates { inbox.put(.flaky(rate)) }
        observer.began(run, tasks: started.tasks, events: events, leftovers: leftovers.count)
        // It lets go of each task that has ended; another group would keep them all to the end of the run.
        let end = await withDiscardingTaskGroup { group in
            watch(&group)
            group.addTask { await self.context.desk.keepSweeping() }
            watchBase(&group)
            do {
                while true {
                    let facts = try await inbox.takeAll()
                    let stop = facts.last(where: \.isStop)
                    let (bodies, decisions) = decide(facts.filter { !$0.isStop }, &scheduler, &memory)
                    // While the store writes, work goes on whose loss would cost nothing.
                    for decision in decisions where !decision.mustBeStoredFirst {
                        carryOut(decision, scheduler.tip, memory, &group)
                    }
                    let stored = try await context.append(bodies)
                    context.desk.stored(stored)
                    observer.happened(stored, counts: scheduler.counts)
                    if case .coordinatorStopped(let reason)? = stop {
                        answer(decisions)
                        group.cancelAll()
                        return End(.success(.interrupted(reason: reason)), unfinished: reason)
                    }
                    for decision in decisions where decision.mustBeStoredFirst {
                        carryOut(decision, scheduler.tip, memory, &group)
                    }
                    for decision in decisions {
                        switch decision {
                        case .finish:
                            group.cancelAll()
                            return End(.success(.finished))
                        case .suspend(let reason):
                            group.cancelAll()
                            return End(.success(.stopped(reason: reason)))
                        case .stop(let reason):
                            group.cancelAll()
                            return End(.success(.stopped(reason: reason)), unfinished: reason)
                        default: continue
                        }
                    }
                }
            } catch {
                group.cancelAll()
                return End(.failure(error), unfinished: "\(error)")
            }
        }
        if let reason = end.unfinished {
            do {
                try await close(&scheduler, &memory, reason: reason)
            } catch {
                // The store may be what failed; then the log ends here and recovery does the rest.
                if case .success = end.result { throw error }
            }
        }
        return try end.result.get()
    }

    /// How the loop of a run was left.
    private struct End: Sendable {
        var result: Result<Ending, any Error>
        /// Why work under way was ended, where the log has to say what came of it.
        var unfinished: String?

        init(_ result: Result<Ending, any Error>, unfinished: String? = nil) {
            self.result = result
            self.unfinished = unfinished
        }
    }

    /// Writes down what came of the work that was under way.
    private func close(_ scheduler: inout Scheduler, _ memory: inout RunMemory, reason: String) async throws {
        let rest = inbox.takeRest().filter { !$0.isStop }
        let (bodies, decisions) = decide(rest + [.coordinatorStopped(reason: reason)], &scheduler, &memory)
        let stored = try await context.append(bodies)
        context.desk.stored(stored)
        observer.happened(stored, counts: scheduler.counts)
        answer(decisions)
    }

    private func answer(_ decisions: [Decision]) {
        for case .answer(let answer) in decisions {
            // The command has been obeyed and the log says so; a full disk must not undo that.
            try? spool.answer(answer.command, .init(isAccepted: answer.isAccepted, text: answer.text))
        }
    }

    /// What people have said while no coordinator ran, as far as it has not been obeyed by one that was killed before
    /// it could answer.
    private func keptCommands() -> [Fact] {
        spool.clearAnswers()
        var answered: Set<String> = []
        for case .decision(.answer(let answer)) in events.map(\.body) { answered.insert(answer.command) }
        return spool.pending().compactMap { control in
            switch control.command {
            case _ where answered.contains(control.id): break
            // They were meant for a coordinator that is gone.
            case .pause, .stop: break
            default: return .control(control)
            }
            spool.takeBack(control.id)
            return nil
        }
    }

    /// Hears what the scheduler makes of facts.
    /// - Returns: the rows for the log, and the decisions among them.
    private func decide(
        _ facts: [Fact], _ scheduler: inout Scheduler, _ memory: inout RunMemory
    ) -> (bodies: [LoggedEvent.Body], decisions: [Decision]) {
        var bodies: [LoggedEvent.Body] = []
        var decisions: [Decision] = []
        for fact in facts {
            memory.remember(fact)
            context.desk.remember(fact)
            let new = scheduler.handle(fact)
            for decision in new { memory.remember(decision) }
            bodies.append(.fact(fact))
            bodies += new.map { .decision($0) }
            decisions += new
        }
        return (bodies, decisions)
    }

    private func carryOut(
        _ decision: Decision, _ tip: ObjectID, _ memory: RunMemory, _ group: inout DiscardingTaskGroup
    ) {
        switch decision {
        case .start(let start):
            let (task, attempt) = (start.task, start.attempt)
            let runner = AttemptRunner(context: context, inbox: inbox, observer: observer)
            let failures = memory.failures[task, default: []]
            board.add(task, attempt)
            group.addTask {
                await self.attempt(task, attempt, base: tip) {
                    var base = tip
                    if let before = start.after {
                        guard let built = await self.chain.built(before) else {
                            return self.unbegun(task, attempt, base: tip, before)
                        }
                        base = built.commit
                    }
                    return await runner.run(
                        task, attempt: attempt, rung: start.rung, base: base, failures: failures,
                        request: start.request ?? RetryRequest())
                }
            }
        case .end(let end): board.end(end.task, end.attempt, end.failure)
        case .retry(let retry):
            guard let seconds = retry.delay else { return }
            let over = Fact.WaitOver.retry(task: retry.task, attempt: memory.attempts[retry.task, default: 0])
            wait(seconds, over, &group)
        case .cooldown(let cooldown):
            wait(cooldown.seconds, .cooldown(provider: cooldown.provider, number: cooldown.number), &group)
        case .pauseLanding(let pause): wait(pause.seconds, .landing(number: pause.number), &group)
        case .pause, .proceed: wall.take(decision)
        case .answer: answer([decision])
        case .check(let check):
            let candidate = check.candidate
            let runner = CandidateRunner(context: context, chain: chain, observer: observer)
            let verified = check.tasks.compactMap { memory.verified[$0] }
            chain.add(candidate)
            group.addTask {
                // A task of its own inside the group's, so that it can be cancelled alone.
                let work = Task {
                    await self.report {
                        await runner.check(
                            candidate, verified, tip: tip, after: check.after, again: check.isRecheck)
                    }
                }
                self.chain.set(work, for: candidate)
                await withTaskCancellationHandler {
                    await work.value
                } onCancel: {
                    work.cancel()
                }
            }
        case .dissolve(let dissolve): chain.cancel(dissolve.candidate)
        case .land(let land):
            let commits = land.commits
            let runner = CandidateRunner(context: context, chain: chain, observer: observer)
            chain.forget(before: land.candidate)
            group.addTask {
                do {
                    let fact = try await runner.land(land.candidate, commits, from: tip)
                    self.inbox.put(LandingNews(context: self.context).facts(with: fact))
                    if case .landed = fact { try await runner.moveTaskBranches(commits) }
                } catch {
                    self.inbox.fail(error)
                }
            }
        case .follow(let base):
            let follower = BaseFollower(context: context)
            group.addTask { await self.report { await follower.follow(base, from: tip) } }
        case .adopt(let rebased):
            let follower = BaseFollower(context: context)
            group.addTask {
                do {
                    self.inbox.put(try await follower.adopt(rebased))
                } catch {
                    self.inbox.fail(error)
                }
            }
        case .checkFinal:
            group.addTask {
                do {
                    self.inbox.put(.finalChecked(try await self.context.checkEnd(tip)))
                } catch is CancellationError {
                    // The run is being stopped; the next coordinator asks again.
                } catch {
                    self.inbox.fail(error)
                }
            }
        case .fail, .skip, .block, .wait, .finish, .drain, .suspend, .stop: break
        }
    }

    /// Does an attempt as a task of its own, so that it can be ended alone, and passes on what came of it.
    private func attempt(_ task: TaskID, _ attempt: Int, base: ObjectID, _ body: @escaping @Sendable () async -> Fact?)
        async
    {
        let work = Task { await body() }
        board.set(work, for: task)
        let fact = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
        let ended = board.remove(task)
        if let fact {
            inbox.put(fact)
        } else if let ended {
            inbox.put(
                .attemptFailed(
                    .init(
                        task: task, attempt: attempt, worker: "", base: base, failure: ended, checks: [], seconds: 0)))
        }
    }

    /// An attempt on a candidate that could not be built, or is no more.
    private func unbegun(_ task: TaskID, _ attempt: Int, base: ObjectID, _ candidate: Int) -> Fact {
        let summary = "candidate \(candidate), on which it was to begin, could not be built"
        return .attemptFailed(
            .init(
                task: task, attempt: attempt, worker: "", base: base,
                failure: Failure(kind: .interrupted, summary: summary), checks: [], seconds: 0))
    }

    /// Tells of new commits of the base, where the plan follows it.
    private func watchBase(_ group: inout DiscardingTaskGroup) {
        guard context.plan.baseRules.follows else { return }
        var known = started.base
        for event in events {
            if case .fact(.base(.followed(let rebased))) = event.body { known = rebased.base }
        }
        let follower = BaseFollower(context: context)
        group.addTask { [known] in
            await follower.watch(from: known) { self.inbox.put(.base(.moved(to: $0))) }
        }
    }

    /// Passes on what came of a piece of work; nothing, if it was ended before anything came of it.
    private func report(_ work: () async -> Fact?) async {
        if let fact = await work() { inbox.put(fact) }
    }
}

extension Decision {
    /// An attempt must not be forgotten, or a task could be tried for ever; nor a landing, or recovery could not tell
    /// our commits on the branch from somebody else's.
    fileprivate var mustBeStoredFirst: Bool {
        switch self {
        // Nor may a person be told of what a crash could undo.
        case .start, .land, .answer, .adopt: true
        case .check, .follow, .checkFinal, .dissolve, .retry, .fail, .skip, .block, .wait, .finish, .cooldown,
            .pauseLanding, .end, .drain,
            .pause, .proceed, .suspend, .stop:
            false
        }
    }
}

extension Fact {
    fileprivate var isStop: Bool {
        if case .coordinatorStopped = self { true } else { false }
    }
}
