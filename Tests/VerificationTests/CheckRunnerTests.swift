import Foundation
import Jobs
import Model
import TestSupport
import Testing
import Verification

@Suite struct CheckRunnerTests {
    private let directory: ScratchDirectory
    private let checkout: String
    private let logs: String

    init() throws {
        directory = try ScratchDirectory("checks")
        checkout = try directory.makeDirectory("checkout")
        logs = try directory.makeDirectory("logs")
    }

    private func run(
        _ checks: [Check], files: [String] = ["a", "b"], allowed: [String] = [], keepGoing: Bool = false,
        checkout: String? = nil
    ) async -> [CheckResult] {
        let runner = CheckRunner(
            runner: ProcessRunner(marker: "test-\(UUID().uuidString)"),
            base: BaseEnvironment(coordinator: ["PATH": "/usr/bin:/bin", "KEY": "hunter2hunter2"]), allowed: allowed,
            gate: CheckGate())
        let place = CheckRunner.Place(
            checkout: checkout ?? self.checkout, logs: logs,
            job: JobPlace(run: RunID("r-1"), task: TaskID("t"), slot: 2),
            grace: 0.2)
        return await runner.run(checks, files: files, task: TaskID("t"), in: place, keepGoing: keepGoing)
    }

    private func one(_ command: String, timeout: Double = 600) async throws -> CheckResult {
        let results = await run([Check(name: "check", run: command, timeout: timeout)])
        try #require(results.count == 1)
        return results[0]
    }

    @Test func `a check that exits with 0 passes without a digest`() async throws {
        let result = try await one("echo error: not really")
        #expect(result.outcome == .passed)
        #expect(result.digest.isEmpty)
    }

    @Test(arguments: [
        ("exit 3", 3, "exit status 3"), ("no-such-tool-here", 127, "the command was not found"),
        ("touch x; ./x", 126, "cannot be executed"), ("kill -SEGV $$", 128 + 11, "ended by signal 11"),
    ]) func `a check that fails says how`(command: String, status: Int32, words: String) async throws {
        let result = try await one(command)
        #expect(result.outcome == .failed)
        #expect(result.status == status)
        #expect(result.digest.contains(words))
    }

    @Test func `the digest of a failure has the lines that matter, with paths from the root`() async throws {
        let result = try await one("seq 1000; echo \"$PWD/a.c:1:2: error: bad\"; seq 1000; exit 1")
        #expect(result.digest == "exit status 1\n1000\na.c:1:2: error: bad")
    }

    @Test func `a check that takes too long is told apart`() async throws {
        let result = try await one("echo before; sleep 1000", timeout: 1)
        #expect(result.outcome == .timedOut)
        #expect(result.digest.hasPrefix("still running after 1 s"))
        #expect(result.digest.hasSuffix("before"))
    }

    @Test(arguments: ["kill -KILL $$", "sh -c 'kill -KILL $$'; exit $?"])
    func `a check that the system killed says nothing of the tree`(command: String) async throws {
        #expect(try await one(command).outcome == .infrastructure)
    }

    @Test func `a check that cannot start says nothing of the tree`() async {
        let results = await run([Check(name: "c", run: "true")], checkout: directory.appending("none"))
        #expect(results.map(\.outcome) == [.infrastructure])
    }

    @Test func `a check is run for each file and stops at the first red one`() async {
        let checks = [Check(name: "one", run: "test {file} != b"), Check(name: "two", run: "true")]
        let results = await run(checks, files: ["a", "b", "c"])
        #expect(results.map(\.command) == ["test a != b", "test b != b"])
        #expect(results.map(\.outcome) == [.passed, .failed])
        let all = await run(checks, files: ["a", "b", "c"], keepGoing: true)
        #expect(all.map(\.outcome) == [.passed, .failed, .passed, .passed])
    }

    @Test func `names that a shell would take apart reach the check whole`() async throws {
        let names = ["it's $HOME.py", "-rf", "a b;c"]
        let results = await run([Check(name: "args", run: "printf '%s\\n' {files} > out")], files: names)
        #expect(results.map(\.outcome) == [.passed])
        #expect(try String(contentsOfFile: checkout + "/out", encoding: .utf8) == "it's $HOME.py\n./-rf\na b;c\n")
    }

    @Test func `the environment is what the plan allows`() async {
        let check = Check(
            name: "env", run: #"test "$A$B$ORCHESTRATE_SLOT$ORCHESTRATE_PORT_BASE" = "12220040" && test -z "$HOME""#,
            environment: ["B=2"])
        #expect(await run([check], allowed: ["A=1"]).map(\.outcome) == [.passed])
    }

    @Test func `the whole log is kept, without secrets`() async throws {
        _ = await run([Check(name: "my check/1", run: "echo $KEY; seq 5; exit 1", environment: ["KEY"])])
        let log = try String(contentsOfFile: logs + "/my-check-1-1.log", encoding: .utf8)
        #expect(log == "[KEY]\n1\n2\n3\n4\n5\n")
    }

    @Test func `cancelling ends a check`() async throws {
        let started = checkout + "/started"
        let task = Task {
            await run([Check(name: "c", run: "echo > started; sleep 1000"), Check(name: "d", run: "true")])
        }
        while !FileManager.default.fileExists(atPath: started) { try await Task.sleep(for: .milliseconds(2)) }
        task.cancel()
        #expect(await task.value.map(\.outcome) == [.infrastructure])
    }

    @Test func `a failed check names its failed tests, a passed one does not`() async throws {
        let output = "printf '1..2\\nok 1 - a\\nnot ok 2 - b\\n'"
        let failed = try await one("\(output); exit 1")
        #expect(failed.failedTests == ["b"])
        #expect(failed.testsRun == 2)
        #expect(failed.testGap == nil)
        let cut = try await one("printf '1..3\\nnot ok 1 - a\\n'; exit 1")
        #expect(cut.testGap == "3 tests were planned and 1 ran")
        let passed = try await one(output)
        #expect(passed.failedTests == [] && passed.testsRun == 2)
        let late = try await one("\(output); sleep 1000", timeout: 1)
        #expect(late.outcome == .timedOut && late.failedTests == [])
    }

    @Test(arguments: [("exit 126", 1), ("exit 127", 1), ("exit 1", 3), ("sleep 1000", 3), ("kill -KILL $$", 1)])
    func `only what may pass the next time is run again`(command: String, times: Int) async throws {
        let check = Check(name: "c", run: "echo x >>runs; \(command)", timeout: 0.4, retries: 2)
        _ = await run([check])
        let runs = try String(contentsOfFile: checkout + "/runs", encoding: .utf8)
        #expect(runs.split(separator: "\n").count == times)
        #expect(FileManager.default.fileExists(atPath: logs + "/c-1.log"))
        #expect(FileManager.default.fileExists(atPath: logs + "/c-1-again-2.log") == (times == 3))
    }

    @Test func `the name of a check is that of its log, with its number in the list`() async {
        _ = await run([Check(name: "one", run: "true"), Check(name: "one", run: "true")])
        #expect(FileManager.default.fileExists(atPath: logs + "/one-1.log"))
        #expect(FileManager.default.fileExists(atPath: logs + "/one-2.log"))
    }

    @Test func `a command that cannot be written out fails without being run`() async throws {
        let results = await run([Check(name: "c", run: "touch ran; {unknown}")])
        #expect(results.map(\.outcome) == [.failed])
        #expect(results.map(\.status) == [126])
        #expect(!FileManager.default.fileExists(atPath: checkout + "/ran"))
    }
}
