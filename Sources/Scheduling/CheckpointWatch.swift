import Model

/// The checkpoints of a run that are still to come, with the counts that they depend on.
struct CheckpointWatch: Sendable {
    private var pending: [Checkpoint]
    private var reached: [Checkpoint] = []
    private let stages: [String]
    /// Tasks of the run that have landed, failed or been skipped.
    private(set) var over = 0
    /// Tasks that have ended since a person last continued the run.
    private var sample = (landed: 0, failed: 0)
    /// Positions of the stages whose gate is done.
    var completedStages: Set<Int> = []

    init(_ checkpoints: [Checkpoint], stages: [String]) {
        pending = checkpoints
        self.stages = stages
    }

    /// How many tasks may end before a person has to look; nil for no limit.
    var taskLimit: Int? {
        pending.reduce(nil) { least, checkpoint in
            guard case .tasks(let count) = checkpoint.after else { return least }
            return min(least ?? count, count)
        }
    }

    mutating func moved(from old: TaskState, to next: TaskState) {
        if old.isGivenUp { over -= 1 }
        switch next {
        case .landed:
            over += 1
            sample.landed += 1
        case .failed, .skipped:
            over += 1
            sample.failed += 1
        default: break
        }
    }

    /// - Returns: why to wait for a person, if a further checkpoint has been reached.
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
            return over >= count ? "\(Count.text(over, "task")) \(over == 1 ? "is" : "are") over" : nil
        case .stage(let name):
            guard let stage = stages.firstIndex(of: name), completedStages.contains(stage) else { return nil }
            return "stage \(name) is complete"
        case .failureRate(let rate):
            let total = sample.landed + sample.failed
            guard total >= Checkpoint.smallestSample, Double(sample.failed) >= rate * Double(total) else {
                return nil
            }
            return "\(sample.failed) of \(Count.text(total, "task")) failed"
        case .cost(let cost): return usd >= cost ? "the run has cost \(cost) USD" : nil
        }
    }

    /// Starts the failure rate anew: a person has looked at the failures so far.
    mutating func looked() { sample = (0, 0) }

    /// Takes over the checkpoints of a changed plan. A checkpoint is reached only once.
    mutating func replace(with checkpoints: [Checkpoint]) {
        pending = checkpoints.filter { !reached.contains($0) }
    }
}

extension Scheduler {
    mutating func reachCheckpoint() {
        guard pauseReason == nil, unsettled > 0, let words = watch.reach(usd: spending.usd) else { return }
        let reason =
            "checkpoint: \(words); look with 'orchestrate review', then type 'orchestrate continue'"
        pauseReason = .checkpoint(reason)
        endAllRedos()
        emit(.pause(reason: reason))
    }

    /// Why the coordinator has to end although tasks are left; nil if it need not. Holds only when nothing is running.
    var reasonToSuspend: String? {
        switch drain {
        case .asked(let reason): return reason
        case .spent(let key): return spending.words(key)
        case nil: break
        }
        guard !isAttended else { return nil }
        switch pauseReason {
        case .checkpoint(let reason), .redTip(let reason), .sameFailure(let reason): return reason
        // A person who pauses a run is there.
        case .paused: return nil
        case nil: break
        }
        guard counts[.ready, default: 0] == 0, counts[.verified, default: 0] > 0 else { return nil }
        let count = counts[.verified, default: 0]
        return "\(Count.text(count, "verified task")) \(count == 1 ? "waits" : "wait") for approval: "
            + "'orchestrate continue TASK' lets one land, then type 'orchestrate resume'"
    }
}
