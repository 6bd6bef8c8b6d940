import Model

extension Scheduler {
    /// Notes the paths on which a task collided, until it has landed.
    mutating func contest(_ index: Index, _ failure: Failure) {
        endContest(index)
        entries[index].contested = contestedPaths(index, failure)
        for path in entries[index].contested { contests[path, default: []].append(index) }
        if failure.kind != .conflict { crowding.collided(on: entries[index].contested) }
    }

    /// The paths that collided where they are known, else all that the task changes.
    private func contestedPaths(_ index: Index, _ failure: Failure) -> Set<String> {
        if failure.kind == .conflict, !failure.places.isEmpty { return Set(failure.places) }
        return Set(entries[index].verified?.changes.map(\.path) ?? [])
    }

    /// A task with an earlier place that is being done again and needs paths which this one changes too.
    ///
    /// Without the wait, tasks that all change one file could overtake each other for ever: each landing makes the
    /// work of all others stale, and the same task may lose every time.
    func rival(of index: Index) -> Index? {
        guard !contests.isEmpty, !startsNothing, let verified = entries[index].verified,
            let place = entries[index].place
        else { return nil }
        var found: (index: Index, place: Int)?
        for change in verified.changes {
            for other in contests[change.path] ?? [] {
                guard let rivalPlace = entries[other].place, rivalPlace < place, rivalPlace < found?.place ?? place,
                    !isBegun(index, on: other)
                else { continue }
                found = (other, rivalPlace)
            }
        }
        return found?.index
    }

    /// Whether a task may be begun on the last candidate while that is being checked.
    ///
    /// Only where each of the chain was done on the one before it, so that none of them can collide, and none waits that
    /// would have to land before. One more than can be checked is done in advance, so that a slot that becomes free
    /// has something to check.
    var mayBeginOnChain: Bool {
        guard parked.isEmpty, queue.chain.count <= verifySlots else { return false }
        return queue.chain.allSatisfy { candidate in
            guard let first = candidate.tasks.first else { return false }
            if let before = candidate.after ?? queue.lastLanded, entries[first].begunOn == before { return true }
            return candidate.after == nil && entries[first].verified?.base == tip
        }
    }

    /// Whether a task was done on a candidate of the chain that holds another one, or is built on it.
    private func isBegun(_ index: Index, on other: Index) -> Bool {
        guard let last = entries[index].begunOn.flatMap(queue.position) else { return false }
        return queue.chain[...last].contains { $0.tasks.contains(other) }
    }

    /// Lets a task wait until its rival has landed or is given up; until then no event looks at it.
    mutating func park(_ index: Index, behind rival: Index) {
        parked[rival, default: []].append(index)
        guard entries[index].waitsBehind != rival else { return }
        entries[index].waitsBehind = rival
        let reason = "\(entries[rival].task.id) is before it in line and is being done again on the same paths"
        emit(.wait(.init(task: entries[index].task.id, reason: reason)))
    }

    mutating func endRedo(_ index: Index) {
        endContest(index)
        entries[index].contested = []
        for waiting in parked.removeValue(forKey: index) ?? [] { insertInLine(waiting) }
    }

    /// Nothing is done again any more, so nobody waits for it.
    mutating func endAllRedos() {
        for rival in parked.keys.sorted() { for index in parked[rival] ?? [] { insertInLine(index) } }
        parked = [:]
    }

    private mutating func endContest(_ index: Index) {
        for path in entries[index].contested {
            contests[path]?.removeAll { $0 == index }
            if contests[path]?.isEmpty == true { contests[path] = nil }
        }
    }
}
