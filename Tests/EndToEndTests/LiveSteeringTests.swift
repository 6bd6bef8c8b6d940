import Foundation
import Model
import Store
import TestSupport
import Testing

/// What a person says to a run while it goes on, each through the control spool of a live `migrate`.
@Suite(.ownThreads) struct LiveSteeringTests {
    /// What the program answers; the run is there, so it is never kept for later.
    private func tell(_ live: GatedShop, _ words: String...) throws -> String {
        let result = try run(
            Workshop.program, words, in: live.shop.repository.path, environment: live.shop.environment, input: [])
        #expect(result.status == 0, "\(words): \(result.errorText)")
        return result.text
    }

    private func isStart(_ body: LoggedEvent.Body) -> Bool {
        if case .decision(.start) = body { true } else { false }
    }

    @Test func `a paused run starts nothing until it is told to go on`() throws {
        let live = try GatedShop(GatedShop.files(6))
        live.close("f0.py", "f1.py")
        let process = try live.start(until: "f0.py", "f1.py")
        #expect(try tell(live, "pause").contains("paused: nothing new is started, 2 attempts under way may end"))
        #expect(try tell(live, "pause").contains("paused already"))
        try live.open("f0.py", "f1.py")
        live.shop.wait("both land", for: process) { (try? live.shop.landed().count) == 2 }
        #expect(try live.shop.orchestrate("status").text.contains("paused by a person"))
        #expect(process.isRunning)
        #expect(try tell(live, "continue").contains("continues"))
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(live.said)")
        #expect(try live.shop.landed().count == 6 && live.shop.traceLines().count == 6)
        let log = try live.log()
        let pause = try #require(log.firstIndex { if case .decision(.pause) = $0 { true } else { false } })
        let proceed = try #require(log.firstIndex { if case .decision(.proceed) = $0 { true } else { false } })
        #expect(!log[pause..<proceed].contains(where: isStart))
        #expect(log[proceed...].count(where: isStart) == 4)
    }

    @Test func `a stopped run lets its attempts end, and the next one lands them`() throws {
        let live = try GatedShop(GatedShop.files(6))
        live.close("f0.py", "f1.py")
        let process = try live.start(until: "f0.py", "f1.py")
        #expect(try tell(live, "stop").contains("stopping: nothing new is started, 2 attempts under way may end"))
        try live.open("f0.py", "f1.py")
        process.waitUntilExit()
        #expect(process.terminationStatus == 4)
        #expect(live.said.contains("type 'orchestrate resume'"), "\(live.said)")
        #expect(live.shop.traceLines().count == 2)
        #expect(try live.shop.orchestrate("resume").status == 0)
        #expect(try live.shop.landed().count == 6 && live.shop.traceLines().count == 6)
    }

    @Test func `a run that is stopped at once ends its workers and counts nothing against the tasks`() throws {
        let live = try GatedShop(GatedShop.files(4), step: "attempts: 1")
        live.close("f0.py", "f1.py")
        let process = try live.start(until: "f0.py", "f1.py")
        #expect(try tell(live, "stop", "--now").contains("all workers are ended now"))
        process.waitUntilExit()
        #expect(process.terminationStatus == 4)
        #expect(try live.shop.survivors() == [])
        #expect(try live.shop.landed() == [])
        try live.open("f0.py", "f1.py")
        #expect(try live.shop.orchestrate("resume").status == 0)
        #expect(try live.shop.landed().count == 4)
        #expect(live.shop.traceLines().count == 6)
    }

    @Test func `a task that is to come first comes first with what it needs`() throws {
        var files = GatedShop.files(6)
        files["f5.py"] = "import f4\nold\n"
        let live = try GatedShop(files, workers: "max_parallel: 1")
        live.close("f3.py", "f4.py")
        // The only one that another needs is the first.
        let process = try live.start(until: "f4.py")
        #expect(try tell(live, "prioritise", "f5.py").contains("f5.py and the task it needs start before all others"))
        #expect(try tell(live, "prioritise", "f3.py").contains("f3.py starts before all others"))
        try live.open("f4.py")
        live.shop.wait("f3.py starts", for: process) { live.shop.traceLines().count == 2 }
        live.shop.wait("f4.py lands", for: process) { (try? live.shop.landed()) == ["f4.py"] }
        live.shop.wait("f5.py is ready", for: process) { (try? live.shop.task("f5.py").state) == .ready }
        try live.open("f3.py")
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(live.shop.traceLines().prefix(3) == ["f4.py", "f3.py", "f5.py"], "\(live.shop.traceLines())")
        let refused = try live.shop.orchestrate("retry", "f3.py")
        #expect(refused.status == 1 && refused.errorText.contains("f3.py is done"))
    }

    @Test func `a skipped task is given up also while its worker runs`() throws {
        var files = GatedShop.files(5)
        files["g.py"] = "import f0\nold\n"
        let live = try GatedShop(files)
        live.close("f0.py", "f1.py", "f2.py")
        let process = try live.start(until: "f0.py", "f1.py")
        #expect(try tell(live, "skip", "f0.py").contains("its worker is ended, then it is skipped"))
        // With f1.py and f2.py at their gates no worker is free, so f4.py cannot have begun.
        live.shop.wait("the next one starts", for: process) { live.shop.traceLines().last == "f2.py" }
        #expect(try live.shop.survivors().count(where: { $0.contains("gate-f0.py") }) == 0)
        #expect(try tell(live, "skip", "f4.py").contains("f4.py is skipped"))
        try live.open("f1.py", "f2.py")
        process.waitUntilExit()
        #expect(process.terminationStatus == 1, "\(live.said)")
        #expect(try live.shop.landed().sorted() == ["f1.py", "f2.py", "f3.py"])
        #expect(!live.shop.traceLines().contains("f4.py") && !live.shop.traceLines().contains("g.py"))
        #expect(live.said.contains("skipped by a person"), "\(live.said)")
    }

    /// Writes a worker's folder beside the plan.
    private func worker(_ name: String, _ run: String, in live: GatedShop) throws {
        try live.shop.directory.makeDirectory("workers/\(name)")
        try "version: 1\nname: \(name)\nrun: \(run)\n".write(
            toFile: live.shop.directory.appending("workers/\(name)/worker.yaml"), atomically: true, encoding: .utf8)
    }

    @Test func `a running task is done again by another worker with the persons words`() throws {
        let live = try GatedShop(GatedShop.files(3), step: "attempts: 1")
        try worker("other", "sed -i s/old/new-by-other/ {files}", in: live)
        live.close("f0.py", "f1.py")
        let process = try live.start(until: "f0.py", "f1.py")
        let answer = try tell(
            live, "retry", "f0.py", "--worker", "other", "--note", "Say who did it.", "--plan", live.shop.planPath)
        #expect(answer.contains("its worker is ended, then it is done again"))
        live.shop.wait("it lands", for: process) { (try? live.shop.landed().contains("f0.py")) == true }
        try live.open("f1.py")
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(live.said)")
        #expect(try live.shop.text("f0.py") == "new-by-other")
        #expect(try live.prompt("f0.py", 2).contains("Say who did it."))
        #expect(try !live.prompt("f1.py", 1).contains("Say who did it."))
        let attempts = try live.shop.attempts()
        #expect(attempts["f0.py"]?.map(\.worker) == ["command", "other"])
        #expect(attempts["f0.py"]?.map(\.failure?.kind) == [.interrupted, nil])
    }

    @Test func `a task that was set aside is taken up again in the same run`() throws {
        let live = try GatedShop(["a.py": "old\n", "b.py": "import a\nold\n", "z.py": "old\n"])
        try live.shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              ladder:
                - run: |
                    echo {task} >>$TRACE
                    while [ -e $TRACE.gate-{task} ]; do sleep 0.02; done
                    if [ {task} = a.py ]; then grep -q "Use the other colour." {prompt} || exit 1; fi
                    sed -i s/old/new/ {files}
                  prompt: file
                  attempts: 1
            """)
        live.close("z.py")
        let process = try live.start(until: "a.py", "z.py")
        live.shop.wait("a.py fails", for: process) {
            (try? live.shop.orchestrate("status").text.contains("exited with status 1")) == true
        }
        let refused = try live.shop.orchestrate("retry", "b.py")
        #expect(refused.status == 1 && refused.errorText.contains("b.py is blocked by a.py: retry that one"))
        #expect(try tell(live, "retry", "a.py", "--note", "Use the other colour.").contains("is tried again"))
        live.shop.wait("what it blocked lands too", for: process) { (try? live.shop.landed()) == ["a.py", "b.py"] }
        try live.open("z.py")
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(live.said)")
        #expect(live.shop.traceLines().sorted() == ["a.py", "a.py", "b.py", "z.py"])
    }
}
