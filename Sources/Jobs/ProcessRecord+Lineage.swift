#if os(Linux)
import CProcess
import Glibc

extension ProcessRecord {
    /// The processes whose parent is this one, zombies included.
    static func children(of parent: pid_t) -> [ProcessRecord] {
        var ids: [pid_t] = []
        for thread in KernelFile.numbers(in: "/proc/\(parent)/task") {
            // Absent where the kernel was built without CONFIG_PROC_CHILDREN; then everything has to be looked at.
            guard let text = KernelFile.read("/proc/\(parent)/task/\(thread)/children", limit: 16 << 20) else {
                guard access("/proc/self/task/\(getpid())/children", R_OK) == 0 else { return scan(parent: parent) }
                continue
            }
            ids += text.split(separator: UInt8(ascii: " ")).compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
        }
        return ids.compactMap { ProcessRecord($0) }
    }

    private static func scan(parent: pid_t) -> [ProcessRecord] {
        KernelFile.numbers(in: "/proc").compactMap { ProcessRecord($0) }.filter { $0.parent == parent }
    }

    /// This process and everything below it that has not ended.
    var livingSubtree: [ProcessRecord] {
        var result: [ProcessRecord] = []
        var open = [self]
        while let record = open.popLast() {
            if !record.isZombie { result.append(record) }
            open += Self.children(of: record.id)
        }
        return result
    }

    /// Sends a signal to exactly this process: a descriptor pins it, then its start time is compared.
    func signal(_ number: Int32) {
        let descriptor = orchestrate_pidfd_open(id)
        guard descriptor >= 0 else {
            // Kernels before 5.3 have no such descriptors.
            if errno == ENOSYS, ProcessRecord(id)?.start == start { kill(id, number) }
            return
        }
        defer { close(descriptor) }
        guard ProcessRecord(id)?.start == start else { return }
        _ = orchestrate_pidfd_signal(descriptor, number)
    }
}
#endif
