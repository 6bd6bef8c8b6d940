import Jobs
import Model
import Scheduling
import Store

extension Coordinator {
    /// Folds the log so far, brings it together with the integration branch, and announces what is to be done.
    func prepare() async throws -> RunFold {
        var fold = RunFold(started)
        for case .fact(let fact) in events.map(\.body) { remember(fact, &fold) }
        let leftovers = await context.jobs.runner.sweep()
        let (scheduler, events, processID) = (fold.scheduler, events, context.processID)
        var first = try await context.git { git in
            try Recovery(integration: git.integration).facts(after: scheduler, events: events, processID: processID)
        }
        // The last one, by which the coordinator starts work, comes after all that changes what is to be done.
        let start = first.popLast()
        for fact in first { await announce(fact) }
        for fact in changes { inbox.put(fact) }
        let (commands, router) = (commands, context.router)
        let kept = await blocking {
            commands.settle(after: events)
            // An answer may be all that a finished run goes on for.
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

    /// Puts a fact into the inbox, with those that follow from it where it is a landing.
    func announce(_ fact: Fact) async {
        let (register, router) = (context.register, context.router)
        let facts = await context.git { git in
            LandingNews(git: git, register: register, router: router).facts(with: fact)
        }
        inbox.put(facts)
    }

    /// Takes in a fact of the log, old or new.
    /// - Returns: what the scheduler decides on it.
    @discardableResult
    func remember(_ fact: Fact, _ fold: inout RunFold) -> [Decision] {
        context.register.remember(fact)
        context.router.remember(fact)
        return fold.take(fact)
    }
}
