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
    /// look at the children. Whose such a child is, is told by its session, else by the token in its environment. One
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
        let tokens = Set(others.map(\.token))
        for id in ProcessRecord.children(of: getpid()) {
            guard let child = ProcessRecord(id) else {
                look.isUnsettled = true
                continue
            }
            // A child in this program's own session was started by another part of it, and is waited for there.
            if child.session == ownSession || rivals.contains(child.session) { continue }
            if child.isZombie {
                if reap(child, entries: others + [own]) { look.isUnsettled = true }
            } else if child.session == own.leader || belongs(child, to: own, others, tokens) {
                look.living += child.signalSubtree(number)
            }
        }
        return look
    }

    private func belongs(_ child: ProcessRecord, to own: Entry, _ others: [Entry], _ tokens: Set<String>) -> Bool {
        let token = child.environmentValue(Self.tokenVariable)
        if token == own.token { return true }
        if let token, tokens.contains(token) { return false }
        return others.allSatisfy { $0.hasEnded || $0.start > child.start }
    }

    /// Leaders are left to whoever spawned them. One that is spawned but not yet known as a leader is a session's
    /// leader too, and not older than its entry.
    private func reap(_ zombie: ProcessRecord, entries: [Entry]) -> Bool {
        if entries.contains(where: { $0.leader == zombie.id }) { return false }
        if zombie.session == zombie.id, entries.contains(where: { $0.leader == nil && $0.start <= zombie.start }) {
            return false
        }
        return waitpid(zombie.id, nil, WNOHANG) == zombie.id
    }
}
#endif
