#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension LiveProcesses {
    #if os(Linux)
    /// Everything of one entry that still lives: its leader and all that came from it, wherever it went.
    ///
    /// This program is the subreaper of its descendants, so whoever lost its parent is its child; it is enough to
    /// look at the children. Whose such a child is, is told by its session, else by the token in its environment. One
    /// that left the session and cleared its environment as well can be anybody's that was under way when it started:
    /// it is counted to the last of these to end. Zombies among the orphans are reaped on the way.
    func survivors(of key: UInt64) -> [ProcessRecord] {
        guard let (own, others) = split(key) else { return [] }
        let ownSession = getsid(0)
        let rivals = Set(others.compactMap(\.leader))
        let tokens = Set(others.map(\.token))
        var result: [ProcessRecord] = []
        for child in ProcessRecord.children(of: getpid()) {
            // A child in this program's own session was started by another part of it, and is waited for there.
            if child.session == ownSession || rivals.contains(child.session) { continue }
            if child.isZombie {
                reap(child, entries: others + [own])
            } else if child.session == own.leader {
                result += child.livingSubtree
            } else if let token = child.environmentValue(Self.tokenVariable),
                token == own.token || tokens.contains(token)
            {
                if token == own.token { result += child.livingSubtree }
            } else if others.allSatisfy({ $0.start > child.start }) {
                result += child.livingSubtree
            }
        }
        return result
    }

    /// Leaders are left to whoever spawned them. One that is spawned but not yet known as a leader is a session's
    /// leader too, and not older than its entry.
    private func reap(_ zombie: ProcessRecord, entries: [Entry]) {
        if entries.contains(where: { $0.leader == zombie.id }) { return }
        if zombie.session == zombie.id, entries.contains(where: { $0.leader == nil && $0.start <= zombie.start }) {
            return
        }
        waitpid(zombie.id, nil, WNOHANG)
    }
    #endif

    /// Sends a signal to everything of an entry that still lives.
    ///
    /// - Returns: how many processes there were; on other systems than Linux 1 for a process group that is not empty,
    ///   since there nothing finds a process that has left its group.
    func signal(_ number: Int32, to key: UInt64) -> Int {
        #if os(Linux)
        let found = survivors(of: key)
        guard !found.isEmpty else { return 0 }
        // The group as a whole first: it cannot fork out of a signal that is sent to all of it at once.
        if let leader = split(key)?.own.leader, found.contains(where: { $0.group == leader }) {
            kill(-leader, number)
        }
        for record in found { record.signal(number) }
        return found.count
        #else
        guard let leader = split(key)?.own.leader else { return 0 }
        return kill(-leader, number) == 0 ? 1 : 0
        #endif
    }

    /// Ends everything of an entry: asks, waits, and then forces.
    ///
    /// - Parameters:
    ///   - deadline: until when a process that was asked may take its time.
    ///   - asked: the processes have been asked before.
    /// - Returns: how many processes there were at first.
    @discardableResult
    func end(_ key: UInt64, by deadline: ContinuousClock.Instant, asked: Bool = false) async -> Int {
        let first = signal(asked ? 0 : SIGTERM, to: key)
        guard first > 0 else { return 0 }
        // A stopped process does not see the request.
        if !asked { _ = signal(SIGCONT, to: key) }
        var pause = Duration.milliseconds(1)
        while ContinuousClock.now < deadline {
            try? await Task.sleep(for: min(pause, .milliseconds(50)))
            if Task.isCancelled || signal(0, to: key) == 0 { return first }
            pause *= 2
        }
        // Each round kills all that is there; only something that forks between two looks needs another one. A process
        // that the kernel itself holds (a dead network disk) cannot be ended by anybody: give up after a while.
        for round in 1...Self.forceRounds {
            if Task.isCancelled || signal(SIGKILL, to: key) == 0 { break }
            try? await Task.sleep(for: .milliseconds(min(round, 20)))
        }
        return first
    }

    private static let forceRounds = 500
}
