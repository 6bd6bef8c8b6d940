import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A process number and start time. The pair identifies a process for good, because numbers are reused.
package struct ProcessIdentity: Codable, Sendable, Equatable {
    package var processID: Int32
    /// The start time in the kernel's own unit.
    package var started: String

    /// This process.
    package static var current: ProcessIdentity {
        let processID = getpid()
        return ProcessIdentity(processID: processID, started: startTime(of: processID) ?? "")
    }

    /// Whether this process still exists.
    package var isAlive: Bool { Self.startTime(of: processID) == started }

    /// The scope in which process numbers are unique: one boot of the machine and one container.
    static var scope: String {
        #if os(Linux)
        let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        let container = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        return (boot ?? "").trimmingCharacters(in: .whitespacesAndNewlines) + " " + (container ?? "")
        #else
        return ProcessInfo.processInfo.hostName
        #endif
    }

    /// The start time of a process; nil if there is none or it is a zombie.
    static func startTime(of processID: Int32) -> String? {
        #if canImport(Darwin)
        var query: [Int32] = [CTL_KERN, KERN_PROC, KERN_PROC_PID, processID]
        var info = kinfo_proc()
        var size = MemoryLayout<kinfo_proc>.stride
        guard sysctl(&query, UInt32(query.count), &info, &size, nil, 0) == 0, size > 0 else { return nil }
        // A zombie does not count. `p_starttime` is a macro, which Swift does not import.
        guard Int32(info.kp_proc.p_stat) != SZOMB else { return nil }
        let start = info.kp_proc.p_un.__p_starttime
        return "\(start.tv_sec).\(start.tv_usec)"
        #else
        guard let stat = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8) else { return nil }
        return startTime(inStat: stat)
        #endif
    }

    /// Field 22 of `/proc/PID/stat`, in clock ticks since boot; nil for a zombie.
    ///
    /// The second field is the program's name in brackets, which may contain spaces and brackets. Counting therefore starts
    /// after the last bracket, at field 3, the process state.
    static func startTime(inStat stat: String) -> String? {
        guard let bracket = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: bracket)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return String(fields[19])
    }
}
