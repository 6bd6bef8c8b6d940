import Executors
import Jobs
import Model
import Scheduling
import Store

extension Coordinator {
    /// Folds the log, reconciles it with the integration branch, and puts the first facts into the inbox.
    func prepare() async throws -> RunFold {
        var fold = RunFold(started)
        for case .fact(let fact) in events.map(\.body) { remember(fact, &fold) }
        let leftovers = await context.jobs.runner.sweep()
        if events.contains(where: \.isCoordinatorStart) {
            let repository = context.repositoryName
            for jobs in context.runningJobs {
                for note in await jobs.executor.endLeftovers(of: run, repository: repository) {
                    context.router.note(note)
                }
            }
        }
        _ = try await context.slots.setup?.prepare(at: fold.scheduler.tip)
        let (scheduler, events, processID) = (fold.scheduler, events, context.processID)
        var first = try await context.git { git in
            try Recovery(integration: git.integration).facts(after: scheduler, events: events, processID: processID)
        }
        // The last fact starts the work, so it comes after all facts that change what to do.
        let start = first.popLast()
        for fact in first { await announce(fact) }
        for fact in changes { inbox.put(fact) }
        let (commands, router) = (commands, context.router)
        let kept = await blocking {
            commands.settle(after: events)
            // An answer may be the only reason to resume a finished run.
            router.takeUp(after: events)
            return commands.next()
        }
        for control in kept { inbox.put(.control(control)) }
        if case .coordinatorStarted(var start)? = start {
            start.isAttended = isAttended
            inbox.put(.coordinatorStarted(start))
        }
        for rate in context.checks.flakyRates { inbox.put(.flaky(rate)) }
        context.observer.began(run, tasks: started.tasks, events: events, leftovers: leftovers.count)
        return fold
    }

    /// Puts a fact into the inbox, with the facts that follow from it if it is a landing.
    func announce(_ fact: Fact) async {
        let (register, router) = (context.register, context.router)
        let facts = await context.git { git in
            LandingNews(git: git, register: register, router: router).facts(with: fact)
        }
        inbox.put(facts)
    }

    /// Updates the register, the router and the fold with a fact of the log, old or new.
    /// - Returns: the scheduler's decisions.
    @discardableResult
    func remember(_ fact: Fact, _ fold: inout RunFold) -> [Decision] {
        context.register.remember(fact)
        context.router.remember(fact)
        workerTime.follow(fact)
        let decisions = fold.take(fact)
        for decision in decisions { context.register.remember(decision) }
        return decisions
    }
}

extension LoggedEvent {
    fileprivate var isCoordinatorStart: Bool {
        if case .fact(.coordinatorStarted) = body { true } else { false }
    }
}
