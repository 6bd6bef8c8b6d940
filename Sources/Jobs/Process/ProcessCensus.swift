#if os(Linux)
import Glibc

/// The resources that all processes of one request use at one moment.
struct ProcessCensus {
    var processes = 0
    /// Bytes; shared memory is counted once per process.
    var memory = 0
    /// Seconds of processor time, including processes that have ended and were waited for.
    var cpu = 0.0
    private var ids: [pid_t] = []
    private let folder: String

    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
    private static let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))

    /// - Parameters:
    ///   - first: the first process of a process namespace, which is counted as a whole. If it is nil, `leader` and its
    ///     descendants are counted.
    ///   - most: the number of processes after which counting stops.
    init(first: pid_t?, leader: pid_t, most: Int) {
        if let first {
            // The sandbox's own view of its processes: one directory, whatever else runs on the machine.
            folder = "/proc/\(first)/root/proc"
            ids = KernelFile.numbers(in: folder)
        } else {
            folder = "/proc"
            ids = ProcessRecord.subtree(of: leader, most: most)
        }
        processes = ids.count
        guard processes <= most else { return }
        for id in ids { count(id) }
    }

    /// Takes a census of the processes of one request on demand.
    struct Source: Sendable {
        let leader: pid_t
        /// Returns the first process of the namespace, once it exists.
        let first: @Sendable () -> pid_t?
        let isContained: Bool

        /// Takes a census; nil before the namespace exists, when nothing of the request has run yet.
        func count(most: Int = .max) -> ProcessCensus? {
            let first = first()
            if isContained {
                // Before bubblewrap has changed its root, this path shows the processes of the whole machine.
                guard let first, let inside = PathQuery.device("/proc/\(first)/root/proc"),
                    inside != PathQuery.device("/proc")
                else { return nil }
            }
            return ProcessCensus(first: first, leader: leader, most: most)
        }

        /// Seconds of processor time so far; 0 before the namespace exists.
        var cpu: Double { count()?.cpu ?? 0 }
    }

    /// Fields of proc(5): utime, stime, cutime, cstime are the 14th to 17th, the resident set is the 24th.
    private mutating func count(_ id: pid_t) {
        guard let text = KernelFile.read("\(folder)/\(id)/stat", limit: 4096),
            let close = text.lastIndex(of: UInt8(ascii: ")"))
        else { return }
        let fields = text[(close + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 21 else { return }
        let numbers = fields[11...21].map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
        cpu += Double(numbers[0] + numbers[1] + numbers[2] + numbers[3]) / Self.ticks
        memory += numbers[10] * Self.pageSize
    }

    /// Returns the bytes of files on the given devices that are open but deleted.
    func deletedFiles(on devices: Set<UInt>) -> Int {
        var seen: Set<UInt> = []
        var total = 0
        for id in ids {
            for descriptor in KernelFile.numbers(in: "\(folder)/\(id)/fd") {
                var status = stat()
                guard stat("\(folder)/\(id)/fd/\(descriptor)", &status) == 0, status.st_nlink == 0,
                    devices.contains(UInt(status.st_dev)), seen.insert(UInt(status.st_ino)).inserted
                else { continue }
                total += Int(status.st_blocks) * 512
            }
        }
        return total
    }

    /// Returns the bytes of memory with shared pages counted once. It is slow, because the kernel walks all pages.
    func exactMemory() -> Int {
        ids.reduce(0) { total, id in
            guard let text = KernelFile.read("\(folder)/\(id)/smaps_rollup", limit: 8192) else { return total }
            for line in String(decoding: text, as: UTF8.self).split(separator: "\n") where line.hasPrefix("Pss:") {
                let kilobytes = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
                return total + kilobytes << 10
            }
            return total
        }
    }
}

extension ProcessRecord {
    /// Returns a process and its descendants; it stops soon after `most` are found.
    static func subtree(of id: pid_t, most: Int) -> [pid_t] {
        var result = [id]
        var next = 0
        while next < result.count, result.count <= most {
            result += children(of: result[next]).ids
            next += 1
        }
        return result
    }
}
#endif
