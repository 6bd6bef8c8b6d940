import Dispatch
import Executors
import Jobs
import Model
import Store

extension Coordinator {
    /// Starts the watches of time, disk usage, commands, messages and the base.
    func watch(_ group: inout DiscardingTaskGroup) {
        group.addTask { await self.context.router.keepSweeping() }
        watchBase(&group)
        for (over, seconds) in OpenWaits(events).remaining(at: .now) { wait(seconds, for: over, in: &group) }
        group.addTask { await self.commands.watch { self.inbox.put(.control($0)) } }
        if let cap = budget.wall {
            group.addTask {
                await self.activeTime.reach(cap)
                guard !Task.isCancelled else { return }
                self.inbox.put(
                    .draining(
                        reason: "the wall budget of \(Int(cap)) s is spent; raise budget.wall in the plan and run "
                            + "'orchestrate resume --plan FILE'"))
            }
        }
        if let cap = budget.workerTime {
            group.addTask {
                guard let seconds = await self.workerTime.reach(cap) else { return }
                self.inbox.put(.workersTimed(seconds: seconds))
            }
        }
        if budget.disk != nil { group.addTask { await self.watchDisk() } }
    }

    /// Describes how far the run exceeded its wall budget; nil if it did not.
    ///
    /// The scheduler knows no clock, so its reason for the end of the run cannot contain this.
    package var wallOvershoot: String? {
        guard let cap = budget.wall, activeTime.spent > cap else { return nil }
        let over = max(1, (activeTime.spent - cap).whole)
        return
            "it worked for \(activeTime.spent.whole) s, \(over) s more than budget.wall, to end running work"
    }

    /// The longest wait, in seconds.
    private static let longestWait: Double = 30 * 24 * 3600

    /// Reports the end of a wait after some seconds.
    func wait(_ seconds: Double, for over: Fact.WaitOver, in group: inout DiscardingTaskGroup) {
        group.addTask {
            // The log may be of another program, and a clock refuses too long a wait.
            try? await Task.sleep(for: .seconds(min(seconds, Self.longestWait)))
            if !Task.isCancelled { self.inbox.put(.waitOver(over)) }
        }
    }

    /// Reports the run's disk usage whenever it changes. Measuring slots with many files is slow, so it takes at most a
    /// twentieth of the time.
    private func watchDisk() async {
        let folders = ["\(context.state.slots)/\(context.plan.name)", "\(context.state.jobs)/\(context.run)"]
        var told = -1
        while !Task.isCancelled {
            let start = ContinuousClock.now
            let bytes = await blocking { DiskUse.bytes(of: folders) }
            if bytes != told { inbox.put(.diskUsed(bytes: bytes)) }
            told = bytes
            try? await Task.sleep(for: max(.milliseconds(500), (ContinuousClock.now - start) * 20))
        }
    }

    /// Reports new commits of the base, if the plan follows it.
    private func watchBase(_ group: inout DiscardingTaskGroup) {
        guard context.plan.baseRules.follows else { return }
        var known = started.base
        for case .fact(.base(.followed(let rebased))) in events.map(\.body) { known = rebased.base }
        let follower = BaseFollower(context: context)
        group.addTask { [known] in
            await follower.watch(from: known) { self.inbox.put(.base(.moved(to: $0))) }
        }
    }
}
