package import Model

/// A limit that a process exceeded.
package enum ResourceLimit: Sendable, Equatable, CustomStringConvertible {
    /// Bytes of all its processes together.
    case memory(Int)
    case processes(Int)
    /// Seconds of processor time.
    case cpu(Double)
    /// Bytes of one file.
    case fileSize(Int)
    /// Bytes on disk.
    case disk(Int)

    /// "it used more than 4 GiB of memory".
    package var description: String {
        switch self {
        case .memory(let bytes): "it used more than \(Self.size(bytes)) of memory"
        case .processes(let count): "it had more than \(Count.text(count, "process"))"
        case .cpu(let seconds): "it used more than \(Int(seconds)) s of processor time"
        case .fileSize(let bytes): "it wrote a file larger than \(Self.size(bytes))"
        case .disk(let bytes): "it put more than \(Self.size(bytes)) on disk"
        }
    }

    private static func size(_ bytes: Int) -> String {
        for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where bytes >= 1 << shift {
            let tenths = (bytes * 10 + (1 << shift) / 2) >> shift
            return tenths % 10 == 0 ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
        }
        return "\(bytes) bytes"
    }
}

extension ResourceLimits {
    /// The limits if neither the plan nor the worker sets any: high enough for every normal build, and low enough that a
    /// process out of control does not take down the machine.
    package static let standard: ResourceLimits = {
        var limits = ResourceLimits(processes: 2048, disk: 10 << 30)
        #if os(Linux)
        limits.memory = MachineMemory.total / 4 * 3
        #endif
        return limits
    }()
}
