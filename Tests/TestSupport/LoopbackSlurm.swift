import Foundation
import Synchronization

/// A Slurm cluster of three nodes on this machine.
package final class LoopbackSlurm: Sendable {
    private static let programs = ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/sbatch"]
    /// Only root can start it.
    package static let isAvailable =
        getuid() == 0 && programs.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

    /// The cluster of all tests that kill no node. It lives as long as the test program.
    package static let shared: Result<LoopbackSlurm, any Error> = Result { try LoopbackSlurm() }

    struct Unusable: Error, CustomStringConvertible {
        var description: String
    }

    private let folder: String
    private let processes: Mutex<[String: ScratchDaemon]>
    private static let made = Atomic<Int>(0)
    private static let tries = 3

    package init() throws {
        let (folder, started) = try Self.begin()
        self.folder = folder
        processes = Mutex(started)
        Self.living.withLock { _ = $0.insert(folder) }
    }

    deinit {
        Self.living.withLock { _ = $0.remove(folder) }
        Self.end(folder)
    }

    // MARK: Starting

    private static func begin() throws -> (folder: String, processes: [String: ScratchDaemon]) {
        var last: any Error = Unusable(description: "no cluster")
        for _ in 0..<tries {
            // A socket's path must be short.
            let folder = "/tmp/slurm-\(getpid())-\(made.wrappingAdd(1, ordering: .relaxed).newValue)"
            do {
                return (folder, try begin(in: folder))
            } catch {
                // Another program may have taken a port meanwhile.
                last = error
                end(folder)
            }
        }
        throw last
    }

    private static func begin(in folder: String) throws -> [String: ScratchDaemon] {
        for name in ["munge", "state", "spool", "log/n1", "log/n2", "log/n3"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        var key = [UInt8]((0..<128).map { _ in UInt8.random(in: .min ... .max) })
        key[0] = 1
        try Data(key).write(to: URL(fileURLWithPath: "\(folder)/munge/key"))
        chmod("\(folder)/munge/key", 0o600)
        let host = ProcessInfo.processInfo.hostName.split(separator: ".").first.map(String.init) ?? "localhost"
        let ports = try LoopbackPort.free(4)
        try Self.configuration(folder, host: host, ports: ports).write(
            toFile: "\(folder)/slurm.conf", atomically: true, encoding: .utf8)
        let munge = "\(folder)/munge"
        var processes: [String: ScratchDaemon] = [:]
        processes["munge"] = try start(
            "/usr/sbin/munged",
            [
                "--foreground", "--force", "--key-file=\(munge)/key", "--socket=\(munge)/sock",
                "--pid-file=\(munge)/pid",
                "--log-file=\(munge)/log", "--seed-file=\(munge)/seed",
            ], folder)
        let deadline = Date(timeIntervalSinceNow: 30)
        while !FileManager.default.fileExists(atPath: "\(munge)/sock"), Date() < deadline { usleep(20_000) }
        processes["controller"] = try start("/usr/sbin/slurmctld", ["-D"], folder)
        try LoopbackPort.wait(for: "127.0.0.1", ports[0])
        for node in ["n1", "n2", "n3"] { processes[node] = try start("/usr/sbin/slurmd", ["-D", "-N", node], folder) }
        processes["watch"] = try LivingProcesses.end(processes.values.map(\.id), withThisProgram: "\(folder)/log/watch")
        let end = Date(timeIntervalSinceNow: 90)
        while try nodes("idle", folder).count < 3 {
            guard Date() < end, processes.values.allSatisfy(\.isRunning) else {
                throw Unusable(description: "the nodes of the cluster in \(folder) did not become idle")
            }
            usleep(100_000)
        }
        return processes
    }

    // MARK: Ending

    private static let living: Mutex<Set<String>> = {
        atexit { LoopbackSlurm.living.withLock { $0 }.forEach { LoopbackSlurm.end($0) } }
        return Mutex([])
    }()

    /// Ends all processes of a cluster and deletes its files.
    private static func end(_ folder: String) {
        LivingProcesses.endAtOnce(LivingProcesses.families(of: LivingProcesses.holdingFiles(below: folder)))
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func start(_ program: String, _ arguments: [String], _ folder: String) throws -> ScratchDaemon {
        try ScratchDaemon(
            program, arguments,
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SLURM_CONF": "\(folder)/slurm.conf"])
    }

    /// What programs need to find the cluster.
    package var environment: [String: String] { ["SLURM_CONF": "\(folder)/slurm.conf"] }

    private static func command(_ arguments: [String], _ folder: String) throws -> String {
        try run(
            "/usr/bin/env", arguments, in: "/",
            environment: ["SLURM_CONF": "\(folder)/slurm.conf", "PATH": "/usr/sbin:/usr/bin:/bin"], input: [], limit: 60
        ).text
    }

    // MARK: Looking

    private static func nodes(_ state: String, _ folder: String) throws -> [String] {
        try command(["sinfo", "-h", "-N", "-t", state, "-o", "%N"], folder).split(separator: "\n").map(String.init)
    }

    /// Returns the nodes in a state.
    package func nodes(_ state: String) throws -> [String] { try Self.nodes(state, folder) }

    /// Returns the numbers of all jobs, or of those on a node.
    package func jobs(on node: String? = nil) throws -> [String] {
        try Self.command(["squeue", "-h", "-o", "%i"] + (node.map { ["-w", $0] } ?? []), folder)
            .split(separator: "\n").map(String.init)
    }

    // MARK: Nodes that die

    /// Ends a node as a power cut does: its daemon and the processes of its jobs, all at once.
    package func kill(_ node: String) {
        _ = processes.withLock { $0.removeValue(forKey: node) }
        // The daemons of a job have the log of their node open, whatever became of their parent.
        let daemons = LivingProcesses.holdingFiles(below: "\(folder)/log/\(node)")
        LivingProcesses.endAtOnce(LivingProcesses.families(of: daemons))
    }

    /// Starts the daemon of a node again.
    package func revive(_ node: String) throws {
        let process = try Self.start("/usr/sbin/slurmd", ["-D", "-N", node], folder)
        processes.withLock { $0[node] = process }
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
        SlurmdLogFile=\(folder)/log/%n/slurmd.log
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
