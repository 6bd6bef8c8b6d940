#if os(Linux)
import CProcess
import Dispatch
import Glibc

/// The users and groups of a namespace that bubblewrap makes for root: those of this machine, under their own numbers.
///
/// Without it only root exists there, and a program cannot give a file to anybody else: not unpack an archive with
/// owners, and not give up its privileges. Bubblewrap waits until the map is written.
final class UserMapping: Sendable {
    /// Bubblewrap runs nothing before it can read from this pipe.
    let gate: Int32
    /// Bubblewrap writes here which process it has started.
    let information: Int32

    private let opening: Int32
    /// The other end of `information`.
    private let told: Int32
    private let map: Map

    struct Map: Sendable, Equatable {
        var users: String
        var groups: String

        /// Nil if this program is not root, or has one user only itself.
        static let own: Map? = getuid() == 0 ? read() : nil

        private static func read() -> Map? {
            guard let users = identity("/proc/self/uid_map"), let groups = identity("/proc/self/gid_map") else {
                return nil
            }
            return Map(users: users, groups: groups)
        }

        private static func identity(_ path: String) -> String? {
            let bytes = try? UntrustedFile.read(path, limit: 1 << 16)
            return bytes.flatMap { identity(of: String(decoding: $0, as: UTF8.self)) }
        }

        /// Returns the map of a namespace below the one with this map; nil if that has one number only.
        ///
        /// - Parameter text: lines of first number, number outside, and count (user_namespaces(7)).
        static func identity(of text: String) -> String? {
            let ranges = text.split(separator: "\n").compactMap { line -> (first: UInt32, count: UInt32)? in
                let fields = line.split(separator: " ").compactMap { UInt32($0) }
                return fields.count == 3 ? (fields[0], fields[2]) : nil
            }
            guard ranges.contains(where: { $0.count > 1 }) else { return nil }
            return ranges.map { "\($0.first) \($0.first) \($0.count)\n" }.joined()
        }
    }

    init(_ map: Map) throws(JobsError) {
        var ends: [Int32] = [-1, -1]
        guard orchestrate_pipe(&ends) == 0 else { throw .cannotConfine(errno) }
        (gate, opening) = (ends[0], ends[1])
        let problem = orchestrate_pipe(&ends) == 0 ? 0 : errno
        (told, information) = problem == 0 ? (ends[0], ends[1]) : (-1, -1)
        self.map = map
        if problem != 0 { throw .cannotConfine(problem) }
    }

    deinit {
        for descriptor in [gate, opening, information, told] where descriptor >= 0 { close(descriptor) }
    }

    /// Separate, because the process waits.
    private static let starts = DispatchQueue(label: "namespaces")

    /// Waits until bubblewrap has made its namespaces. Returns the first process in them, by its id outside; nil if the
    /// task was cancelled.
    func firstProcess() async -> pid_t? {
        // Dispatch sources may be used from any thread, but are not marked as Sendable on Linux.
        nonisolated(unsafe) let source = DispatchSource.makeReadSource(fileDescriptor: told, queue: Self.starts)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                source.setEventHandler { source.cancel() }
                source.setCancelHandler { continuation.resume() }
                source.activate()
            }
        } onCancel: {
            source.cancel()
        }
        if Task.isCancelled { return nil }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = read(told, &buffer, buffer.count)
        return count > 0 ? Confinement.number(after: "\"child-pid\":", in: buffer[..<count]).map { pid_t($0) } : nil
    }

    /// Writes the map of a process that bubblewrap has started, and lets it go on.
    ///
    /// - Returns: the reason why it cannot.
    func open(for process: pid_t) -> JobsError? {
        for (file, text) in [("uid_map", map.users), ("gid_map", map.groups)] {
            // The kernel takes a map in one write only.
            let descriptor = Glibc.open("/proc/\(process)/\(file)", O_WRONLY | O_CLOEXEC)
            let bytes = Array(text.utf8)
            let isWritten = descriptor >= 0 && write(descriptor, bytes, bytes.count) == bytes.count
            let problem = errno
            if descriptor >= 0 { close(descriptor) }
            if !isWritten { return .cannotConfine(problem) }
        }
        // Bubblewrap reads twice.
        let go: [UInt8] = [1, 1]
        return write(opening, go, go.count) == go.count ? nil : .cannotConfine(errno)
    }
}
#endif
