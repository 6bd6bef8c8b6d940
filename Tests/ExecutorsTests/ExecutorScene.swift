import Executors
import Foundation
import Jobs
import Model
import Synchronization
import TestSupport
import Testing

/// A repository with one file, and an executor of some kind that runs the built program.
final class ExecutorScene: Sendable {
    let directory: ScratchDirectory
    let repository: ScratchRepository
    let executor: any Executor
    let running: RunningJobs
    let base: ObjectID
    let root: String
    /// Differs between scenes, because one Slurm serves all of them.
    let token = UUID().uuidString.replacing("-", with: "").lowercased()
    private let ssh: LoopbackSSH?
    private let slurm: LoopbackSlurm?
    private let environment: [String: String]
    /// If this file is there, nobody reaches the machine.
    private var cut: String { directory.appending("cut") }
    private let cluster: LoopbackKubernetes?

    static let version: String = {
        let answer = try? run(program, ["--version"], in: "/", environment: [:], input: [])
        return (answer?.text ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }()

    static let program: String = {
        var folder = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appendingPathComponent("orchestrate").path
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate, isDirectory: &isDirectory), !isDirectory.boolValue {
                return candidate
            }
            folder.deleteLastPathComponent()
        }
        return "orchestrate"
    }()

    /// The kinds that this machine can have.
    static let kinds: [ExecutorSettings.Kind] = ExecutorSettings.Kind.allCases.filter { kind in
        switch kind {
        case .local: true
        case .ssh: LoopbackSSH.isAvailable
        case .slurm: LoopbackSlurm.isAvailable
        case .kubernetes: LoopbackKubernetes.isAvailable
        }
    }

    /// The kinds whose machines stay and are known by their folders; each pod is a new machine.
    static let lasting = kinds.filter { $0 != .kubernetes }

    /// - Parameters:
    ///   - lease: seconds; nil for a short one that suits the kind.
    ///   - slurm: a cluster of this scene alone; nil for the shared one.
    ///   - pods: with `kubernetes`, what pods need.
    ///   - delay: seconds by which all that goes to the machine and comes from it is late.
    ///   - lines: lines of a shell script that begin each call of the program on the machine.
    init(
        _ kind: ExecutorSettings.Kind, version: String = ExecutorScene.version, slots: Int = 2, lease: Double? = nil,
        hosts: [String] = ["127.0.0.1"], slurm own: LoopbackSlurm? = nil,
        pods: PodSettings = PodSettings(image: "example/orchestrate:1"), resources: JobResources = JobResources(),
        delay: Double = 0, before lines: String = ""
    ) throws {
        directory = try ScratchDirectory("executor")
        repository = try ScratchRepository("target", in: directory)
        base = try #require(ObjectID(hex: try repository.commit(["a.txt": "old\n", ".gitignore": ".made\n"])))
        try repository.git("update-ref", JobOrder.baseReference(base, plan: "demo"), base.hex)
        root = try directory.makeDirectory("files")
        ssh = kind == .ssh ? try LoopbackSSH(hosts, in: directory) : nil
        slurm = kind == .slurm ? try own ?? LoopbackSlurm.shared.get() : nil
        cluster = kind == .kubernetes ? try LoopbackKubernetes(in: directory) : nil
        let program = try Self.writeProgram(in: directory, kind, delay: delay, before: lines)
        let settings = ExecutorSettings(
            name: "test", kind: kind,
            hosts: (ssh?.hosts ?? []).map { ExecutorSettings.Host(name: $0, slots: slots) }, slots: slots, files: root,
            program: program, resources: resources, options: ssh?.options ?? [], rate: 1000,
            lease: lease ?? (kind == .kubernetes ? 30 : 3), pods: kind == .kubernetes ? pods : nil)
        let inherited = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": repository.home]
        environment = inherited.merging(slurm?.environment ?? cluster?.environment ?? [:]) { $1 }
        let runner = ProcessRunner(marker: directory.path)
        executor =
            kind == .kubernetes
            ? KubernetesExecutor(
                settings, pods: pods, version: version, environment: environment, runner: runner, pace: 0.3)
            : MachineExecutor(settings, version: version, program: program, environment: environment, runner: runner)
        running = RunningJobs(executor, pause: .milliseconds(50))
    }

    /// Writes the program of the machine. The way to it is a script, which a test can cut or slow down.
    private static func writeProgram(
        in directory: ScratchDirectory, _ kind: ExecutorSettings.Kind, delay: Double, before lines: String
    ) throws -> String {
        let relay = directory.appending("relay.py")
        try """
        import os, signal, subprocess, sys, threading, time
        cut, delay = sys.argv[1], float(sys.argv[2])
        program = subprocess.Popen(sys.argv[3:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        def watch():
            while not os.path.exists(cut):
                time.sleep(0.02)
            program.kill()
            os.kill(os.getpid(), signal.SIGKILL)
        def copy(source, target):
            while data := os.read(source, 1 << 16):
                time.sleep(delay)
                while data:
                    data = data[os.write(target, data):]
        def give():
            copy(0, program.stdin.fileno())
            program.stdin.close()
        for work in [watch, give]:
            threading.Thread(target=work, daemon=True).start()
        copy(program.stdout.fileno(), 1)
        os._exit(program.wait())

        """.write(toFile: relay, atomically: true, encoding: .utf8)
        // A pod is asked by a process for each request, and a host behind SSH is cut off by the end of its server.
        let isRelayed = kind != .kubernetes && (kind != .ssh || delay > 0)
        let cut = directory.appending("cut")
        let way =
            isRelayed
            ? "if [ \"$2\" = host ]; then exec python3 '\(relay)' '\(cut)' \(delay) '\(Self.program)' \"$@\"; fi"
            : "[ \"$2\" = host ] && sleep \(delay)"
        return try directory.addProgram(
            "program",
            """
            if [ "$2" = host ] && [ -e '\(cut)' ]; then kill -KILL $$; fi
            \(lines)
            \(way)
            exec '\(Self.program)' "$@"
            """)
    }

    /// The executor as the next coordinator makes it, of a kind whose machines stay.
    func nextExecutor() -> MachineExecutor {
        MachineExecutor(
            executor.settings, version: Self.version, program: Self.program, environment: environment,
            runner: ProcessRunner(marker: "\(directory.path)/next"))
    }

    /// The cluster of `kubernetes`.
    func kubernetes() throws -> LoopbackKubernetes { try #require(cluster) }

    /// Makes the machine unreachable; its jobs go on.
    func cutConnection() throws {
        if let ssh { ssh.hosts.forEach(ssh.kill) } else { try Data().write(to: URL(fileURLWithPath: cut)) }
    }

    func restoreConnection() throws {
        if let ssh { try ssh.hosts.forEach(ssh.start) } else { unlink(cut) }
    }

    func order(
        _ command: String, attempt: Int = 1, timeout: Double = 60, output: Int = 1 << 20, run: String = "demo-1"
    ) -> JobOrder {
        var worker = Worker(name: "test", run: command)
        worker.limits.timeout = timeout
        worker.limits.output = output
        let rung = Rung(worker: worker)
        let plan = Plan(
            name: "demo", goal: "Say new.", repository: repository.path, workers: WorkerRules(ladder: [rung]),
            verify: VerifyRules(done: [Check(name: "done", run: "! grep -q old {file}")]))
        return JobOrder(
            program: Self.version, token: token, run: RunID(run), attempt: attempt,
            task: MigrationTask(id: TaskID("a.txt"), title: "Migrate a.txt", files: ["a.txt"]), rung: rung, base: base,
            runBase: base, source: .bundle, repository: "target-0", plan: plan)
    }

    /// Checks of the base.
    func checkOrder(_ commands: String..., keepGoing: Bool = false) -> JobOrder {
        let plan = Plan(
            name: "demo", goal: "Say new.", repository: repository.path,
            workers: WorkerRules(ladder: [Rung(worker: Worker(name: "test", run: "true"))]))
        return JobOrder(
            checking: .init(
                checks: commands.enumerated().map { Check(name: "check \($0)", run: $1) }, task: nil,
                keepGoing: keepGoing, known: []),
            program: Self.version, token: token, run: RunID("demo-1"), base: base, runBase: base, source: .bundle,
            repository: "target-0", plan: plan, variables: ["WORD=old"],
            setup: SetupRules(steps: [SetupStep(name: "mark", run: "echo made >.made")]))
    }

    func jobFolder(of order: JobOrder) throws -> JobFolder {
        let attempt = try #require(order.attempt)
        return try JobFolder.create(
            at: directory.appending("jobs/\(attempt.task.id)/\(attempt.number)"),
            description: JobDescription(
                run: order.run, task: attempt.task, rules: [], base: order.base, attempt: attempt.number,
                worker: "test", limits: attempt.rung.worker.limits),
            prompt: "Say new.")
    }

    /// - Parameter folder: nil for checks.
    func submit(
        _ order: JobOrder, _ folder: JobFolder?, to other: (any Executor)? = nil,
        waiting: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> Ticket {
        let repository = repository
        return try await (other ?? executor).submit(
            Submission(order: order, folder: folder?.path) { path, known in
                try repository.git(
                    ["bundle", "create", "-q", path, JobOrder.baseReference(order.base, plan: "demo")]
                        + known.map { "^\($0.hex)" })
            }, waiting: waiting)
    }

    /// What came from a job while it ran.
    final class Received: Sendable {
        let outbox = Mutex<[String: [UInt8]]>([:])
        let news = Mutex<[JobNews]>([])
    }

    /// Waits for the end of a job, with a bound.
    func follow(
        _ ticket: Ticket, sending inbox: [String: [UInt8]] = [:], into received: Received = Received()
    ) async -> RunningJobs.Ending {
        let sent = Mutex(false)
        let bound = Task { [self] in
            try await Task.sleep(for: .seconds(240))
            Issue.record("no end after 240 s: \(ticket)")
            await executor.close()
        }
        defer { bound.cancel() }
        return await running.follow(
            ticket,
            .init(
                outgoing: { sent.withLock { $0 } ? [:] : inbox }, delivered: { _ in sent.withLock { $0 = true } },
                incoming: { files in
                    received.outbox.withLock { $0.merge(files) { $1 } }
                    return Array(files.keys)
                }, news: { lines in received.news.withLock { $0 += lines } }))
    }

    /// Carries an order out and returns its result and the folder of its files.
    func result(of order: JobOrder) async throws -> (JobResult, files: String) {
        let ticket = try await submit(order, order.attempt == nil ? nil : try jobFolder(of: order))
        let ending = await follow(ticket)
        try #require(ending == .ended)
        let files = try directory.makeDirectory("result-\(UUID().uuidString.prefix(8))")
        let result = try await executor.fetch(ticket, into: files)
        await executor.remove(ticket)
        return (result, files)
    }

    /// Processes with a word in their arguments.
    func processes(with mark: String) -> [String] {
        let list = try? run("/bin/ps", ["-eo", "pid,args"], in: "/", environment: [:], input: [], limit: 60).text
        return (list ?? "").split(separator: "\n").filter {
            $0.contains(mark) && !$0.contains("ps -eo") && !$0.contains("/shim.py ")
        }
        .map(String.init)
    }

    func wait(_ what: String, until condition: () -> Bool) async throws {
        let deadline = Date(timeIntervalSinceNow: 240)
        while !condition() {
            guard Date() < deadline else {
                Issue.record("waited in vain: \(what)")
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
