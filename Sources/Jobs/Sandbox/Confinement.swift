#if os(Linux)
import CProcess
import Glibc
import Model
import Synchronization

/// What keeps one process inside its sandbox, from before its start until nothing of it is left.
final class Confinement: Sendable {
    /// The process with its sandbox around it.
    let start: ProcessStart
    /// All of it lies below one process that bubblewrap has started, and ends with that.
    let isContained: Bool

    /// Where bubblewrap writes what it has started.
    let status: Int32
    /// Closed at the end.
    private let descriptors: [Int32]
    /// Deleted at the end.
    private let scratch: String?
    private let access: HostAccess?

    private init(
        _ start: ProcessStart, isContained: Bool = false, status: Int32 = -1, descriptors: [Int32] = [],
        scratch: String? = nil, access: HostAccess? = nil
    ) {
        self.start = start
        self.isContained = isContained
        self.status = status
        self.descriptors = descriptors
        self.scratch = scratch
        self.access = access
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
        if let scratch { DiskFolder(scratch).remove() }
    }

    /// - Parameters:
    ///   - sandbox: nil for none.
    ///   - support: what to make it with; nil for the best that the machine has.
    ///   - log: descriptor to which refused hosts are written.
    /// - Throws: `noSandbox`, `cannotConfine`.
    static func make(
        _ start: ProcessStart, in sandbox: Sandbox?, by support: SandboxSupport? = nil, log: Int32
    ) throws(JobsError) -> Confinement {
        guard let sandbox else { return Confinement(start) }
        let support = support ?? .probe()
        if let bubblewrap = support.bubblewrap { return try contained(start, in: sandbox, by: bubblewrap, log: log) }
        if support.kind == .landlock { return try ruled(start, in: sandbox, log: log) }
        throw .noSandbox(support.words)
    }

    private static func contained(
        _ start: ProcessStart, in sandbox: Sandbox, by bubblewrap: Bubblewrap, log: Int32
    ) throws(JobsError) -> Confinement {
        var start = start
        let filter = orchestrate_memory_file("filter")
        let status = orchestrate_memory_file("status")
        var descriptors = [filter, status]
        var access: HostAccess?
        if case .hosts(let hosts) = sandbox.network {
            let found = try HostAccess(hosts, log: log)
            start.environment.merge(found.variables) { $1 }
            access = found
        }
        let home = home(start.environment["HOME"], in: sandbox)
        start.environment["HOME"] = home
        start.environment["TMPDIR"] = "/tmp"
        start.arguments = bubblewrap.command(
            start.arguments, in: sandbox,
            // One that the coordinator has made stays: an agent that goes on with a conversation finds it there.
            home: sandbox.writable.contains { FileLook.lies(home, in: $0) } ? nil : home, directory: start.directory,
            channels: .init(status: status, filter: filter, gate: access?.gate))
        start.kept = [filter, status] + (access.map { [$0.gate] } ?? [])
        start.directory = "/"
        let program = Self.filter(orchestrate_sockets_any)
        guard filter >= 0, status >= 0, write(filter, program, program.count) == program.count,
            lseek(filter, 0, SEEK_SET) == 0
        else {
            let problem = errno
            for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
            throw .cannotConfine(problem)
        }
        descriptors.removeAll { $0 < 0 }
        return Confinement(start, isContained: true, status: status, descriptors: descriptors, access: access)
    }

    private static func ruled(
        _ start: ProcessStart, in sandbox: Sandbox, log: Int32
    ) throws(JobsError) -> Confinement {
        var start = start
        var template = Array("/tmp/orchestrate-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .cannotConfine(errno) }
        let scratch = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var access: HostAccess?
        if case .hosts(let hosts) = sandbox.network {
            let found = try HostAccess(sharedPortFor: hosts, log: log)
            start.environment.merge(found.variables) { $1 }
            access = found
        }
        start.environment["HOME"] = scratch
        start.environment["TMPDIR"] = scratch
        let ruleset: Int32
        do throws(JobsError) {
            ruleset = try LandlockRules.make(sandbox, scratch: scratch, port: access?.port)
        } catch {
            DiskFolder(scratch).remove()
            throw error
        }
        start.ruleset = ruleset
        start.filter = filter(LandlockRules.sockets(sandbox.network))
        return Confinement(start, descriptors: [ruleset], scratch: scratch, access: access)
    }

    /// Where the empty home is put: the path that the process takes for it, where something can be put there.
    private static func home(_ path: String?, in sandbox: Sandbox) -> String {
        guard let path, path.hasPrefix("/"), path != "/", !path.hasSuffix("/") else { return "/tmp/home" }
        let shown = SystemView.shared.folders + sandbox.readable
        if shown.contains(where: { FileLook.lies(path, in: $0) }), !FileLook.isFolder(path) { return "/tmp/home" }
        return path
    }

    private static func filter(_ sockets: orchestrate_sockets) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 2048) { buffer, count in
            count = Int(orchestrate_seccomp_program(sockets, buffer.baseAddress, Int32(buffer.count)))
        }
    }
}

extension Confinement {
    /// The first process inside, as the coordinator numbers processes; nil before bubblewrap has started it.
    var firstProcess: pid_t? { number(after: "\"child-pid\":").map { pid_t($0) } }

    /// False where bubblewrap did not get so far as to run the program.
    var hasRun: Bool { !isContained || number(after: "\"exit-code\":") != nil }

    /// Lets the program begin once it can reach its hosts.
    ///
    /// - Returns: why it cannot; nil also when cancelled.
    func openGate() async -> JobsError? {
        guard let access else { return nil }
        guard isContained else { return access.begin() }
        // Bubblewrap writes the number as soon as the namespaces are there.
        while !Task.isCancelled {
            if let process = firstProcess { return access.begin(inside: process) }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return nil
    }

    /// No connection is passed on any more.
    func end() { access?.end() }

    /// Of the JSON that bubblewrap writes, one object a line.
    private func number(after key: String) -> Int? {
        guard status >= 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = pread(status, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        let text = buffer[..<count]
        guard let place = text.firstRange(of: Array(key.utf8)) else { return nil }
        let digits = text[place.upperBound...].drop { $0 == UInt8(ascii: " ") }
            .prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
#endif
