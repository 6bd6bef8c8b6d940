import Model

extension Scheduler {
    /// Decides about the tasks of a candidate that failed on the tip.
    mutating func judge(_ red: LandingQueue.Red) {
        let (candidate, failure) = (red.candidate, red.failure)
        if failure.kind == .brokenSetup {
            for index in candidate.tasks {
                move(index, to: .verified)
                insertInLine(index)
            }
            queue.dropEmptyGroups()
            return stopForSetup(failure)
        }
        if let group = candidate.group, failure.kind.isVerdict || failure.kind == .conflict { disband(group) }
        if failure.kind.isVerdict { for index in candidate.tasks { entries[index].infrastructureFaults = 0 } }
        if candidate.tasks.count == 1 { return judgeOne(red, candidate.group == nil ? .once : .twice) }
        if failure.kind == .conflict, let culprit = red.culprit.flatMap({ indexOf[$0] }) {
            for index in candidate.tasks where index != culprit {
                move(index, to: .verified)
                insertInLine(index)
            }
            return collided(culprit, failure)
        }
        for index in candidate.tasks { move(index, to: .verified) }
        if failure.kind.isVerdict, isTipSuspect(because: red) { return }
        let faults = failure.kind.isVerdict ? 0 : 1 + (queue.groups.first { $0.number == candidate.group }?.faults ?? 0)
        // After so many infrastructure faults on one tree, a task of it is likely to cause them.
        let failedTogether = failure.kind.isVerdict || faults >= Self.faultLimit
        queue.dropEmptyGroups()
        queue.addGroup(candidate.tasks, failedTogether: failedTogether, faults: faults, failure: failure)
        if failedTogether { queue.groups[queue.groups.count - 1].putLast(suspects(among: candidate.tasks, failure)) }
        let reason =
            failedTogether
            ? "candidate \(candidate.number) failed; its parts are checked apart"
            : "candidate \(candidate.number) is checked again: \(failure.summary)"
        for index in candidate.tasks { emit(.wait(.init(task: entries[index].task.id, reason: reason))) }
    }

    /// Has the tip checked before tasks are blamed or told apart. On a red tip their failure says nothing, so they are held.
    /// - Returns: whether the tip is red.
    private mutating func isTipSuspect(because red: LandingQueue.Red) -> Bool {
        failuresOnTip += 1
        guard case .red = tipVerdict else {
            if tipVerdict == .unknown { askTip(about: red.candidate.tasks[0]) }
            return false
        }
        queue.dropEmptyGroups()
        for index in red.candidate.tasks {
            if entries[index].state == .landing { move(index, to: .verified) }
            queue.hold(index, red.failure)
        }
        return true
    }

    /// Decides about a task that failed alone on the tip.
    private mutating func judgeOne(_ red: LandingQueue.Red, _ evidence: LandingStatistics.Evidence) {
        let (index, failure) = (red.candidate.tasks[0], red.failure)
        switch failure.kind {
        case .infrastructure where entries[index].infrastructureFaults + 1 < Self.faultLimit:
            // Nothing is known against the work, so the same tree is checked again.
            entries[index].infrastructureFaults += 1
            move(index, to: .verified)
            insertInLine(index)
            let reason = "it is checked again after a while: \(failure.summary)"
            emit(.wait(.init(task: entries[index].task.id, reason: reason)))
        case .infrastructure, .interrupted: retryOrFail(index, after: failure)
        case .conflict: collided(index, failure)
        default: failedAlone(red, evidence)
        }
    }

    /// Rejects a task, or looks closer: at its own commit, because only what passes there can be a collision, and at the
    /// same tree, because a flaky check must not cost an attempt.
    mutating func failedAlone(_ red: LandingQueue.Red, _ evidence: LandingStatistics.Evidence) {
        let index = red.candidate.tasks[0]
        if isTipSuspect(because: red) { return }
        if isCauseOpen(red) { return probeOwn(red, evidence, ground: .tip) }
        let isOnOwnBase = red.base == entries[index].verified?.base
        if let evidence = entries[index].doubted {
            statistics.confirmed(evidence, turned: false)
        } else {
            statistics.failedAlone(evidence)
            // A compiler fails in the same way each time.
            if red.failure.isDeterministic != true, policy.confirms(evidence, statistics) {
                entries[index].doubted = evidence
                if entries[index].state == .landing { move(index, to: .verified) }
                // At the end of the line: candidates built on a task that most likely fails again would be wasted.
                queue.insert(index, place: verifySlots > 1 ? nextPlace : entries[index].place ?? nextPlace)
                emit(
                    .wait(.init(task: entries[index].task.id, reason: "it failed alone and is checked once more")))
                return
            }
        }
        entries[index].doubted = nil
        if isOnOwnBase { return reject(index, red.failure) }
        statistics.rejectedOne()
        collided(index, red.failure.together)
    }

    private mutating func collided(_ index: Index, _ failure: Failure) {
        width = max(1, width / 2)
        noteCollision(index, failure)
        retryOrFail(index, after: failure)
    }

    // MARK: Groups

    /// Handles the landing of a part of a failed group. If one task is left of an exact group, that task is the cause.
    mutating func partLanded(ofGroup number: Int) {
        guard let position = queue.groups.firstIndex(where: { $0.number == number }) else { return }
        queue.groups[position].ownLandings += 1
        guard !queue.hasParts(ofGroup: number), !queue.hasFailedPart(ofGroup: number) else { return }
        let group = queue.groups[position]
        if group.tasks.count > 1 { return }
        queue.groups.remove(at: position)
        guard let last = group.tasks.first else { return }
        if group.isExact(landings: queue.landings) {
            move(last, to: .landing)
            let candidate = LandingQueue.Candidate(
                number: queue.lastLanded ?? 0, tasks: [last], after: nil, group: nil)
            failedAlone(.init(candidate: candidate, failure: group.failure, culprit: nil, base: tip), .once)
        } else {
            insertInLine(last)
        }
    }

    /// Dissolves a group: one part failed, so nothing is known against the others.
    mutating func disband(_ number: Int) {
        guard let position = queue.groups.firstIndex(where: { $0.number == number }) else { return }
        for index in queue.groups.remove(at: position).tasks { insertInLine(index) }
    }

    /// The tasks that a failing test points at: it reaches their files, or they changed the test itself.
    private func suspects(among tasks: [Index], _ failure: Failure) -> Set<Index> {
        let words = Set(failure.places.flatMap { $0.split { $0 != "_" && !$0.isLetter && !$0.isNumber } })
        guard !words.isEmpty else { return [] }
        func isNamed(_ path: String) -> Bool { words.contains(Self.stem(path)) }
        return Set(
            tasks.filter { index in
                let entry = entries[index]
                return entry.task.tests.contains(where: isNamed) || entry.task.files.contains(where: isNamed)
                    || entry.verified?.changes.contains { isNamed($0.path) } ?? false
            })
    }

    /// A file's name without its extensions: `test_a` is part of both `tests/test_a.py` and `tests.test_a.TestA.test_b`.
    private static func stem(_ path: String) -> Substring {
        let name = path.split(separator: "/").last ?? ""
        return name.prefix { $0 != "." }
    }
}
