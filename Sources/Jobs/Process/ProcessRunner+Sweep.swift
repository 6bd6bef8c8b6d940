#if canImport(Glibc)
import Glibc
#endif

extension ProcessRunner {
    /// A left-over process that was ended.
    package struct Leftover: Sendable, Equatable {
        package var processID: Int32
        /// The command line, as far as it is readable.
        package var command: String
    }

    /// Ends the processes that a killed coordinator with the same marker left running.
    ///
    /// Call it before the first `run` of a program, while no other coordinator with the marker lives. It ends only
    /// processes of the same user, never this program or its ancestors. It does nothing outside Linux, where the
    /// environment of a process is not readable.
    ///
    /// - Parameter grace: seconds between SIGTERM and SIGKILL.
    package func sweep(grace: Double = ProcessRequest.defaultGrace) async -> [Leftover] {
        #if os(Linux)
        let first = marked()
        guard !first.isEmpty else { return [] }
        let leftovers = first.map { Leftover(processID: $0.id, command: $0.commandLine) }
        for record in first {
            record.signal(SIGTERM)
            record.signal(SIGCONT)
        }
        let deadline = ContinuousClock.now + .seconds(grace)
        var pause = Duration.milliseconds(1)
        while !marked().isEmpty, ContinuousClock.now < deadline {
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(50))
        }
        for _ in 0..<Self.forceRounds {
            let rest = marked()
            if rest.isEmpty { break }
            rest.forEach { $0.signal(SIGKILL) }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return leftovers
        #else
        return []
        #endif
    }

    #if os(Linux)
    private static let forceRounds = 500

    /// Returns the living processes of this user with the runner's marker, without this program and its ancestors.
    private func marked() -> [ProcessRecord] {
        var spared: Set<pid_t> = []
        var ancestor = getpid()
        while ancestor > 0, spared.insert(ancestor).inserted { ancestor = ProcessRecord(ancestor)?.parent ?? 0 }
        let user = getuid()
        return KernelFile.numbers(in: "/proc").compactMap { id in
            guard !spared.contains(id), let record = ProcessRecord(id), !record.isZombie, record.userID == user,
                let token = record.environmentValue(LiveProcesses.tokenVariable), token.hasPrefix(marker + ":")
            else { return nil }
            return record
        }
    }
    #endif
}

#if os(Linux)
extension ProcessRecord {
    /// The arguments, separated by spaces.
    fileprivate var commandLine: String {
        let bytes = KernelFile.read("/proc/\(id)/cmdline", limit: 4096) ?? []
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}
#endif
