import Model

extension Scheduler {
    /// Forms the next candidate if none is under way: the first task in the order of landing that need not wait.
    mutating func chooseCandidate(_ decisions: inout [Decision]) {
        guard queue.candidate == nil else { return }
        for (index, place) in queue.waiting {
            if let rival = rival(of: index, place: place) {
                announceWait(index, behind: rival, &decisions)
                continue
            }
            let candidate = queue.form([index])
            move(index, to: .landing)
            let reason = entries[index].verified?.base == tip ? "built on the tip" : "merged onto the new tip"
            decisions.append(
                .check(candidate: candidate.number, tasks: [entries[index].task.id], reason: reason))
            return
        }
    }

    /// A task with an earlier place that is being done again and needs paths which this one changes too.
    ///
    /// Without the wait, tasks that all change one file could overtake each other for ever: each landing makes the
    /// work of all others stale, and the same task may lose every time.
    private func rival(of index: Index, place: Int) -> Index? {
        guard let verified = entries[index].verified else { return nil }
        return redoing.first { other in
            guard let rivalPlace = entries[other].place, rivalPlace < place else { return false }
            return verified.changes.contains { entries[other].contested.contains($0.path) }
        }
    }

    private mutating func announceWait(_ index: Index, behind rival: Index, _ decisions: inout [Decision]) {
        guard entries[index].waitsBehind != rival else { return }
        entries[index].waitsBehind = rival
        let reason = "\(entries[rival].task.id) is before it in line and is being done again on the same paths"
        decisions.append(.wait(task: entries[index].task.id, reason: reason))
    }

    mutating func candidatePassed(_ passed: Fact.CandidatePassed, _ decisions: inout [Decision]) {
        guard let candidate = queue.candidate, candidate.number == passed.candidate, !candidate.isLanding else {
            return
        }
        queue.markLanding()
        decisions.append(.land(candidate: candidate.number, commits: passed.commits))
    }

    mutating func candidateFailed(_ failed: Fact.CandidateFailed, _ decisions: inout [Decision]) {
        guard let candidate = queue.candidate, candidate.number == failed.candidate else { return }
        for index in queue.dissolve() {
            switch failed.failure.kind {
            case .infrastructure where entries[index].infrastructureFaults + 1 < Self.faultLimit:
                // The work is good as far as anyone knows: the same tree is checked again.
                entries[index].infrastructureFaults += 1
                requeue(index)
            case .conflict, .redTogether:
                width = max(1, width / 2)
                entries[index].contested = contestedPaths(index, failed.failure)
                redoing.append(index)
                retryOrSetAside(index, after: failed.failure, &decisions)
            default:
                retryOrSetAside(index, after: failed.failure, &decisions)
            }
        }
    }

    /// The paths that collided where they are known, else all that the task changes.
    private func contestedPaths(_ index: Index, _ failure: Failure) -> Set<String> {
        if failure.kind == .conflict, !failure.places.isEmpty { return Set(failure.places) }
        return Set(entries[index].verified?.changes.map(\.path) ?? [])
    }

    /// The fact may also come from the integration branch itself, when the coordinator was killed between moving it
    /// and writing so. One about a candidate that is no more cannot be: compare-and-swap kept it off the branch.
    mutating func landed(_ landed: Fact.Landed) {
        guard queue.candidate?.number == landed.candidate else { return }
        _ = queue.dissolve()
        for commit in landed.commits {
            tip = commit.commit
            guard let index = indexOf[commit.task], entries[index].state == .landing else { continue }
            move(index, to: .landed)
            endRedo(index)
            width = min(Double(maxParallel), width + 0.5)
            releaseDependents(of: index)
        }
    }

    mutating func tipMoved(_ found: ObjectID) {
        tip = found
        for index in queue.dissolve() { requeue(index) }
    }

    mutating func endRedo(_ index: Index) {
        entries[index].contested = []
        redoing.removeAll { $0 == index }
    }

    /// Back to its place in the order of landing.
    mutating func requeue(_ index: Index) {
        move(index, to: .queued)
        if let place = entries[index].place { queue.insert(index, place: place) }
    }
}
