import Foundation
import TestSupport

/// The machines on which a migration of these tests runs, and a node of theirs that dies.
protocol Machines: Sendable {
    /// The lines of the entry in `executors.yaml`, after its name.
    var entry: String { get }
    /// What the program needs to find them.
    var environment: [String: String] { get }
    /// Whether the node that will die works on a task.
    var isNodeBusy: Bool { get }
    /// Ends the node with all its processes, as a power cut does.
    func killNode()
    /// What is left of jobs, for people; empty if all is well.
    func leftovers() throws -> [String]
}

/// Two hosts behind SSH, each with a home of its own.
final class SSHMachines: Machines {
    private let servers: LoopbackSSH
    private let folder: String
    private let program: String
    private static let hosts = ["127.0.0.1", "127.0.0.2"]
    private static let dying = "127.0.0.2"

    init(in directory: ScratchDirectory) throws {
        servers = try LoopbackSSH(Self.hosts, in: directory)
        folder = try directory.makeDirectory("hosts")
        for host in Self.hosts { try directory.makeDirectory("hosts/\(host)") }
        program = try directory.addProgram(
            "program",
            """
            # The third word is the address of the host that was called.
            HOME='\(folder)'/$(set -- $SSH_CONNECTION; echo "$3")
            export HOME
            exec '\(BuiltProgram.orchestrate)' "$@"
            """)
    }

    var entry: String {
        let options = servers.options.map { "\"\($0)\"" }.joined(separator: ", ")
        return """
            kind: ssh
            hosts: [\(Self.hosts.joined(separator: ", "))]
            slots: 4
            lease: 3s
            rate: 100
            files: ~/orchestrate
            program: \(program)
            options: [\(options)]
            """
    }

    var environment: [String: String] { [:] }

    private func processes(on host: String) -> [pid_t] { LivingProcesses.mentioning("\(folder)/\(host)/") }

    var isNodeBusy: Bool { !processes(on: Self.dying).isEmpty }

    func killNode() {
        servers.kill(Self.dying)
        // A process may have started another one meanwhile.
        for _ in 0..<3 { LivingProcesses.endAtOnce(LivingProcesses.families(of: processes(on: Self.dying))) }
    }

    func leftovers() throws -> [String] {
        let alive = Self.hosts.flatMap { host in processes(on: host).map { "process \($0) on \(host)" } }
        let living = Self.hosts.filter { $0 != Self.dying }
        return try alive
            + living.flatMap { host in
                try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(host)/orchestrate/jobs")
                    .map { "the job \($0) on \(host)" }
            }
    }
}

/// Three nodes of Slurm that share a folder.
final class SlurmMachines: Machines {
    private let cluster: LoopbackSlurm
    private let folder: String

    init(in directory: ScratchDirectory) throws {
        cluster = try LoopbackSlurm()
        folder = try directory.makeDirectory("shared-files")
    }

    var entry: String {
        """
        kind: slurm
        slots: 8
        rate: 100
        files: \(folder)
        program: \(BuiltProgram.orchestrate)
        resources: {cores: 8, memory: 200M}
        """
    }

    var environment: [String: String] { cluster.environment }

    var isNodeBusy: Bool { (try? cluster.jobs(on: "n1").isEmpty) == false }

    func killNode() { cluster.kill("n1") }

    func leftovers() throws -> [String] {
        try cluster.jobs().map { "job \($0) of Slurm" }
            + LivingProcesses.mentioning("\(folder)/jobs").map { "process \($0)" }
            + FileManager.default.contentsOfDirectory(atPath: "\(folder)/jobs").map { "the job \($0)" }
    }
}

/// Three nodes of a cluster of Kubernetes, which is a server of ours.
final class KubernetesMachines: Machines {
    private let cluster: LoopbackKubernetes

    init(in directory: ScratchDirectory) throws { cluster = try LoopbackKubernetes(in: directory) }

    var entry: String {
        """
        kind: kubernetes
        image: example/shop:1
        slots: 8
        rate: 100
        program: \(BuiltProgram.orchestrate)
        resources: {cores: 8, memory: 200M}
        """
    }

    var environment: [String: String] { cluster.environment }

    var isNodeBusy: Bool {
        (try? cluster.state().pods.contains { $0.node == "n1" && $0.phase == "Running" }) ?? false
    }

    func killNode() { try? cluster.make("nodes/n1/kill") }

    /// The dead node comes back first, because Kubernetes keeps its pods until then.
    func leftovers() throws -> [String] {
        try cluster.make("nodes/n1/restore")
        let deadline = Date(timeIntervalSinceNow: 60)
        while Date() < deadline {
            let state = try cluster.state()
            guard state.jobs > 0 || state.processes > 0 || !state.pods.isEmpty else { return [] }
            usleep(50_000)
        }
        let state = try cluster.state()
        return state.pods.map { "the pod \($0.name)" } + ["\(state.jobs) jobs and \(state.processes) processes"]
    }
}
