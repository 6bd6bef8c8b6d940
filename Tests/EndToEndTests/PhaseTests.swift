import Foundation
import TestSupport
import Testing

/// Verbs in the phases of a run in which no scheduler is there, and runs that something gets in the way of.
@Suite(.ownThreads) struct PhaseTests {
    /// A run that is in its baseline, on a store that was never used.
    private func inBaseline() throws -> (shop: Workshop, process: Process) {
        let shop = try Workshop(replaying: .none(reason: "no run is begun"))
        try shop.repository.commit(["a.py": "old\n", "b.py": "old\n"])
        try shop.replacingPlan(
            "  environment: [TRACE]\n  baseline: [{run: \"echo base >>$TRACE; sleep 600 # \(shop.mark)\"}]")
        let process = try shop.start("migrate", "--plan", shop.planPath, saying: shop.directory.appending("said"))
        shop.wait("the baseline runs", for: process) { shop.traceLines() == ["base"] }
        return (shop, process)
    }

    @Test(arguments: [["stop", "--now"], ["stop"]])
    func `stop ends a run in its baseline, and answers within a second`(verb: [String]) throws {
        let (shop, process) = try inBaseline()
        let begin = Date()
        let result = try shop.orchestrate(verb)
        #expect(Date().timeIntervalSince(begin) < 5)
        #expect(result.status == 0 && result.text.contains("the run has not begun"), "\(result.errorText)")
        process.waitUntilExit()
        #expect(process.terminationStatus == 4)
        #expect(try shop.survivors() == [])
    }

    @Test func `a run that is killed in its baseline leaves nothing in the way`() throws {
        let (shop, process) = try inBaseline()
        #expect(try shop.orchestrate("status").errorText.contains("plan 'demo' is being prepared"))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.landed().count == 2 && shop.survivors() == [])
        #expect(try shop.orchestrate("clean").status == 0)
    }

    @Test func `two coordinators at once on a fresh store: one runs, the other says so`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "old\n"])
        try shop.replacingPlan()
        let runs = try (0..<4).map { number in
            try shop.start("migrate", "--plan", shop.planPath, saying: shop.directory.appending("said\(number)"))
        }
        for run in runs { run.waitUntilExit() }
        let said = (0..<4).map { number in
            (try? String(contentsOfFile: shop.directory.appending("said\(number)"), encoding: .utf8)) ?? ""
        }
        #expect(runs.allSatisfy { [0, 5].contains($0.terminationStatus) }, "\(said)")
        #expect(runs.contains { $0.terminationStatus == 0 })
        #expect(try shop.landed().sorted() == ["a.py", "b.py"] && shop.traceLines().sorted() == ["a.py", "b.py"])
    }

    @Test func `objects that nothing refers to are collected under a run, and it lands all`() throws {
        let shop = try Workshop()
        try shop.repository.commit(GatedShop.files(12))
        // While its checks run, no branch refers to the work of an attempt.
        try shop.replacingPlan("  task: [{run: sleep 0.3}]\n  landing: [{run: sleep 0.3, probe: off}]")
        let process = try shop.start("migrate", "--plan", shop.planPath, saying: shop.directory.appending("said"))
        for work in ["attempts", "candidates"] {
            shop.wait("a reference holds the work of \(work)", for: process) {
                ((try? shop.repository.git("for-each-ref", "refs/orchestrate/demo/\(work)")) ?? "") != ""
            }
        }
        for count in [1, 4, 8] {
            shop.wait("\(count) tasks land", for: process) { ((try? shop.landed().count) ?? 0) >= count }
            try shop.repository.git("gc", "--quiet", "--prune=now")
        }
        process.waitUntilExit()
        let said = try String(contentsOfFile: shop.directory.appending("said"), encoding: .utf8)
        #expect(process.terminationStatus == 0, "\(said)")
        #expect(try shop.landed().count == 12)
        #expect(try shop.repository.git("for-each-ref", "refs/orchestrate") == "")
        #expect(try shop.repository.git("fsck", "--connectivity-only", "--no-dangling") == "")
    }

    @Test(arguments: ["land", "clean"])
    func `a verb that was killed while it moved a branch can be typed again`(verb: String) throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "old\n"])
        try shop.replacingPlan()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        try shop.repository.git("branch", "release", "main")
        let branch = verb == "land" ? "release" : "orchestrate-task/demo/a.py"
        let arguments = verb == "land" ? ["land", "--into", "release"] : ["clean"]
        // What a kill between making the lock and moving the branch leaves.
        let lock = shop.repository.appending(".git/refs/heads/\(branch).lock")
        try lock.write(toFile: shop.repository.appending(".git/orchestrate-locks"), atomically: false, encoding: .utf8)
        try Data().write(to: URL(fileURLWithPath: lock))
        let doctor = try shop.orchestrate("doctor").text
        #expect(doctor.contains("\(branch).lock exists, left by a killed orchestrate"), "\(doctor)")
        let result = try shop.orchestrate(arguments)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(!FileManager.default.fileExists(atPath: lock))
        var environment = shop.environment
        environment["ORCHESTRATE_CRASH"] = "moved:1"
        try shop.repository.git("branch", "-f", "release", "main")
        let killed = try shop.start(arguments, environment: environment)
        killed.waitUntilExit()
        #expect(try shop.orchestrate(arguments).status == 0)
        #expect(try !shop.orchestrate("doctor").text.contains(".lock exists"))
    }

    @Test func `clean removes what a run left that a changed plan has replaced`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "old\n"])
        try shop.replacingPlan("budget: {workers: 1}")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 4)
        try shop.replacingPlan("  landing: [{run: 'true'}]")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        let result = try shop.orchestrate("clean")
        #expect(result.status == 0 && !result.text.contains("not finished"), "\(result.text)")
    }

    @Test func `resume takes the plan and the repository from its options or from the folder`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "old\n", "c.py": "old\n", "d.py": "old\n"])
        for (count, arguments) in [
            (1, ["--plan", shop.planPath, "--repo", shop.repository.path]), (2, ["--plan", shop.planPath]),
            (3, ["--repo", shop.repository.path]),
        ] {
            try shop.replacingPlan("budget: {workers: \(count)}")
            let text = try String(contentsOfFile: shop.planPath, encoding: .utf8)
            try text.replacing("repository: \(shop.repository.path)\n", with: "")
                .write(toFile: shop.planPath, atomically: true, encoding: .utf8)
            if count == 1 {
                #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--repo", ".").status == 4)
            }
            let result = try shop.orchestrate(["resume"] + arguments)
            #expect(result.status == 4, "\(arguments): \(result.errorText)")
        }
    }

    @Test func `the path of a task's file is relative to the current folder`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "sub/a.py": "old\n"])
        try shop.replacingPlan()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        for (verb, path, task) in [
            ("explain", "a.py", "sub/a.py"), ("explain", "./a.py", "sub/a.py"), ("review", "../a.py", "a.py"),
            ("explain", "sub/a.py", "sub/a.py"),
        ] {
            let result = try run(
                Workshop.program, [verb, path], in: shop.repository.appending("sub"), environment: shop.environment,
                input: [])
            #expect(result.status == 0 && result.text.contains(task), "\(verb) \(path): \(result.errorText)")
            #expect(task != "a.py" || !result.text.contains("sub/a.py"))
        }
    }
}
