#if os(Linux)
import Glibc

/// What all processes of one request use together, at one moment.
struct ProcessCensus {
    var processes = 0
    /// Bytes; memory that several share is counted for each.
    var memory = 0
    /// Seconds, of those that have ended too as far as somebody waited for them.
    var cpu = 0.0
    private var ids: [pid_t] = []
    private let folder: String

    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
    private static let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))

    /// - Parameters:
    ///   - most: processes after which it stops counting.
    ///   - first: the first process of a process namespace, all of which is counted; else `leader` and what is below it.
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

    /// Counts the processes of one request whenever it is asked to.
    struct Source: Sendable {
        let leader: pid_t
        /// The first process of its namespace, once there is one.
        let first: @Sendable () -> pid_t?
        let isContained: Bool

        /// Nil before its namespace is there: nothing of the request has run then.
        func count(most: Int = .max) -> ProcessCensus? {
            let first = first()
            if isContained {
                // Until bubblewrap has changed its root, what is found there is the machine's own list of processes.
                guard let first, let inside = FileLook.device("/proc/\(first)/root/proc"),
                    inside != FileLook.device("/proc")
                else { return nil }
            }
            return ProcessCensus(first: first, leader: leader, most: most)
        }

        /// Seconds of processor time so far.
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

    /// Bytes of files on some devices that are open and have no name any more.
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

    /// Bytes of memory, each page shared by several counted once; slow, since the kernel walks all pages for it.
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
    /// A process and all below it.
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
