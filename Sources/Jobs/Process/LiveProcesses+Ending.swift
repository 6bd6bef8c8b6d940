#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension LiveProcesses {
    /// Ends everything of an entry: asks, waits, and then forces.
    ///
    /// - Parameters:
    ///   - deadline: until when a process that was asked may take its time.
    ///   - asked: the processes have been asked before.
    /// - Returns: how many processes there were at first; on other systems than Linux 1 for a process group that is
    ///   not empty.
    @discardableResult
    func end(_ key: UInt64, by deadline: ContinuousClock.Instant, asked: Bool = false) async -> Int {
        let first = await settle(asked ? 0 : SIGTERM, key)
        guard first > 0 else { return 0 }
        // A stopped process does not see the request.
        if !asked { _ = await settle(SIGCONT, key) }
        var pause = Duration.milliseconds(1)
        while ContinuousClock.now < deadline {
            try? await Task.sleep(for: pause)
            if Task.isCancelled { return first }
            if await settle(0, key) == 0 { return first }
            pause = min(pause * 2, .milliseconds(50))
        }
        // Each round kills all that is there; only something that forks between two looks needs another one. A process
        // that the kernel itself holds (a dead network disk) cannot be ended by anybody: give up after a while.
        for round in 1...Self.forceRounds {
            if Task.isCancelled { break }
            if await settle(SIGKILL, key) == 0 { break }
            try? await Task.sleep(for: .milliseconds(min(round, 20)))
        }
        return first
    }

    private static let forceRounds = 500

    /// Sends a signal, again if need be, until it is certain that it reached something or that nothing is there.
    private func settle(_ number: Int32, _ key: UInt64) async -> Int {
        #if os(Linux)
        let deadline = ContinuousClock.now + Self.longestUnsettled
        while true {
            let look = signal(number, to: key)
            if look.living > 0 || !look.isUnsettled || ContinuousClock.now > deadline { return look.living }
            await Task.yield()
        }
        #else
        // Nothing tells there of a process that has left its group.
        guard let leader = split(key)?.own.leader else { return 0 }
        return kill(-leader, number) == 0 ? 1 : 0
        #endif
    }

    /// Enough to catch something that forks and exits every half millisecond, at which a look hits about every third
    /// time; after it, what unsettles is taken to be another entry's.
    private static let longestUnsettled = Duration.seconds(2)
}
