import Foundation
import Jobs
import Model
import TestSupport
import Testing
import Verification

@Suite struct CustomGuardTests {
    private let directory: ScratchDirectory
    private let diff: String

    init() throws {
        directory = try ScratchDirectory("guards")
        try directory.makeDirectory("checkout")
        try directory.makeDirectory("logs")
        diff = directory.appending("diff")
        try "+x\n".write(toFile: diff, atomically: true, encoding: .utf8)
    }

    private func run(_ commands: [String], timeout: Double = 60) async -> Failure? {
        let runner = CheckRunner(
            runner: ProcessRunner(marker: "test-\(UUID().uuidString)"),
            base: BaseEnvironment(coordinator: ["PATH": "/usr/bin:/bin"]), allowed: [], gate: CheckGate())
        let guards = commands.enumerated().map { CustomGuard(name: "g\($0)", run: $1, timeout: timeout) }
        return await runner.run(
            guards, diff: diff, changes: ["a.py", "b c.py"],
            task: MigrationTask(id: TaskID("t"), title: "t", files: ["a.py"]),
            in: CheckRunner.Place(
                checkout: directory.appending("checkout"), logs: directory.appending("logs"),
                job: JobPlace(run: RunID("r"), task: TaskID("t"), slot: 1), grace: 0.2))
    }

    @Test func `a guard that exits with 0 does not object, whatever it prints`() async {
        #expect(await run(["echo a.py:1: bad"]) == nil)
    }

    @Test func `a guard reads the diff, as input and by path`() async {
        #expect(await run(["grep -q x", "grep -q x {diff}", "! grep -q y {diff}"]) == nil)
        #expect(await run(["! grep -q x"])?.kind == .guardRule)
    }

    @Test func `lines with a changed path are places`() async throws {
        let output = """
            a.py:3: first
            ./b c.py:4:5: second
            a.py: whole file
            a.py:7:
            other.py:1: not changed
            text without a place
            """
        let failure = try #require(await run(["printf '%s' '\(output)'; exit 1"]))
        #expect(failure.kind == .guardRule)
        #expect(failure.places == ["a.py:3", "b c.py:4", "a.py", "a.py:7"])
        #expect(
            failure.detail == """
                a.py:3: first (g0)
                b c.py:4: second (g0)
                a.py: whole file (g0)
                a.py:7: is rejected (g0)
                """)
    }

    @Test func `a guard without places objects to the diff as a whole`() async throws {
        let failure = try #require(await run(["echo error: no; exit 2"]))
        #expect(failure.places.isEmpty)
        #expect(failure.detail.hasPrefix("the guard 'g0' objects: exit status 2\nerror: no"))
    }

    @Test func `the objections of all guards are told`() async throws {
        let failure = try #require(await run(["echo a.py:1: x; exit 1", "true", "echo a.py:2: y; exit 1"]))
        #expect(failure.detail == "a.py:1: x (g0)\na.py:2: y (g2)")
    }

    @Test(arguments: ["exit 126", "exit 127", "kill -KILL $$", "sleep 1000"])
    func `a guard that cannot judge is a fault of the machine`(command: String) async throws {
        let failure = try #require(await run([command], timeout: 0.3))
        #expect(failure.kind == .infrastructure)
        #expect(failure.summary == "guard 'g0' could not judge the diff")
    }

    @Test func `a guard runs once for each file of the task`() async throws {
        let failure = try #require(await run(["echo {file}:1: x; exit 1"]))
        #expect(failure.places == ["a.py:1"])
    }
}
