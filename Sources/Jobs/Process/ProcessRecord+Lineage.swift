#if os(Linux)
import CProcess
import Glibc

extension ProcessRecord {
    /// The children of a process, including zombies.
    struct Children {
        var ids: [pid_t] = []
        /// Whether the list is complete. Children that came or went during the reading may hide another one.
        var isComplete = true
    }

    static func children(of parent: pid_t) -> Children {
        var result = Children()
        for thread in KernelFile.numbers(in: "/proc/\(parent)/task") {
            guard let found = children(of: parent, thread) else { return scan(parent: parent) }
            result.ids += found.ids
            result.isComplete = result.isComplete && found.isComplete
        }
        return result
    }

    /// Returns the orphans that this program has adopted as a subreaper. A few children of its own may be among them.
    ///
    /// The kernel lists an orphan under the first living thread (`find_alive_thread` in kernel/exit.c), and a started
    /// child under the thread that started it. So started children, which come and go all the time, do not make this
    /// list incomplete.
    static func orphans() -> Children {
        let own = getpid()
        for thread in KernelFile.numbers(in: "/proc/self/task") {
            guard ProcessRecord(thread, in: "/proc/self/task/\(thread)")?.isZombie == false else { continue }
            return children(of: own, thread) ?? scan(parent: own)
        }
        return children(of: own)
    }

    /// - Returns: nil if the kernel was built without CONFIG_PROC_CHILDREN; then all of /proc must be read.
    private static func children(of parent: pid_t, _ thread: pid_t) -> Children? {
        let path = "/proc/\(parent)/task/\(thread)/children"
        guard var text = KernelFile.read(path, limit: largestList) else {
            return access("/proc/self/task/\(getpid())/children", R_OK) == 0 ? Children() : nil
        }
        var isComplete = true
        // The kernel loses its place in the list and skips an entry if the child that it listed last vanishes meanwhile;
        // see proc(5). The next reading does not list that child, so two equal readings are complete.
        if !text.isEmpty, let next = KernelFile.read(path, limit: largestList), next != text {
            text = next
            isComplete = false
        }
        let ids = text.split(separator: UInt8(ascii: " ")).compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
        return Children(ids: ids, isComplete: isComplete)
    }

    private static let largestList = 16 << 20

    private static func scan(parent: pid_t) -> Children {
        Children(ids: KernelFile.numbers(in: "/proc").filter { ProcessRecord($0)?.parent == parent })
    }

    /// Sends a signal to this process and its descendants.
    ///
    /// - Returns: the number of living processes among them.
    func signalSubtree(_ number: Int32) -> Int {
        // Read before the signal, because the children of a process that dies move to this program.
        let children = Self.children(of: id).ids
        if !isZombie, number != 0 { signal(number) }
        return (isZombie ? 0 : 1) + Self.signalSubtrees(of: children, number)
    }

    static func signalDescendants(of id: pid_t, _ number: Int32) -> Int {
        signalSubtrees(of: children(of: id).ids, number)
    }

    private static func signalSubtrees(of ids: [pid_t], _ number: Int32) -> Int {
        ids.compactMap { ProcessRecord($0) }.reduce(0) { $0 + $1.signalSubtree(number) }
    }

    /// Sends a signal to a process that was started with this token.
    ///
    /// - Returns: whether the process has the token and the signal was sent.
    static func signal(_ number: Int32, to id: pid_t, withToken token: String) -> Bool {
        // Opened before the environment is read: if the id is reused in between, the signal reaches no process.
        let descriptor = orchestrate_pidfd_open(id)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        guard let found = environmentValue(LiveProcesses.tokenVariable, of: id), LiveProcesses.isBelow(found, token)
        else { return false }
        return orchestrate_pidfd_signal(descriptor, number) == 0
    }

    /// Sends a signal to exactly this process. A pidfd pins it before its start time is compared.
    func signal(_ number: Int32) {
        let descriptor = orchestrate_pidfd_open(id)
        guard descriptor >= 0 else {
            // Kernels before 5.3 have no pidfds.
            if errno == ENOSYS, ProcessRecord(id)?.start == start { kill(id, number) }
            return
        }
        defer { close(descriptor) }
        guard ProcessRecord(id)?.start == start else { return }
        _ = orchestrate_pidfd_signal(descriptor, number)
    }
}
#endif
