import Dispatch
import Jobs
import Model
import Store

extension Coordinator {
    /// Watches what happens by itself: time that passes, room that fills, commands, mail, the base.
    func watch(_ group: inout DiscardingTaskGroup) {
        group.addTask { await self.context.router.keepSweeping() }
        watchBase(&group)
        for (over, seconds) in OpenWaits(events).remaining(at: .now) { wait(seconds, over, &group) }
        group.addTask { await self.commands.watch { self.inbox.put(.control($0)) } }
        if let cap = budget.wall {
            group.addTask {
                await self.activeTime.reach(cap)
                guard !Task.isCancelled else { return }
                self.inbox.put(
                    .draining(
                        reason: "the wall budget of \(Int(cap)) s is spent; raise budget.wall in the plan and type "
                            + "'orchestrate resume --plan FILE' to go on"))
            }
        }
        if budget.disk != nil { group.addTask { await self.watchDisk() } }
    }

    /// How far the run has gone over its time, for people; nil where it has not.
    ///
    /// The scheduler knows no clock, so the reason for which the run ended cannot say it.
    package var wallOvershoot: String? {
        guard let cap = budget.wall else { return nil }
        let over = Int((activeTime.spent - cap).rounded())
        guard over > 0 else { return nil }
        return
            "it worked for \(Int(activeTime.spent.rounded())) s, \(over) s more than budget.wall, to end its processes"
    }

    /// Says so when a time is over.
    func wait(_ seconds: Double, _ over: Fact.WaitOver, _ group: inout DiscardingTaskGroup) {
        group.addTask {
            try? await Task.sleep(for: .seconds(seconds))
            if !Task.isCancelled { self.inbox.put(.waitOver(over)) }
        }
    }

    /// Tells how much room the run takes up whenever that has changed. A walk through slots of many files is slow, so
    /// it may take a twentieth of the time.
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

    /// Reports new commits of the base, where the plan follows it.
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
