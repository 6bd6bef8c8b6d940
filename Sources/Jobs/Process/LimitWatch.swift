#if os(Linux)
import Glibc
import Model

/// Polls whether a process exceeds its limits.
struct LimitWatch: Sendable {
    let limits: ResourceLimits
    /// Paths on disk that the process may write to.
    let writable: [String]
    let census: ProcessCensus.Source
    /// Seconds since 1970, before the start of the process, which may have written much before the first poll.
    let began: Int

    /// A process that takes 1 GB of memory per second exceeds its limit by 50 MB before it is detected.
    private static let pause = Duration.milliseconds(50)
    /// Counting many files is slow: it takes at most a fiftieth of the time.
    private static let leastPause = Duration.seconds(2)
    private static let longestPause = Duration.seconds(10)
    private static let share = 50.0
    /// Time between counts while free disk space shrinks. Reading the free space is cheap.
    private static let hurriedPause = Duration.seconds(1)

    /// Returns the first limit that is exceeded; nil if cancelled before.
    func watch() async -> ResourceLimit? {
        let free = writable.map { Self.freeBytes(at: $0) }
        var next = ContinuousClock.now + Self.leastPause
        var hurried = ContinuousClock.now
        while true {
            try? await Task.sleep(for: Self.pause)
            if Task.isCancelled { return nil }
            if let limit = processLimit() { return limit }
            guard let disk = limits.disk else { continue }
            let now = ContinuousClock.now
            guard now >= next || (now >= hurried && hasShrunk(from: free, by: disk)) else { continue }
            if diskUse(since: began, limit: disk) > disk { return .disk(disk) }
            let end = ContinuousClock.now
            next = end + min(max(Self.leastPause, (end - now) * Self.share), Self.longestPause)
            hurried = end + Self.hurriedPause
        }
    }

    private func processLimit() -> ResourceLimit? {
        guard let census = census.count(most: limits.processes ?? .max) else { return nil }
        if let most = limits.processes, census.processes > most { return .processes(most) }
        if let cpu = limits.cpu, census.cpu > cpu { return .cpu(cpu) }
        if let memory = limits.memory, census.memory > memory, census.exactMemory() > memory { return .memory(memory) }
        return nil
    }

    private func hasShrunk(from free: [Int], by limit: Int) -> Bool {
        zip(writable, free).contains { $1 - Self.freeBytes(at: $0) > limit }
    }

    private func diskUse(since start: Int, limit: Int) -> Int {
        let devices = writable.compactMap(PathQuery.device)
        let deleted = census.count()?.deletedFiles(on: Set(devices)) ?? 0
        return writable.reduce(deleted) {
            $0 > limit ? $0 : $0 + UntrustedFolder($1).bytes(changedSince: start, limit: limit)
        }
    }

    private static func freeBytes(at path: String) -> Int {
        var status = statvfs()
        return statvfs(path, &status) == 0 ? Int(status.f_bfree) * Int(status.f_frsize) : 0
    }
}
#endif
