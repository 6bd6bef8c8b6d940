#if os(Linux)
import Glibc

extension LiveProcesses {
    /// The result of one look at the surviving processes of an entry.
    struct Look {
        /// Number of living processes.
        var living = 0
        /// Whether an orphan appeared or vanished during the look, so that another may have been missed. A process may
        /// fork and exit all the time to escape.
        var isUnsettled = false
    }

    /// Sends a signal to all living processes of one entry: its leader and all descendants.
    ///
    /// This program is the subreaper of its descendants, so every orphan is its child. It is enough to look at the
    /// leader and at these orphans. The owner of an orphan is found by its session, else by the token in its
    /// environment. An orphan that left the session and cleared its environment may belong to any entry that was
    /// running when it started; it is assigned to the last of these to end. Zombies among the orphans are reaped.
    ///
    /// - Parameter number: the signal; 0 sends none and only counts.
    func signal(_ number: Int32, to key: UInt64) -> Look {
        var look = Look()
        guard let (own, others) = split(key) else { return look }
        // The whole group first: no member can fork away from a signal that reaches all at once. The leader is not
        // reaped before its entry is removed, so its id cannot have been reused. Only SIGKILL is sent this way, because
        // many programs take a second SIGTERM to mean "at once".
        if let leader = own.leader, number == SIGKILL { kill(-leader, number) }
        let ownSession = getsid(0)
        let rivals = Set(others.compactMap(\.leader))
        if let leader = own.leader.flatMap({ ProcessRecord($0) }), !leader.isZombie {
            // In a namespace, only the processes below the leader are asked to end. The end of the leader would kill all.
            look.living +=
                own.isContained && number != SIGKILL
                ? 1 + ProcessRecord.signalDescendants(of: leader.id, number) : leader.signalSubtree(number)
        }
        let orphans = ProcessRecord.orphans()
        look.isUnsettled = !orphans.isComplete
        // Newest first, because the newest is the most likely to vanish soon.
        for id in orphans.ids.reversed() where id != own.leader && !rivals.contains(id) {
            // The fast path for a process with the token. The shorter the time between look and signal, the better it
            // catches a process that forks and exits at once.
            if number != 0, ProcessRecord.signal(number, to: id, withToken: own.token) {
                look.living += 1 + ProcessRecord.signalDescendants(of: id, number)
                continue
            }
            guard let child = ProcessRecord(id) else {
                look.isUnsettled = true
                continue
            }
            // A child in this program's own session was started by another part of the program, which waits for it.
            if child.session == ownSession || rivals.contains(child.session) { continue }
            if child.isZombie {
                if reapOrphan(child) { look.isUnsettled = true }
            } else {
                switch child.session == own.leader ? .own : ownership(of: child, key) {
                case .own: look.living += child.signalSubtree(number)
                case .other: break
                case .unclear: look.isUnsettled = true
                }
            }
        }
        return look
    }

    private enum Ownership { case own, other, unclear }

    private func ownership(of child: ProcessRecord, _ key: UInt64) -> Ownership {
        let token = child.environmentValue(Self.tokenVariable)
        // Read after the child was seen: every entry registers before it spawns, so its owner is in the list.
        guard let (own, others) = split(key) else { return .other }
        if let token, own.owns(token) { return .own }
        if others.contains(where: { $0.leader == child.session || (token.map($0.owns) ?? false) }) { return .other }
        if others.allSatisfy({ $0.hasEnded || $0.start > child.start }) { return .own }
        // The environment of a process is empty during exec and just after its end.
        return token == nil && child.start + Self.youngTicks > ProcessRecord.now ? .unclear : .other
    }

    /// One second in clock ticks of Linux.
    private static let youngTicks: UInt64 = 100

    /// Reaps the first process of a namespace after its resource usage has been read.
    func reapFirst(of confinement: Confinement) {
        guard confinement.isContained, let first = confinement.firstProcess else { return }
        waitpid(first, nil, WNOHANG)
    }

    /// Reaps an orphan, unless it may be the leader of an entry or the first process of a namespace. Those are left to
    /// their entry. A spawned leader that is not registered yet leads a session and is not older than its entry.
    private func reapOrphan(_ zombie: ProcessRecord) -> Bool {
        // Read after the zombie was seen, as in `ownership`.
        let mayBeLeader = all.contains { entry in
            entry.leader.map { $0 == zombie.id || (entry.isContained && $0 == zombie.session) }
                ?? (zombie.session == zombie.id && entry.start <= zombie.start)
        }
        return !mayBeLeader && waitpid(zombie.id, nil, WNOHANG) == zombie.id
    }
}
#endif
