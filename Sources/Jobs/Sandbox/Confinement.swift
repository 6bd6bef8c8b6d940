#if os(Linux)
import CProcess
import Glibc
import Model
import Synchronization

/// The confinement of one process in its sandbox, from before its start until no descendant is left.
final class Confinement: Sendable {
    /// The start of the process inside its sandbox.
    let start: ProcessStart
    /// Whether all processes are descendants of one that bubblewrap has started, and end with it.
    let isContained: Bool

    /// Descriptor to which bubblewrap writes what it has started.
    let status: Int32
    /// Descriptors that are closed at the end.
    private let descriptors: [Int32]
    /// A folder that is deleted at the end.
    private let scratch: String?
    private let access: HostAccess?
    private let mapping: UserMapping?

    private init(
        _ start: ProcessStart, isContained: Bool = false, status: Int32 = -1, descriptors: [Int32] = [],
        scratch: String? = nil, access: HostAccess? = nil, mapping: UserMapping? = nil
    ) {
        self.start = start
        self.isContained = isContained
        self.status = status
        self.descriptors = descriptors
        self.scratch = scratch
        self.access = access
        self.mapping = mapping
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
        if let scratch { UntrustedFolder(scratch).remove() }
    }

    /// Prepares the start of a process in a sandbox.
    ///
    /// - Parameters:
    ///   - sandbox: nil to run without one.
    ///   - support: how to make the sandbox; nil for the best way that the machine has.
    ///   - log: descriptor to which refused hosts are written.
    /// - Throws: `JobsError.noSandbox`, `JobsError.cannotConfine`.
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
        var mapping: UserMapping?
        if let users = bubblewrap.users { mapping = try UserMapping(users) }
        let home = home(start.environment["HOME"], in: sandbox)
        start.environment["HOME"] = home
        start.environment["TMPDIR"] = "/tmp"
        start.arguments = bubblewrap.command(
            start.arguments, in: sandbox,
            // A home that the coordinator has created is kept: an agent that resumes a conversation needs it.
            home: sandbox.writable.contains { PathQuery.lies(home, in: $0) } ? nil : home, directory: start.directory,
            channels: .init(status: status, filter: filter, gate: access?.gate, mapping: mapping))
        start.kept = [filter, status] + (access.map { [$0.gate] } ?? [])
        if let mapping { start.kept += [mapping.gate, mapping.information] }
        start.directory = "/"
        start.mayLosePrivileges = !bubblewrap.gainsPrivileges
        let program = Self.filter(
            orchestrate_filter(
                sockets: orchestrate_sockets_any, closes_namespaces: bubblewrap.needsFilter ? 1 : 0, shares_processes: 0
            ))
        guard filter >= 0, status >= 0, write(filter, program, program.count) == program.count,
            lseek(filter, 0, SEEK_SET) == 0
        else {
            let problem = errno
            for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
            throw .cannotConfine(problem)
        }
        descriptors.removeAll { $0 < 0 }
        return Confinement(
            start, isContained: true, status: status, descriptors: descriptors, access: access, mapping: mapping)
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
            UntrustedFolder(scratch).remove()
            throw error
        }
        start.ruleset = ruleset
        start.filter = filter(
            orchestrate_filter(
                sockets: LandlockRules.sockets(sandbox.network), closes_namespaces: 1, shares_processes: 1))
        return Confinement(start, descriptors: [ruleset], scratch: scratch, access: access)
    }

    /// Returns the path of the empty home: the value of `HOME`, if a folder can be mounted there.
    private static func home(_ path: String?, in sandbox: Sandbox) -> String {
        guard let path, path.hasPrefix("/"), path != "/", !path.hasSuffix("/") else { return "/tmp/home" }
        let shown = SystemView.shared.folders + sandbox.readable
        if shown.contains(where: { PathQuery.lies(path, in: $0) }), !PathQuery.isFolder(path) { return "/tmp/home" }
        return path
    }

    private static func filter(_ filter: orchestrate_filter) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            var filter = filter
            count = Int(orchestrate_seccomp_program(&filter, buffer.baseAddress, Int32(buffer.count)))
        }
    }
}

extension Confinement {
    /// The first process inside, by its id outside; nil before bubblewrap has started it.
    var firstProcess: pid_t? { Self.firstProcess(in: status) }

    /// Whether the program was run. It is false if bubblewrap failed before that.
    var hasRun: Bool { !isContained || Self.number(after: "\"exit-code\":", in: status) != nil }

    /// The first process that bubblewrap tells of in a file.
    static func firstProcess(in status: Int32) -> pid_t? {
        number(after: "\"child-pid\":", in: status).map { pid_t($0) }
    }

    /// Lets the program begin once its users are mapped and it can reach its hosts.
    ///
    /// - Returns: the reason why it cannot; nil on success and when cancelled.
    func openGate() async -> JobsError? {
        if access == nil, mapping == nil { return nil }
        guard isContained else { return access?.begin() }
        // The process waits for its users, so this is told without delay.
        if let mapping {
            guard let process = await mapping.firstProcess() else { return nil }
            return mapping.open(for: process) ?? access?.begin(inside: process)
        }
        // Bubblewrap writes the id as soon as the namespaces exist.
        while !Task.isCancelled {
            if let process = firstProcess { return access?.begin(inside: process) }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return nil
    }

    /// Stops passing on connections.
    func end() { access?.end() }

    /// Reads a number from the JSON that bubblewrap writes, one object per line.
    private static func number(after key: String, in status: Int32) -> Int? {
        guard status >= 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = pread(status, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return number(after: key, in: buffer[..<count])
    }

    /// Reads a number from such JSON.
    static func number(after key: String, in text: ArraySlice<UInt8>) -> Int? {
        guard let place = text.firstRange(of: Array(key.utf8)) else { return nil }
        let digits = text[place.upperBound...].drop { $0 == UInt8(ascii: " ") }
            .prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
#endif
