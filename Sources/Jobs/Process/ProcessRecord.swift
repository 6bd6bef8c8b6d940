#if os(Linux)
import Glibc

/// An entry of the kernel's process table at one moment.
struct ProcessRecord: Sendable, Hashable {
    let id: pid_t
    let parent: pid_t
    let group: pid_t
    let session: pid_t
    /// Clock ticks since boot. Ids are reused, so `id` and `start` together identify a process.
    let start: UInt64
    /// Whether the process has ended but was not waited for by its parent.
    let isZombie: Bool

    /// Reads the process that has this id now; nil if it does not exist.
    ///
    /// - Parameter directory: the directory in /proc, for a thread.
    init?(_ id: pid_t, in directory: String? = nil) {
        // The command may contain spaces and parentheses; only numbers follow the last parenthesis. See proc(5).
        guard let text = KernelFile.read((directory ?? "/proc/\(id)") + "/stat", limit: 4096),
            let close = text.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = text[(close + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, let parent = pid_t(Self.string(fields[1])), let group = pid_t(Self.string(fields[2])),
            let session = pid_t(Self.string(fields[3])), let start = UInt64(Self.string(fields[19]))
        else { return nil }
        self.id = id
        self.parent = parent
        self.group = group
        self.session = session
        self.start = start
        isZombie = fields[0].first == UInt8(ascii: "Z") || fields[0].first == UInt8(ascii: "X")
    }

    private static func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Returns the value of a variable at the start of the process; nil if it was not set or is not readable.
    func environmentValue(_ name: String) -> String? { Self.environmentValue(name, of: id) }

    static func environmentValue(_ name: String, of id: pid_t) -> String? {
        guard let text = KernelFile.read("/proc/\(id)/environ", limit: 8 << 20) else { return nil }
        let start = Array("\(name)=".utf8)
        for entry in text.split(separator: 0) where entry.starts(with: start) {
            return String(decoding: entry.dropFirst(start.count), as: UTF8.self)
        }
        return nil
    }

    var userID: uid_t? {
        var status = stat()
        return stat("/proc/\(id)", &status) == 0 ? status.st_uid : nil
    }

    /// The current time in the unit of `start`.
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        let ticks = UInt64(sysconf(Int32(_SC_CLK_TCK)))
        return UInt64(time.tv_sec) * ticks + UInt64(time.tv_nsec) * ticks / 1_000_000_000
    }
}

/// Access to files of /proc. The kernel creates their content on reading, and they vanish with their process.
enum KernelFile {
    static func read(_ path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while result.count < limit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            result.append(contentsOf: chunk[..<count])
        }
        return result
    }

    /// Returns the entries of a directory whose names are numbers.
    static func numbers(in path: String) -> [pid_t] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var result: [pid_t] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let number = pid_t(name) { result.append(number) }
        }
        return result
    }
}
#endif
