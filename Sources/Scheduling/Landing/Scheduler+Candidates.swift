import Model

extension Scheduler {
    /// Forms candidates as long as the policy asks for one.
    mutating func chooseCandidates() {
        while true {
            let group = openGroup()
            let offered = group.map { offer(of: queue.groups[$0]) } ?? queue.lineCount
            guard offered > 0 else { return }
            let failedTogether = group.map { queue.groups[$0].failedTogether } ?? false
            var size = policy.size(
                LandingView(
                    offered: offered, failedTogether: failedTogether, chained: queue.chain.count,
                    tasksAhead: queue.tasksAhead,
                    checking: queue.checking + queue.probes.count, slots: verifySlots, maxBatch: maxBatch,
                    workersWait: (counts[.ready, default: 0] == 0 && running < maxParallel)
                        || queue.lineCount >= landingBacklog,
                    statistics: statistics))
            guard size > 0 else { return }
            size = min(size, offered)
            if let group {
                form(fromGroup: group, size)
            } else {
                let tasks = takeFromLine(size)
                guard !tasks.isEmpty else { return }
                form(tasks, group: nil)
            }
        }
    }

    /// The first group with a part that may be checked now.
    private func openGroup() -> Int? {
        queue.groups.firstIndex { !queue.hasFailedPart(ofGroup: $0.number) && offer(of: $0) > 0 }
    }

    /// How many tasks of a group may be checked at once. All of an exact group would make the tree that has failed.
    private func offer(of group: FailedGroup) -> Int {
        group.isExact(landings: queue.landings) ? group.tasks.count - 1 : group.tasks.count
    }

    private mutating func form(fromGroup position: Int, _ size: Int) {
        let group = queue.groups[position]
        let count = !group.failedTogether ? group.tasks.count : group.innocent > 0 ? group.innocent : size
        let tasks = queue.groups[position].take(count)
        form(tasks, group: group.number)
    }

    private mutating func form(_ tasks: [Index], group: Int?) {
        let candidate = queue.form(tasks, group: group)
        for index in tasks { move(index, to: .landing) }
        let isAgain = distrustsRed || tasks.contains { entries[$0].doubted != nil }
        emit(
            .check(
                .init(
                    candidate: candidate.number, tasks: tasks.map { entries[$0].task.id }, after: candidate.after,
                    reason: reason(for: candidate), isRecheck: isAgain)))
    }

    private func reason(for candidate: LandingQueue.Candidate) -> String {
        var reason =
            candidate.after.map { "built on candidate \($0), which has not landed yet" }
            ?? (candidate.tasks.allSatisfy { entries[$0].verified?.base == tip }
                ? "built on the tip" : "merged onto the new tip")
        if candidate.tasks.count > 1 {
            let failing = (statistics.failureRate * 100).whole
            reason += ", \(candidate.tasks.count) tasks on one verdict (about \(failing) % of tasks fail at landing; "
            reason += verifySlots == 1 ? "1 verify slot)" : "\(verifySlots) verify slots)"
        }
        if candidate.group != nil { reason += ", apart from others with which it failed" }
        if candidate.tasks.contains(where: { entries[$0].doubted != nil }) { reason += ", once more" }
        return reason
    }

    /// Takes tasks for one candidate from the front of the line.
    ///
    /// Tasks that are independent of the ones before are preferred, because a failure of such a batch shows more clearly
    /// which task caused it. The others fill it up in the order of the line.
    private mutating func takeFromLine(_ size: Int) -> [Index] {
        guard let first = nextInLine() else { return [] }
        guard size > 1, entries[first].doubted == nil else { return [first] }
        var batch = IndependentBatch(first, self)
        var passedOver: [Index] = []
        while batch.tasks.count < size, passedOver.count < Self.lookAhead * size, let index = nextInLine() {
            let isApart = entries[index].doubted == nil && batch.isApart(index, self)
            if isApart { batch.add(index, self) } else { passedOver.append(index) }
        }
        for index in passedOver {
            if batch.tasks.count < size, entries[index].doubted == nil {
                batch.add(index, self)
            } else {
                insertInLine(index)
            }
        }
        return batch.tasks.sorted { (entries[$0].place ?? 0) < (entries[$1].place ?? 0) }
    }

    /// The largest number of tasks passed over for each task of the batch.
    private static let lookAhead = 4

    private mutating func nextInLine() -> Index? {
        while let index = queue.popFirst() {
            guard let rival = rival(of: index) else { return index }
            park(index, behind: rival)
        }
        return nil
    }
}
