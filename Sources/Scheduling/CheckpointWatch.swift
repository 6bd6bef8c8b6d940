import Model

/// Which checkpoints are still to come, and what has happened as far as they care.
struct CheckpointWatch: Sendable {
    private var pending: [Checkpoint]
    private var reached: [Checkpoint] = []
    private let stages: [String]
    /// Tasks of the run that have landed or been set aside.
    private(set) var over = 0
    /// Of these since a person last said go on.
    private var sample = (landed: 0, setAside: 0)
    /// Positions of the stages whose gate is green.
    var completedStages: Set<Int> = []

    init(_ checkpoints: [Checkpoint], stages: [String]) {
        pending = checkpoints
        self.stages = stages
    }

    /// Tasks up to which the run may go before a person looks; nil for all.
    var taskLimit: Int? {
        pending.reduce(nil) { least, checkpoint in
            guard case .tasks(let count) = checkpoint.after else { return least }
            return min(least ?? count, count)
        }
    }

    mutating func moved(from old: TaskState, to next: TaskState) {
        if old == .failed { over -= 1 }
        switch next {
        case .landed:
            over += 1
            sample.landed += 1
        case .failed:
            over += 1
            sample.setAside += 1
        default: break
        }
    }

    /// - Returns: why to wait for a person, if a checkpoint has been reached that was not before.
    mutating func reach(usd: Double) -> String? {
        var reason: String?
        for checkpoint in pending {
            guard let words = words(checkpoint.after, usd: usd) else { continue }
            reason = reason ?? words
            if case .failureRate = checkpoint.after { continue }
            pending.removeAll { $0 == checkpoint }
            reached.append(checkpoint)
        }
        return reason
    }

    private func words(_ after: Checkpoint.After, usd: Double) -> String? {
        switch after {
        case .tasks(let count):
            return over >= count ? "\(over) tasks are over" : nil
        case .stage(let name):
            guard let stage = stages.firstIndex(of: name), completedStages.contains(stage) else { return nil }
            return "stage \(name) is complete"
        case .failureRate(let rate):
            let total = sample.landed + sample.setAside
            guard total >= Checkpoint.smallestSample, Double(sample.setAside) >= rate * Double(total) else {
                return nil
            }
            return "\(sample.setAside) of \(total) tasks were set aside"
        case .cost(let cost): return usd >= cost ? "the run has cost \(cost) USD" : nil
        }
    }

    /// A person has looked: what has failed up to now is known.
    mutating func looked() { sample = (0, 0) }

    /// The checkpoints of a changed plan; one that was reached is not reached again.
    mutating func replace(with checkpoints: [Checkpoint]) {
        pending = checkpoints.filter { !reached.contains($0) }
    }
}

extension Scheduler {
    mutating func reachCheckpoint() {
        guard hold == nil, unsettled > 0, let words = watch.reach(usd: spending.usd) else { return }
        let reason =
            "checkpoint: \(words); look with 'orchestrate review', then 'orchestrate continue' goes on"
        hold = .checkpoint(reason)
        endAllRedos()
        emit(.pause(reason: reason))
    }

    /// Why the coordinator is to end although tasks are left, if it is; asked for when nothing is under way.
    var reasonToSuspend: String? {
        switch drain {
        case .asked(let reason): return reason
        case .spent(let key): return spending.words(key)
        case nil: break
        }
        guard !isAttended else { return nil }
        switch hold {
        case .checkpoint(let reason): return reason
        // Who pauses a run is there.
        case .paused: return nil
        case nil: break
        }
        guard counts[.ready, default: 0] == 0, counts[.verified, default: 0] > 0 else { return nil }
        let count = counts[.verified, default: 0]
        return "\(count == 1 ? "1 verified task waits" : "\(count) verified tasks wait") for approval: "
            + "'orchestrate continue TASK' lets one land, then 'orchestrate resume' goes on"
    }
}
