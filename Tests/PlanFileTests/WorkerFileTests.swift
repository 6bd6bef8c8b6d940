import Foundation
import Model
import TestSupport
import Testing

@testable import PlanFile

@Suite struct WorkerFileTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory("workers") }

    @discardableResult
    private func write(_ name: String, in folder: String = "workers", _ text: String) throws -> String {
        let folder = try scratch.makeDirectory("\(folder)/\(name)")
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/worker.yaml"))
        return folder + "/worker.yaml"
    }

    private func plan(_ ladder: String, folders: [String] = ["workers"]) -> Result<LoadedPlan, PlanProblems> {
        PlanText.load(
            PlanText.start.replacing("{run: \"true\"}", with: ladder), workerFolders: folders.map(scratch.appending))
    }

    private static let full = """
        version: 1
        name: fix
        description: Fixes.
        run: "fix --prompt {prompt} {files}"
        prompt: file
        environment: [KEY, MODE=slow]
        limits: {timeout: 5m, output: 1M}
        """

    @Test func `every key reaches the worker`() throws {
        let path = try write("fix", Self.full)
        #expect(
            try WorkerFile.load(path).get()
                == Worker(
                    name: "fix", summary: "Fixes.", run: "fix --prompt {prompt} {files}", prompt: .file,
                    environment: ["KEY", "MODE=slow"], limits: Worker.Limits(timeout: 300, output: 1 << 20)))
    }

    @Test func `a short worker has the defaults of the model`() throws {
        let path = try write("w", "{version: 1, name: w, run: a}")
        #expect(try WorkerFile.load(path).get() == Worker(name: "w", run: "a"))
    }

    @Test func `what a step says wins`() throws {
        try write("fix", Self.full)
        let rungs = try plan(
            "{use: fix}, {use: fix, run: other, prompt: stdin, timeout: 9, environment: [MODE=fast, X], attempts: 5}"
        ).get().plan.workers.ladder
        #expect(rungs[0].worker.environment == ["KEY", "MODE=slow"])
        #expect(rungs[0].worker.limits == Worker.Limits(timeout: 300, output: 1 << 20))
        #expect(
            rungs[1]
                == Rung(
                    worker: Worker(
                        name: "fix", summary: "Fixes.", run: "other", prompt: .stdin,
                        environment: ["KEY", "MODE=fast", "X"], limits: Worker.Limits(timeout: 9, output: 1 << 20)),
                    attempts: 5))
    }

    @Test func `the timeout of the plan wins over the workers`() throws {
        try write("fix", Self.full)
        let ladder = "{use: fix}, {use: fix, timeout: 9}, {run: a}"
        let text = PlanText.start.replacing("[{run: \"true\"}]", with: "[\(ladder)], timeout: 77")
        let loaded = PlanText.load(text, workerFolders: [scratch.appending("workers")])
        #expect(try loaded.get().plan.workers.ladder.map(\.worker.limits.timeout) == [77, 9, 77])
    }

    @Test func `the first folder that has the worker wins`() throws {
        try write("w", in: "one", "{version: 1, name: w, run: first}")
        try write("w", in: "two", "{version: 1, name: w, run: second}")
        try write("v", in: "two", "{version: 1, name: v, run: third}")
        let ladder = try plan("{use: w}, {use: v}", folders: ["none", "one", "two"]).get().plan.workers.ladder
        #expect(ladder.map(\.worker.run) == ["first", "third"])
    }

    @Test func `a missing worker is named with its neighbour`() throws {
        try write("codemod", "{version: 1, name: codemod, run: a}")
        let problems = #expect(throws: PlanProblems.self) { try plan("{use: codmod}").get() }
        let folder = scratch.appending("workers")
        #expect(
            problems?.diagnostics.map(\.hint) == [
                "did you mean 'codemod'? searched for worker.yaml in \(folder); 'run' defines a worker in the plan"
            ])
    }

    @Test func `the problems of a worker come after those of the plan and once`() throws {
        let path = try write("w", "version: 1\nname: v\nrun: 'a {x}'\nprompt: files\nsandbox: 1\nlimts: {}")
        let problems = #expect(throws: PlanProblems.self) { try plan("{use: w}, {use: w, attempts: 0}").get() }
        #expect(
            problems?.diagnostics.map { "\($0.file):\($0.line):\($0.column): \($0.message)" } == [
                "plan.yaml:5:49: 'workers.ladder.attempts': expected a whole number above 0, found '0'",
                "\(path):3:9: unknown placeholder {x}",
                "\(path):4:9: 'prompt': expected none or stdin or file or argument, found 'files'",
                "\(path):5:1: 'sandbox' is not supported yet", "\(path):6:1: unknown key 'limts'",
            ])
    }

    @Test(arguments: [
        ("version: 1\nname: v\nrun: a", "2:7: the worker is called 'v', but its folder is 'w'"),
        (
            "version: 1\nname: w\nrun: a\nprompt: file",
            "3:6: 'prompt: file' needs {prompt} in the command"
        ),
        ("version: 1\nname: w\nrun: a {prompt}", "3:6: {prompt} has no value with 'prompt: none'"),
        (
            "version: 1\nname: w\nrun: a\nlimits: {output: 0}",
            "4:18: 'limits.output': expected a size such as 10M, above 0, found '0'"
        ),
        ("name: w\nrun: a", "1:1: missing key 'version'"), ("", "0:0: the file is empty"),
    ])
    func `a bad worker file is named`(_ text: String, _ expected: String) throws {
        let path = try write("w", text)
        let problems = #expect(throws: PlanProblems.self) { try WorkerFile.load(path).get() }
        #expect(PlanText.shown(problems?.diagnostics ?? []) == [expected])
    }

    @Test(arguments: [("512K", 524_288), ("10M", 10_485_760), ("1G", 1_073_741_824), ("1_000", 1000)])
    func `sizes are read`(_ text: String, _ bytes: Int) throws {
        let path = try write("w", "{version: 1, name: w, run: a, limits: {output: \(text)}}")
        #expect(try WorkerFile.load(path).get().limits.output == bytes)
    }
}
