#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension LiveProcesses {
    /// Ends all processes of an entry: asks with SIGTERM, waits, then forces with SIGKILL.
    ///
    /// - Parameters:
    ///   - deadline: when the processes are forced.
    ///   - asked: whether the processes were asked before.
    /// - Returns: the number of processes at first. Outside Linux it is 1 for a process group that is not empty.
    @discardableResult
    func end(_ key: UInt64, by deadline: ContinuousClock.Instant, asked: Bool = false) async -> Int {
        let first = await settle(asked ? 0 : SIGTERM, key)
        guard first > 0 else { return 0 }
        // A stopped process does not receive SIGTERM.
        if !asked { _ = await settle(SIGCONT, key) }
        var pause = Duration.milliseconds(1)
        while ContinuousClock.now < deadline {
            try? await Task.sleep(for: pause)
            if Task.isCancelled { return first }
            if await settle(0, key) == 0 { return first }
            pause = min(pause * 2, .milliseconds(50))
        }
        // Each round kills every process that it finds; another round is needed only for a process that forks meanwhile.
        // A process that hangs in the kernel (a dead network disk) cannot be ended, so give up after a while.
        for round in 1...Self.forceRounds {
            if Task.isCancelled { break }
            if await settle(SIGKILL, key) == 0 { break }
            try? await Task.sleep(for: .milliseconds(min(round, 20)))
        }
        return first
    }

    private static let forceRounds = 500

    /// Sends a signal, repeatedly if necessary, until it has reached a process or it is certain that none is left.
    private func settle(_ number: Int32, _ key: UInt64) async -> Int {
        #if os(Linux)
        let deadline = ContinuousClock.now + Self.longestUnsettled
        while true {
            let look = signal(number, to: key)
            if look.living > 0 || !look.isUnsettled || ContinuousClock.now > deadline { return look.living }
            await Task.yield()
        }
        #else
        // Other systems cannot find a process that has left its group.
        guard let leader = split(key)?.own.leader else { return 0 }
        return kill(-leader, number) == 0 ? 1 : 0
        #endif
    }

    /// Long enough to catch a process that forks and exits every half millisecond; about every third look hits it. After
    /// this time, orphans that come and go are assumed to belong to another entry.
    private static let longestUnsettled = Duration.seconds(2)
}
