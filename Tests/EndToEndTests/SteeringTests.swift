import Foundation
import TestSupport
import Testing

/// What a person says to a run, and where a run waits for one.
@Suite(.ownThreads) struct SteeringTests {
    private func shop(_ more: String, files: Int = 8) throws -> Workshop {
        let shop = try Workshop()
        var contents: [String: String] = [:]
        for number in 0..<files { contents["f\(number).py"] = "old\n" }
        try shop.repository.commit(contents)
        try shop.replacingPlan(more)
        return shop
    }

    @Test func `a sample is looked at before the rest`() throws {
        let shop = try shop("checkpoints: [{after: {tasks: 3}}]")
        let first = try shop.orchestrate("migrate", "--plan", shop.planPath, "--unattended")
        #expect(first.status == 4, "\(first.errorText)")
        #expect(first.text.contains("orchestrate continue"), "\(first.text)")
        #expect(try shop.landed().count == 3)
        // The checkpoint stays until somebody has said go on.
        #expect(try shop.orchestrate("resume", "--unattended").status == 4)
        #expect(try shop.landed().count == 3)
        #expect(try shop.orchestrate("continue").text.contains("Queued"))
        #expect(try shop.orchestrate("resume", "--unattended").status == 0)
        #expect(try shop.landed().count == 8)
    }

    @Test func `a run waits at a checkpoint until it is told`() throws {
        let shop = try shop("checkpoints: [{after: {tasks: 3}}]")
        let process = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("the checkpoint is reached", for: process) { (try? shop.landed().count) == 3 }
        shop.wait("the run says go on", for: process) { (try? shop.orchestrate("continue").status) == 0 }
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try shop.landed().count == 8)
    }

    @Test func `a spent budget stops the run and a raised one goes on`() throws {
        let shop = try shop("budget: {workers: 3}")
        let first = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(first.status == 4)
        #expect(first.text.contains("budget.workers is spent"), "\(first.text)")
        #expect(shop.traceLines().count == 3)
        try shop.replacingPlan("budget: {workers: 100}")
        #expect(try shop.orchestrate("resume", "--plan", shop.planPath).status == 0)
        #expect(shop.traceLines().count == 8)
        #expect(try shop.orchestrate("status").text.contains("demo-1"))
    }

    @Test func `a task that was skipped is taken up again in a finished run`() throws {
        let shop = try shop("checkpoints: [{after: {tasks: 2}}]")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--unattended").status == 4)
        let left = (0..<8).map { "f\($0).py" }.first { !shop.traceLines().contains($0) } ?? ""
        #expect(try shop.orchestrate("skip", left).status == 0)
        #expect(try shop.orchestrate("continue").status == 0)
        #expect(try shop.orchestrate("resume").status == 1)
        #expect(try shop.landed().count == 7)
        #expect(try shop.orchestrate("retry", left).text.contains("Queued"))
        #expect(try shop.orchestrate("resume").status == 0)
        #expect(try shop.landed().count == 8)
    }

    @Test func `a verified task lands once it is approved`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              approve: before-landing
              ladder: [{run: "sed -i s/old/new/ {files}"}]
            """)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--unattended").status == 4)
        #expect(try shop.landed().isEmpty)
        #expect(try shop.orchestrate("continue", "a.py").status == 0)
        #expect(try shop.orchestrate("resume", "--unattended").status == 0)
        #expect(try shop.landed() == ["a.py"])
    }

    @Test func `where nobody works on a run nobody can pause it`() throws {
        let shop = try shop("")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        for verb in ["pause", "stop"] {
            let result = try shop.orchestrate(verb)
            #expect(result.status == 4)
            #expect(result.errorText.contains("demo-1 is not running"))
        }
    }
}
