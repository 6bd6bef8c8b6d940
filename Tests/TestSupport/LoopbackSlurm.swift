import Foundation
import Synchronization

/// A Slurm cluster of three nodes on this machine, for one test program.
package final class LoopbackSlurm: Sendable {
    private static let programs = ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/sbatch"]
    /// Only root can start it.
    package static let isAvailable =
        getuid() == 0 && programs.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

    package static let shared: Result<LoopbackSlurm, any Error> = Result { try LoopbackSlurm() }

    private let folder: String
    private let processes: [String: Process]

    private init() throws {
        // A socket's path must be short.
        folder = "/tmp/slurm-\(getpid())"
        for name in ["munge", "state", "spool", "log"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        var key = [UInt8]((0..<128).map { _ in UInt8.random(in: .min ... .max) })
        key[0] = 1
        try Data(key).write(to: URL(fileURLWithPath: "\(folder)/munge/key"))
        chmod("\(folder)/munge/key", 0o600)
        let host = ProcessInfo.processInfo.hostName.split(separator: ".").first.map(String.init) ?? "localhost"
        let ports = try (0..<4).map { _ in try LoopbackPort.free() }
        try Self.configuration(folder, host: host, ports: ports).write(
            toFile: "\(folder)/slurm.conf", atomically: true, encoding: .utf8)
        let munge = "\(folder)/munge"
        var processes: [String: Process] = [:]
        processes["munge"] = try Self.start(
            "/usr/sbin/munged",
            [
                "--foreground", "--force", "--key-file=\(munge)/key", "--socket=\(munge)/sock",
                "--pid-file=\(munge)/pid",
                "--log-file=\(munge)/log", "--seed-file=\(munge)/seed",
            ], folder)
        let deadline = Date(timeIntervalSinceNow: 30)
        while !FileManager.default.fileExists(atPath: "\(munge)/sock"), Date() < deadline { usleep(20_000) }
        processes["controller"] = try Self.start("/usr/sbin/slurmctld", ["-D"], folder)
        try LoopbackPort.wait(for: "127.0.0.1", ports[0])
        for node in ["n1", "n2", "n3"] {
            processes[node] = try Self.start("/usr/sbin/slurmd", ["-D", "-N", node], folder)
        }
        self.processes = processes
        LoopbackSlurm.endAtExit(processes.values.map(\.processIdentifier), folder)
        let end = Date(timeIntervalSinceNow: 60)
        while try nodes("idle").count < 3, Date() < end { usleep(100_000) }
    }

    private static let ended = Mutex<(ids: [pid_t], folder: String)>(([], ""))

    /// The cluster lives as long as the test program.
    private static func endAtExit(_ ids: [pid_t], _ folder: String) {
        ended.withLock { $0 = (ids, folder) }
        atexit {
            let (ids, folder) = LoopbackSlurm.ended.withLock { $0 }
            for id in ids { Foundation.kill(id, SIGKILL) }
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    private static func start(_ program: String, _ arguments: [String], _ folder: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SLURM_CONF": "\(folder)/slurm.conf"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// What programs need to find the cluster.
    package var environment: [String: String] { ["SLURM_CONF": "\(folder)/slurm.conf"] }

    private func command(_ arguments: [String]) throws -> String {
        try run(
            "/usr/bin/env", arguments, in: "/",
            environment: environment.merging(["PATH": "/usr/sbin:/usr/bin:/bin"]) { $1 }, input: [], limit: 60
        ).text
    }

    /// Returns the nodes in a state.
    package func nodes(_ state: String) throws -> [String] {
        try command(["sinfo", "-h", "-N", "-t", state, "-o", "%N"]).split(separator: "\n").map(String.init)
    }

    /// Returns the numbers of all jobs, or of those on a node.
    package func jobs(on node: String? = nil) throws -> [String] {
        try command(["squeue", "-h", "-o", "%i"] + (node.map { ["-w", $0] } ?? [])).split(separator: "\n").map(
            String.init)
    }

    /// Ends a node as a power cut does: its daemon and the processes of its jobs, all at once.
    package func kill(_ node: String) throws {
        guard let process = processes[node] else { return }
        let jobs = try jobs(on: node)
        Foundation.kill(process.processIdentifier, SIGKILL)
        let list = try run("/bin/ps", ["-eo", "pid,args"], in: "/", environment: [:], input: [], limit: 60).text
        for line in list.split(separator: "\n") where jobs.contains(where: { line.contains("slurmstepd: [\($0).") }) {
            guard let id = line.split(separator: " ").first.flatMap({ pid_t($0) }) else { continue }
            for child in try Self.descendants(of: id) + [id] { Foundation.kill(child, SIGKILL) }
        }
    }

    private static func descendants(of id: pid_t) throws -> [pid_t] {
        let children = try run("/usr/bin/pgrep", ["-P", "\(id)"], in: "/", environment: [:], input: [], limit: 60).text
            .split(separator: "\n").compactMap { pid_t($0) }
        return try children.flatMap { try descendants(of: $0) } + children
    }

    private static func configuration(_ folder: String, host: String, ports: [Int]) -> String {
        """
        ClusterName=ci
        SlurmctldHost=\(host)(127.0.0.1)
        SlurmctldPort=\(ports[0])
        SlurmUser=root
        SlurmdUser=root
        AuthType=auth/munge
        AuthInfo=socket=\(folder)/munge/sock
        CredType=cred/munge
        CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
        StateSaveLocation=\(folder)/state
        SlurmdSpoolDir=\(folder)/spool/%n
        SlurmctldPidFile=\(folder)/slurmctld.pid
        SlurmdPidFile=\(folder)/slurmd.%n.pid
        SlurmctldLogFile=\(folder)/log/slurmctld.log
        SlurmdLogFile=\(folder)/log/slurmd.%n.log
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        JobAcctGatherType=jobacct_gather/none
        SwitchType=switch/none
        MpiDefault=none
        ReturnToService=2
        SlurmdTimeout=10
        KillWait=5
        SchedulerType=sched/backfill
        SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=20000,bf_interval=1,default_queue_depth=1000
        SelectType=select/cons_tres
        SelectTypeParameters=CR_Core_Memory
        SlurmdParameters=config_overrides
        DefMemPerCPU=100
        AccountingStorageType=accounting_storage/none
        JobCompType=jobcomp/none
        \((1...3).map { "NodeName=n\($0) NodeHostname=\(host) NodeAddr=127.0.0.1 Port=\(ports[$0]) CPUs=32 RealMemory=20000 State=UNKNOWN" }.joined(separator: "\n"))
        PartitionName=main Nodes=n1,n2,n3 Default=YES State=UP

        """
    }
}
