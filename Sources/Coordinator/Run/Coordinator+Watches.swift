import Dispatch
import Jobs
import Model
import Store

extension Coordinator {
    /// Looks after what happens by itself: time that passes, room that fills, people who say something.
    func watch(_ group: inout DiscardingTaskGroup) {
        for (over, seconds) in OpenWaits(events).remaining(at: .now) { wait(seconds, over, &group) }
        group.addTask { await self.watchCommands() }
        if let cap = budget.wall {
            group.addTask {
                await self.wall.reach(cap)
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
        guard let cap = budget.wall, wall.spent > cap else { return nil }
        let over = max(1, Int((wall.spent - cap).rounded()))
        return "it worked for \(Int(wall.spent.rounded())) s, \(over) s more than budget.wall, by what was under way"
    }

    /// Says so when a time is over.
    func wait(_ seconds: Double, _ over: Fact.WaitOver, _ group: inout DiscardingTaskGroup) {
        group.addTask {
            try? await Task.sleep(for: .seconds(seconds))
            if !Task.isCancelled { self.inbox.put(.waitOver(over)) }
        }
    }

    /// Passes on what people say. A look every tenth of a second costs microseconds, works on every file system, and
    /// leaves most of the second in which an answer is due.
    private func watchCommands() async {
        var seen: Set<String> = []
        for control in spool.pending() { seen.insert(control.id) }
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(100))
            for control in spool.pending() where seen.insert(control.id).inserted { inbox.put(.control(control)) }
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
}
