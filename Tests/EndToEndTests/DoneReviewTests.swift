import Foundation
import Model
import Store
import TestSupport
import Testing

/// A model says what is done and what is not, and is asked about the same once.
@Suite("Reviewers of what is done", .ownThreads)
struct DoneReviewTests {
    /// `a.py` is done and `b.py` is not; the worker says `new` in it.
    private static let script = #"""
        {"prices": {"input": 3, "cached": 0.3, "output": 15}, "rules": [
          {"name": "look", "label": "${file}", "when": {"turn": 0, "prompt": "# Done or not: (?<file>[ab]\\.py)"},
           "call": [{"tool": "read", "arguments": {"path": "${file}"}}]},
          {"name": "open", "label": "${file}",
           "when": {"prompt": "# Done or not: (?<file>[ab]\\.py)", "last": "old"},
           "call": [{"tool": "verdict", "arguments":
             {"verdict": "reject", "summary": "not yet", "reasons": ["${file}:1: it still says old"]}}]},
          {"name": "done", "label": "${file}", "when": {"prompt": "# Done or not: (?<file>[ab]\\.py)"},
           "call": [{"tool": "verdict", "arguments": {"verdict": "approve", "summary": "fine"}}]}]}
        """#

    private let workshop: Workshop
    private let server: ScriptedModelServer

    init() throws {
        workshop = try Workshop()
        server = try ScriptedModelServer(script: Self.script)
        try workshop.repository.commit(["a.py": "new\n", "b.py": "old\n"])
        try ShippedWorker.put("agent", in: workshop.directory)
    }

    /// - Parameter worker: a command of one line.
    private func plan(_ worker: String, model: String = "scripted", attempts: Int = 1, more: String = "") throws {
        try workshop.plan(
            """
            scope: { include: ["*.py"] }
            workers:
              environment: [TRACE]
              ladder: [{ run: "\(worker)", attempts: \(attempts) }]
            verify:
              done:
                - reviewer: agent
                  instructions: Nothing says old.
                  environment: [ORCHESTRATE_BASE_URL=\(server.address), ORCHESTRATE_MODEL=\(model)]
            \(more)
            """)
    }

    private func orchestrate(_ arguments: String...) throws -> ScratchProcessResult {
        try run(
            Workshop.program, arguments + ["--plan", workshop.planPath], in: workshop.repository.path,
            environment: workshop.environment.merging(["ANTHROPIC_API_KEY": "sk-scripted-0123456789"]) { $1 },
            input: [])
    }

    /// How often the model was asked about a file's verdict.
    private func verdicts() throws -> [String: Int] {
        let asked = (try? server.bills()) ?? []
        return asked.filter { $0.rule != "look" }.reduce(into: [:]) { $0["\($1.label) \($1.rule)", default: 0] += 1 }
    }

    private static let mend = "echo {task} >>$TRACE; sed -i s/old/new/ {files}"

    @Test func `what is done already is given to no worker, and nothing is asked twice`() throws {
        try plan(Self.mend)
        let first = try orchestrate("migrate")
        #expect(first.status == 0, "\(first.text)\(first.errorText)")
        #expect(workshop.traceLines() == ["b.py"])
        #expect(try workshop.landed() == ["b.py"])
        #expect(try verdicts() == ["a.py done": 1, "b.py open": 1, "b.py done": 1])

        let second = try orchestrate("migrate")
        #expect(second.status == 0, "\(second.text)\(second.errorText)")
        #expect(workshop.traceLines() == ["b.py"])
        let check = try orchestrate("check")
        #expect(check.status == 0 && check.text.contains("2 of 2 tasks are done"), "\(check.text)")
        #expect(try verdicts().values.reduce(0, +) == 3)

        // Another model is another judge; what has landed is nobody's to judge again.
        try plan(Self.mend, model: "another")
        let unknown = try orchestrate("check")
        #expect(unknown.text.contains("a.py  (reviewers were not asked)"), "\(unknown.text)")
        #expect(try verdicts().values.reduce(0, +) == 3)
        #expect(try orchestrate("migrate").status == 0)
        #expect(try verdicts() == ["a.py done": 2, "b.py open": 1, "b.py done": 1])
    }

    @Test func `a rejection holds in the next run, and its reasons reach the worker`() throws {
        try plan("cat {prompt} >>$TRACE; echo '# old' >>b.py", attempts: 2)
        let text = try String(contentsOfFile: workshop.planPath, encoding: .utf8)
        try text.replacing("attempts: 2 }", with: "attempts: 2, prompt: file }").write(
            toFile: workshop.planPath, atomically: true, encoding: .utf8)
        let first = try orchestrate("migrate")
        #expect(first.status == 1, "\(first.text)\(first.errorText)")
        // Before the first worker, and after it; both attempts leave the same file.
        #expect(try verdicts() == ["a.py done": 1, "b.py open": 2])
        let told = try String(contentsOfFile: workshop.trace, encoding: .utf8)
        #expect(told.contains("finds nothing left to do: Nothing says old."), "\(told)")
        #expect(told.contains("b.py:1: it still says old"), "\(told)")
        let explained = try workshop.orchestrate("explain", "b.py").text
        #expect(explained.contains("reviewer 'agent' does not find it done: not yet"), "\(explained)")

        let second = try orchestrate("migrate")
        #expect(second.status == 1, "\(second.text)\(second.errorText)")
        #expect(try verdicts() == ["a.py done": 1, "b.py open": 2])
    }

    @Test func `what it costs to ask is counted, and commands are asked first`() throws {
        try plan(Self.mend)
        let text = try String(contentsOfFile: workshop.planPath, encoding: .utf8)
        try text.replacing("  done:\n", with: "  done:\n    - run: \"! grep -q old {file}\"\n").replacing(
            "ORCHESTRATE_MODEL=scripted]", with: "ORCHESTRATE_MODEL=scripted, \"ORCHESTRATE_PRICES=input=3,output=15\"]"
        ).write(toFile: workshop.planPath, atomically: true, encoding: .utf8)
        let result = try orchestrate("migrate")
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        // The command says of b.py that it is open.
        #expect(try verdicts() == ["a.py done": 1, "b.py done": 1])
        let billed = try server.bills().reduce(0) { $0 + $1.usd }
        let told = try workshop.attempts().values.joined().map { $0.usage?.usd ?? 0 }
        #expect(told.count == 2 && told.allSatisfy { $0 > 0 })
        #expect(abs(told.reduce(0, +) - billed) < 1e-6, "\(told) is not \(billed)")
    }
}
