#if os(Linux)
import Glibc

extension LiveProcesses {
    /// What one look at the survivors of an entry has found.
    struct Look {
        /// Processes that live.
        var living = 0
        /// An orphan came or went during the look, so that one more may have been missed: something may be forking and
        /// exiting all the time in order not to be found.
        var isUnsettled = false
    }

    /// Sends a signal to everything of one entry that still lives: its leader and all that came from it, wherever it
    /// went.
    ///
    /// This program is the subreaper of its descendants, so whoever lost its parent is its child; it is enough to
    /// look at the leader and at these orphans. Whose an orphan is, is told by its session, else by the token in its environment. One
    /// that left the session and cleared its environment as well can be anybody's that was under way when it started:
    /// it is counted to the last of these to end. Zombies among the orphans are reaped on the way.
    ///
    /// - Parameter number: the signal; 0 only looks.
    func signal(_ number: Int32, to key: UInt64) -> Look {
        var look = Look()
        guard let (own, others) = split(key) else { return look }
        // The group as a whole first: it cannot fork out of a signal that is sent to all of it at once. Its leader is
        // not reaped before its entry is removed, so the number is nobody else's. Only the force goes this way, since
        // many programs take a second request to end for "at once".
        if let leader = own.leader, number == SIGKILL { kill(-leader, number) }
        let ownSession = getsid(0)
        let rivals = Set(others.compactMap(\.leader))
        if let leader = own.leader.flatMap({ ProcessRecord($0) }), !leader.isZombie {
            // Of a namespace only what runs in it is asked to end: without its leader all of it would be gone at once.
            look.living +=
                own.isContained && number != SIGKILL
                ? 1 + ProcessRecord.signalDescendants(of: leader.id, number) : leader.signalSubtree(number)
        }
        let orphans = ProcessRecord.orphans()
        look.isUnsettled = !orphans.isComplete
        // The newest first: it is the one that may not be there any more in a moment.
        for id in orphans.ids.reversed() where id != own.leader && !rivals.contains(id) {
            // The short way for what has the token: the less time between look and signal the better a process that
            // forks and exits at once is caught.
            if number != 0, ProcessRecord.signal(number, to: id, withToken: own.token) {
                look.living += 1 + ProcessRecord.signalDescendants(of: id, number)
                continue
            }
            guard let child = ProcessRecord(id) else {
                look.isUnsettled = true
                continue
            }
            // A child in this program's own session was started by another part of it, and is waited for there.
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
        // Asked for after the child was seen: who is spawned meanwhile has registered before, and is in the list.
        guard let (own, others) = split(key) else { return .other }
        if let token, own.owns(token) { return .own }
        if others.contains(where: { $0.leader == child.session || (token.map($0.owns) ?? false) }) { return .other }
        if others.allSatisfy({ $0.hasEnded || $0.start > child.start }) { return .own }
        // A process shows no environment while it turns into another program, nor when it has just ended.
        return token == nil && child.start + Self.youngTicks > ProcessRecord.now ? .unclear : .other
    }

    /// One second, in the clock ticks of Linux.
    private static let youngTicks: UInt64 = 100

    /// Takes the first process of a namespace, once what it has used is known.
    func reapFirst(of confinement: Confinement) {
        guard confinement.isContained, let first = confinement.firstProcess else { return }
        waitpid(first, nil, WNOHANG)
    }

    /// Leaders are left to whoever spawned them, and so is the first process below one that is contained. One that is spawned but not yet known as a leader is a session's
    /// leader too, and not older than its entry.
    private func reapOrphan(_ zombie: ProcessRecord) -> Bool {
        // Asked for after the zombie was seen, as above.
        let mayBeLeader = all.contains { entry in
            entry.leader.map { $0 == zombie.id || (entry.isContained && $0 == zombie.session) }
                ?? (zombie.session == zombie.id && entry.start <= zombie.start)
        }
        return !mayBeLeader && waitpid(zombie.id, nil, WNOHANG) == zombie.id
    }
}
#endif
