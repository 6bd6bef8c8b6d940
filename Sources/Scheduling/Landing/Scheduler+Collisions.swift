import Model

extension Scheduler {
    /// Notes the paths on which a task collided, until it has landed.
    mutating func noteCollision(_ index: Index, _ failure: Failure) {
        forgetCollision(index)
        entries[index].collidedPaths = findCollidedPaths(index, failure)
        for path in entries[index].collidedPaths { collidedTasks[path, default: []].append(index) }
        if failure.kind != .conflict { collisionDetector.collided(on: entries[index].collidedPaths) }
    }

    /// The paths of the collision if they are known, else all paths that the task changes.
    private func findCollidedPaths(_ index: Index, _ failure: Failure) -> Set<String> {
        if failure.kind == .conflict, !failure.places.isEmpty { return Set(failure.places) }
        return Set(entries[index].verified?.changes.map(\.path) ?? [])
    }

    /// The task that this one has to wait for: one with an earlier place that is done again and collided on a path which
    /// this one changes too.
    ///
    /// Without the wait, tasks that change one file could overtake each other for ever: each landing makes the work of all
    /// others stale, and the same task may lose every time.
    func rival(of index: Index) -> Index? {
        guard !collidedTasks.isEmpty, !startsNothing, let verified = entries[index].verified,
            let place = entries[index].place
        else { return nil }
        var found: (index: Index, place: Int)?
        for change in verified.changes {
            for other in collidedTasks[change.path] ?? [] {
                guard let rivalPlace = entries[other].place, rivalPlace < place, rivalPlace < found?.place ?? place,
                    !isBegun(index, on: other)
                else { continue }
                found = (other, rivalPlace)
            }
        }
        return found?.index
    }

    /// Whether a task may start on the last candidate while that is being checked.
    ///
    /// Only if every candidate of the chain was done on the one before it, so that they cannot collide, and no task waits
    /// that has to land first. One task more than there are slots is done in advance, so that a free slot has work.
    var mayBeginOnChain: Bool {
        guard parked.isEmpty, queue.chain.count <= verifySlots else { return false }
        return queue.chain.allSatisfy { candidate in
            guard let first = candidate.tasks.first else { return false }
            if let before = candidate.after ?? queue.lastLanded, entries[first].begunOn == before { return true }
            return candidate.after == nil && entries[first].verified?.base == tip
        }
    }

    /// Whether a task was done on top of a candidate of the chain that contains the other task.
    private func isBegun(_ index: Index, on other: Index) -> Bool {
        guard let last = entries[index].begunOn.flatMap(queue.position) else { return false }
        return queue.chain[...last].contains { $0.tasks.contains(other) }
    }

    /// Makes a task wait until its rival has landed or is given up.
    mutating func park(_ index: Index, behind rival: Index) {
        parked[rival, default: []].append(index)
        guard entries[index].waitsBehind != rival else { return }
        entries[index].waitsBehind = rival
        let reason = "\(entries[rival].task.id) is before it in line and is being done again on the same paths"
        emit(.wait(.init(task: entries[index].task.id, reason: reason)))
    }

    mutating func endRedo(_ index: Index) {
        forgetCollision(index)
        entries[index].collidedPaths = []
        for waiting in parked.removeValue(forKey: index) ?? [] { insertInLine(waiting) }
    }

    /// Puts all waiting tasks back in line, because no collided task is done again any more.
    mutating func endAllRedos() {
        for rival in parked.keys.sorted() { for index in parked[rival] ?? [] { insertInLine(index) } }
        parked = [:]
    }

    private mutating func forgetCollision(_ index: Index) {
        for path in entries[index].collidedPaths {
            collidedTasks[path]?.removeAll { $0 == index }
            if collidedTasks[path]?.isEmpty == true { collidedTasks[path] = nil }
        }
    }
}
