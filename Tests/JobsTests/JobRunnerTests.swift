import Foundation
import Jobs
import Model
import TestSupport
import Testing

@Suite struct JobRunnerTests {
    private let scene: ProcessScene
    private let folder: JobFolder

    init() throws {
        scene = try ProcessScene()
        let path = try scene.directory.makeDirectory("job")
        folder = JobFolder(existing: path)
        try "Do it.\n".write(toFile: folder.prompt, atomically: true, encoding: .utf8)
    }

    private func run(
        _ commands: [String], timeout: Double = 600, kept: Int = 1 << 20, secrets: [JobEnvironment.Secret] = [],
        change: (inout Job) -> Void = { _ in }
    ) async -> JobOutcome {
        var job = Job(
            folder: folder, commands: commands, checkout: scene.directory.path,
            environment: JobEnvironment(
                variables: ["PATH": "/usr/bin:/bin", "ORCHESTRATE_JOB": folder.path], secrets: secrets),
            timeout: timeout, outputKept: kept, grace: 0.2)
        change(&job)
        return await JobRunner(runner: scene.runner).run(job)
    }

    private func content(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    @Test func `a job leaves a log and a report`() async {
        let outcome = await run([#"echo working; echo '{"summary": "did it"}' > "$ORCHESTRATE_JOB/outcome.json""#])
        #expect(outcome.process.ending == .exited(0))
        #expect(outcome.report?.summary == "did it")
        #expect(outcome.notes.isEmpty)
        #expect(content(outcome.log) == "working\n")
    }

    @Test func `commands run in order until one fails`() async {
        let outcome = await run(["echo 1", "echo 2; exit 5", "echo 3"])
        #expect(outcome.process.ending == .exited(5))
        #expect(content(outcome.log) == "1\n2\n")
    }

    @Test func `the outcome sums up all commands`() async throws {
        let outcome = await run([
            "perl -e '$x = \"a\" x 100_000_000; 1 while times < 0.1'; sleep 1000 & true",
            "perl -e '1 while times < 0.1'; sleep 1000 & true",
        ])
        #expect(outcome.process.ending == .exited(0))
        // An orphan of a test that runs beside this one may be counted too.
        #expect(outcome.process.leftBehind >= 2)
        #if os(Linux)
        #expect(try #require(outcome.process.processorSeconds) >= 0.2)
        #expect(try #require(outcome.process.peakMemory) >= 100_000_000)
        #endif
    }

    @Test func `a job without a command cannot start`() async {
        guard case .couldNotStart = await run([]).process.ending else {
            Issue.record("it started")
            return
        }
    }

    @Test func `all commands share one timeout`() async {
        let outcome = await run(["sleep 0.4", "sleep 0.4", "sleep 0.4", "echo never"], timeout: 1)
        #expect(outcome.process.ending == .timedOut)
        #expect(content(outcome.log)?.isEmpty == true)
    }

    #if os(Linux)
    @Test func `limits of a job reach each of its processes`() async {
        let outcome = await run(["ulimit -f", "ulimit -f; exec head -c 3000000 /dev/zero > big"]) {
            $0.limits = ResourceLimits(fileSize: 1 << 20)
        }
        #expect(outcome.process.ending == .limit(.fileSize(1 << 20)))
        #expect(content(outcome.log)?.hasPrefix("2048\n2048\n") == true)
    }

    @Test func `an idle job is ended`() async {
        let outcome = await run(["exec sleep 600"]) { $0.idle = IdleRule(timeout: 0.3, folders: []) }
        guard case .idle = outcome.process.ending else {
            Issue.record("\(outcome.process.ending)")
            return
        }
    }
    #endif

    @Test func `the prompt can come on standard input`() async {
        let outcome = await run(["cat"]) { $0.promptOnInput = true }
        #expect(content(outcome.log) == "Do it.\n")
    }

    @Test func `an event stream goes to the transcript`() async {
        _ = await run(["echo event; echo trouble >&2"]) { $0.hasTranscript = true }
        #expect(content(folder.transcript) == "event\n")
        #expect(content(folder.log) == "trouble\n")
    }

    @Test func `secrets are in neither log nor transcript`() async {
        _ = await run(
            ["echo a hunter2hunter2; echo b hunter2hunter2 >&2"],
            secrets: [
                .init(name: "PASSWORD", value: "hunter2hunter2")
            ]
        ) { $0.hasTranscript = true }
        #expect(content(folder.transcript) == "a [PASSWORD]\n")
        #expect(content(folder.log) == "b [PASSWORD]\n")
    }

    @Test func `a worker that writes 200 MB is ended and little of it is kept`() async throws {
        let outcome = await run(["head -c 200000000 /dev/zero | tr '\\0' 'x'; sleep 60"], kept: 10 << 20)
        #expect(outcome.process.ending == .outputLimit)
        let size = try FileManager.default.attributesOfItem(atPath: outcome.log)[.size] as? Int
        #expect(try #require(size) < 11 << 20)
    }

    @Test func `a worker that replaces its log and its outcome is noted`() async throws {
        let target = scene.directory.appending("secret")
        try "private".write(toFile: target, atomically: true, encoding: .utf8)
        let outcome = await run([#"cd "$ORCHESTRATE_JOB" && ln -sf "\#(target)" log && mkfifo outcome.json"#])
        #expect(outcome.process.ending == .exited(0))
        #expect(outcome.notes.count == 2)
        #expect(content(target) == "private")
        #expect(content(outcome.log) == nil)
    }

    @Test func `cancelling ends the job`() async throws {
        let task = Task { await run(["echo started; sleep 1000"]) }
        try await until("the job has started") { content(folder.log) == "started\n" }
        task.cancel()
        #expect(await task.value.process.ending == .cancelled)
    }
}
