import Foundation
import Model
import Store
import TestSupport
import Testing

/// Whole migrations by the built-in agent, with the scripted model in place of a provider.
@Suite("The built-in agent, end to end", .ownThreads)
struct BuiltInAgentTests {
    /// Eleven modules that need each other in a chain, and one that needs none.
    private static func workshop() throws -> Workshop {
        let workshop = try Workshop()
        var files = ["alone.py": "value = 'old'\n"]
        for number in 1...11 {
            let before = number == 1 ? "" : "import m\(number - 1)\n\n"
            files["m\(number).py"] = before + "def f():\n    return 'old'\n"
        }
        try workshop.repository.commit(files)
        return workshop
    }

    /// A model that reads, edits and is done; `more` comes first.
    static func script(_ more: String = "") -> String {
        let file = #"# Task: (?<file>(?:m\d+|alone)\.py)\b"#.replacingOccurrences(of: #"\"#, with: #"\\"#)
        return #"""
            {"prices": {"input": 3, "cached": 0.3, "output": 15}, "rules": [\#(more)
             {"name": "look", "label": "${file}", "when": {"turn": 0, "prompt": "\#(file)"},
              "say": "I look.", "usage": {"input": 700, "cached": 300, "output": 40},
              "call": [{"tool": "read", "arguments": {"path": "${file}"}},
                       {"tool": "search", "arguments": {"pattern": "old", "glob": "${file}"}}]},
             {"name": "edit", "label": "${file}", "when": {"turn": 1, "prompt": "\#(file)"},
              "usage": {"input": 100, "cached": 1000, "output": 60},
              "call": [{"tool": "edit", "arguments": {"path": "${file}", "old": "'old'", "new": "'new'"}}]},
             {"name": "done", "label": "${file}", "when": {"from_turn": 2, "prompt": "\#(file)"},
              "call": [{"tool": "done", "arguments": {"summary": "${file} says new", "reason": "old is old"}}]}]}
            """#
    }

    private static let key = "sk-scripted-0123456789"

    /// - Parameters:
    ///   - environment: further variables.
    ///   - more: further steps of the ladder.
    private static func plan(
        _ workshop: Workshop, _ dialect: String, _ server: ScriptedModelServer, step: String = "attempts: 2",
        environment: [String] = [], more: String = ""
    ) throws {
        try workshop.agentPlan(
            server, dialect: dialect, workers: "max_parallel: 4", step: step,
            environment: ["ORCHESTRATE_PRICES=input=3,cache_read=0.3,output=15"] + environment, more: more)
    }

    private static func migrate(_ workshop: Workshop) throws -> ScratchProcessResult {
        try run(
            Workshop.program, ["migrate", "--plan", workshop.planPath], in: workshop.repository.path,
            environment: workshop.environment.merging(["ANTHROPIC_API_KEY": key, "OPENAI_API_KEY": key]) { $1 },
            input: [])
    }

    private static func attempts(_ workshop: Workshop) throws -> [[AttemptRecord]] {
        try workshop.attempts().sorted { $0.key < $1.key }.map(\.value)
    }

    /// Everything that the run has left in its state folder.
    private static func leftovers(_ workshop: Workshop, _ text: String) throws -> String {
        try run(
            "/usr/bin/env", ["grep", "-rlae", text, "."], in: workshop.directory.appending("state"),
            environment: workshop.environment, input: []
        ).text
    }

    @Test(arguments: ["anthropic", "chat", "responses"])
    func `does a migration, and what it used is recorded`(_ dialect: String) throws {
        let workshop = try Self.workshop()
        let busy = #"{"name": "busy", "times": 2, "when": {"turn": 1}, "fault": {"status": 529, "retry_after": 0}},"#
        let server = try ScriptedModelServer(script: Self.script(busy))
        try Self.plan(workshop, dialect, server)
        let result = try Self.migrate(workshop)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try workshop.landed().count == 12)
        #expect(try workshop.text("m7.py") == "import m6\n\ndef f():\n    return 'new'")
        let message = try workshop.repository.git("log", "-1", "--format=%B", workshop.integration)
        #expect(message.contains("old is old"))

        let attempts = try Self.attempts(workshop)
        #expect(attempts.map(\.count) == Array(repeating: 1, count: 12))
        let told = attempts.joined().compactMap(\.usage).reduce(Usage()) { $0 + $1 }
        let bills = try server.bills()
        #expect(told.inputTokens == bills.reduce(0) { $0 + $1.input })
        #expect(told.cachedTokens == bills.reduce(0) { $0 + $1.cached })
        #expect(told.outputTokens == bills.reduce(0) { $0 + $1.output })
        #expect(abs((told.usd ?? 0) - bills.reduce(0) { $0 + $1.usd }) < 1e-6)
        #expect(bills.count { $0.status == 529 } == 2)
        #expect(try Self.leftovers(workshop, Self.key) == "", "the key was written down")
    }

    @Test(arguments: ["anthropic", "chat"])
    func `siblings wait for the first answer, and most of their prompt is cached`(_ dialect: String) throws {
        let workshop = try Workshop()
        try workshop.repository.commit(
            Dictionary(uniqueKeysWithValues: (1...4).map { ("m\($0).py", "value = 'old'\n") }))
        let slow = #"{"name": "slow", "times": 1, "delay": 3, "say": "Wait.", "call": [{"tool": "list"}]},"#
        let server = try ScriptedModelServer(
            script: Self.script(slow).replacingOccurrences(of: #"{"prices""#, with: #"{"cache": true, "prices""#))
        try Self.plan(workshop, dialect, server)
        let result = try Self.migrate(workshop)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")

        let first = try server.bills().filter { $0.turn == 0 }.sorted { $0.arrived < $1.arrived }
        #expect(first.count == 4 && first[0].rule == "slow")
        for bill in first.dropFirst() {
            #expect(bill.arrived >= first[0].answered || bill.arrived >= first[0].arrived + 5)
            let share = Double(bill.cached) / Double(bill.cached + bill.input)
            #expect(share >= 0.7, "\(bill.cached) of \(bill.cached + bill.input) tokens of \(bill.label) were cached")
        }
        let reasons = try (1...4).map { try workshop.orchestrate("explain", "m\($0).py").text }
        // A sibling whose slot took longer than the answer did not have to wait.
        #expect(reasons.contains { $0.contains("the worker waits up to 5 s for the first answer to m") }, "\(reasons)")
    }

    @Test func `it reaches its provider and nobody else`() throws {
        let workshop = try Self.workshop()
        let other = try ScriptedModelServer(script: #"{"rules": []}"#)
        let reach =
            "curl -sf \(other.address)/v1/models || curl -sf --noproxy '*' \(other.address)/v1/models || echo shut"
        let script = Self.script(
            """
            {"name": "reach", "when": {"turn": 0, "prompt": "Task: alone"},
             "call": [{"tool": "run", "arguments": {"command": "\(reach)"}}]},
            {"name": "reached", "when": {"turn": 1, "prompt": "Task: alone", "last": "data"},
             "call": [{"tool": "done", "arguments": {"summary": "", "outcome": "gave_up"}}]},
            """)
        let server = try ScriptedModelServer(script: script)
        try Self.plan(workshop, "anthropic", server)
        let result = try Self.migrate(workshop)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try server.bills().contains { $0.rule == "reach" })
        #expect(try !server.bills().contains { $0.rule == "reached" })
        let kept = (try? FileManager.default.contentsOfDirectory(atPath: other.requestsPath)) ?? []
        #expect(kept.isEmpty, "\(kept)")
    }

    @Test func `a provider's limit is no failure of the work`() throws {
        let workshop = try Self.workshop()
        let limit =
            #"{"name": "limit", "times": 1, "when": {"prompt": "Task: alone"}, "fault": {"status": 429, "retry_after": 1}},"#
        let server = try ScriptedModelServer(script: Self.script(limit))
        try Self.plan(workshop, "anthropic", server, environment: ["ORCHESTRATE_LONGEST_WAIT=0.5"])
        let result = try Self.migrate(workshop)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        let failures = try Self.attempts(workshop).joined().compactMap(\.failure)
        #expect(failures.map(\.kind) == [.providerLimit])
        #expect(failures.first?.summary.contains("asks to wait 1 s") == true, "\(failures)")
    }

    @Test func `one that goes round in circles is ended, and the next step of the ladder takes over`() throws {
        let workshop = try Self.workshop()
        let circle =
            #"{"name": "circle", "when": {"prompt": "Task: alone"}, "call": [{"tool": "list", "arguments": {}}]},"#
        let server = try ScriptedModelServer(script: Self.script(circle))
        try Self.plan(
            workshop, "chat", server, step: "attempts: 1",
            more: "    - { use: replace, run: \"sed -i s/old/new/ {files}\" }")
        let result = try Self.migrate(workshop)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        let failures = try Self.attempts(workshop).joined().compactMap(\.failure)
        #expect(failures.map(\.kind) == [.stuck])
        #expect(try server.bills().count { $0.rule == "circle" } == 4)
    }

    @Test func `wrong settings are said, and nothing is sent`() throws {
        let workshop = try Workshop()
        let server = try ScriptedModelServer(script: Self.script())
        let job = try workshop.directory.makeDirectory("job")
        let open = workshop.directory.appending("key")
        try Self.key.write(toFile: open, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: open)
        let right = [
            "ORCHESTRATE_JOB": job, "ORCHESTRATE_MODEL": "scripted", "ORCHESTRATE_BASE_URL": server.address,
        ]
        let wrong: [([String: String], String)] = [
            (["ORCHESTRATE_JOB": ""], "ORCHESTRATE_JOB is not set"), (["ORCHESTRATE_MODEL": ""], "ORCHESTRATE_MODEL"),
            (["ORCHESTRATE_KEY_FILE": open], "chmod 600"), (["ORCHESTRATE_BASE_URL": "ftp://x"], "http"),
            ([:], "prompt"),
        ]
        for (values, said) in wrong {
            let result = try run(
                Workshop.program, ["agent"], in: workshop.repository.path,
                environment: workshop.environment.merging(right) { $1 }.merging(values) { $1 }, input: [])
            #expect(result.status == 64, "\(values): \(result.errorText)")
            #expect(result.errorText.contains(said), "\(result.errorText)")
            #expect(!result.errorText.contains(Self.key))
            #expect(result.text.isEmpty)
        }
        let ledger = (try? String(contentsOfFile: server.ledgerPath, encoding: .utf8)) ?? ""
        #expect(ledger.isEmpty)
    }
}
