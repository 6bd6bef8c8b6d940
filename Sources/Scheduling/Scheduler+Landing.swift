import Model

extension Scheduler {
    /// Forms candidates as long as the window has room.
    mutating func chooseCandidates(_ decisions: inout [Decision]) {
        while queue.candidates.count < Int(window), let index = nextToCheck(&decisions) {
            let before = queue.candidates.last?.number
            let candidate = queue.form(index)
            move(index, to: .landing)
            let reason =
                before.map { "built on candidate \($0), which is being checked" }
                ?? (entries[index].verified?.base == tip ? "built on the tip" : "merged onto the new tip")
            decisions.append(
                .check(candidate: candidate.number, tasks: [entries[index].task.id], after: before, reason: reason))
        }
    }

    /// The first task in the order of landing that need not wait.
    private mutating func nextToCheck(_ decisions: inout [Decision]) -> Index? {
        for (index, place) in queue.waiting {
            if let rival = rival(of: index, place: place) {
                announceWait(index, behind: rival, &decisions)
                continue
            }
            // Nothing may overtake it, or a busy queue would keep it waiting for ever.
            if entries[index].mustBeFirst { return queue.candidates.isEmpty ? index : nil }
            return index
        }
        return nil
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
        guard let position = queue.position(of: passed.candidate),
            queue.candidates[position].stage == .checking
        else { return }
        queue.setStage(.passed(commits: passed.commits), at: position)
        landFirst(&decisions)
    }

    /// Lands the first candidate of the chain if it has passed; not while nobody is there to do it, since whoever takes
    /// the run up begins with an empty chain.
    private mutating func landFirst(_ decisions: inout [Decision]) {
        guard !isStopped, let first = queue.candidates.first, case .passed(let commits) = first.stage else { return }
        queue.setStage(.landing, at: 0)
        decisions.append(.land(candidate: first.number, commits: commits))
    }

    mutating func candidateFailed(_ failed: Fact.CandidateFailed, _ decisions: inout [Decision]) {
        guard let position = queue.position(of: failed.candidate),
            queue.candidates[position].stage == .checking
        else { return }
        window = max(1, window / 2)
        let dissolved = queue.dissolve(from: position)
        for candidate in dissolved.dropFirst().reversed() {
            requeue(candidate.task)
            decisions.append(
                .dissolve(
                    candidate: candidate.number, reason: "candidate \(failed.candidate), on which it was built, failed")
            )
        }
        guard let index = dissolved.first?.task else { return }
        guard position == 0 else {
            // What is before it may be to blame; its verdict counts once that has landed.
            entries[index].mustBeFirst = true
            requeue(index)
            decisions.append(
                .wait(task: entries[index].task.id, reason: "it is checked again once what is before it has landed"))
            return
        }
        entries[index].mustBeFirst = false
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

    /// The paths that collided where they are known, else all that the task changes.
    private func contestedPaths(_ index: Index, _ failure: Failure) -> Set<String> {
        if failure.kind == .conflict, !failure.places.isEmpty { return Set(failure.places) }
        return Set(entries[index].verified?.changes.map(\.path) ?? [])
    }

    /// The fact may also come from the integration branch itself, when the coordinator was killed between moving it
    /// and writing so. One about a candidate that is not the first cannot be: compare-and-swap kept it off the branch.
    mutating func landed(_ landed: Fact.Landed, _ decisions: inout [Decision]) {
        guard queue.candidates.first?.number == landed.candidate else { return }
        let index = queue.removeFirst().task
        if let commit = landed.commits.last { tip = commit.commit }
        move(index, to: .landed)
        entries[index].mustBeFirst = false
        endRedo(index)
        width = min(Double(maxParallel), width + 0.5)
        window = min(Double(maxParallel), window + 1)
        releaseDependents(of: index)
        landFirst(&decisions)
    }

    mutating func tipMoved(_ found: ObjectID) {
        tip = found
        requeueAllCandidates()
    }

    mutating func requeueAllCandidates() {
        for candidate in queue.dissolve(from: 0).reversed() { requeue(candidate.task) }
    }

    mutating func endRedo(_ index: Index) {
        entries[index].contested = []
        redoing.removeAll { $0 == index }
    }

    /// Back to its place in the order of landing.
    private mutating func requeue(_ index: Index) {
        move(index, to: .queued)
        if let place = entries[index].place { queue.insert(index, place: place) }
    }
}
