import Model

extension Scheduler {
    /// Decides about the tasks of a candidate that failed on the tip.
    mutating func judge(
        _ candidate: LandingQueue.Candidate, _ failure: Failure, culprit: TaskID?
    ) {
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
        if candidate.tasks.count == 1, let index = candidate.tasks.first {
            return judgeOne(index, failure, candidate.group == nil ? .once : .twice)
        }
        if failure.kind == .conflict, let culprit = culprit.flatMap({ indexOf[$0] }) {
            for index in candidate.tasks where index != culprit {
                move(index, to: .verified)
                insertInLine(index)
            }
            return collided(culprit, failure)
        }
        for index in candidate.tasks { move(index, to: .verified) }
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

    /// Decides about a task that failed alone on the tip.
    private mutating func judgeOne(
        _ index: Index, _ failure: Failure, _ evidence: LandingStatistics.Evidence
    ) {
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
        default: failedAlone(index, failure, evidence)
        }
    }

    /// Rejects a task or checks it once more, because a flaky check must not cost an attempt.
    private mutating func failedAlone(
        _ index: Index, _ failure: Failure, _ evidence: LandingStatistics.Evidence
    ) {
        if let evidence = entries[index].doubted {
            statistics.confirmed(evidence, turned: false)
        } else {
            statistics.failedAlone(evidence)
            if policy.confirms(evidence, statistics) {
                entries[index].doubted = evidence
                move(index, to: .verified)
                // At the end of the line: candidates built on a task that most likely fails again would be wasted.
                queue.insert(index, place: verifySlots > 1 ? nextPlace : entries[index].place ?? nextPlace)
                emit(
                    .wait(.init(task: entries[index].task.id, reason: "it failed alone and is checked once more")))
                return
            }
        }
        entries[index].doubted = nil
        statistics.rejectedOne()
        var failure = failure
        // On the base that the task was made on, no other task can be the cause.
        if failure.kind == .redTogether, entries[index].verified?.base == tip { failure.kind = .landingCheck }
        if failure.kind == .redTogether { return collided(index, failure) }
        retryOrFail(index, after: failure)
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
            failedAlone(last, group.failure, .once)
        } else {
            insertInLine(last)
        }
    }

    /// Dissolves a group: one part failed, so nothing is known against the others.
    private mutating func disband(_ number: Int) {
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
