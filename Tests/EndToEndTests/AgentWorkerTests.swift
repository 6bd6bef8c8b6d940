import Foundation
import TestSupport
import Testing

/// Workers that tell what they do, as scripts instead of agents.
@Suite("Workers that tell what they do", .ownThreads)
struct AgentWorkerTests {
    private func migrate(_ worker: String, rules: String = "", files: Int = 1) throws -> (
        Workshop, ScratchProcessResult
    ) {
        let workshop = try Workshop()
        var content: [String: String] = [:]
        for number in 1...files { content["m\(number).py"] = "old\n" }
        try workshop.repository.commit(content)
        try workshop.directory.makeDirectory("workers/told")
        try "version: 1\nname: told\n\(worker)\n".write(
            toFile: workshop.directory.appending("workers/told/worker.yaml"), atomically: true, encoding: .utf8)
        try workshop.plan(
            """
            scope: { include: ["*.py"] }
            workers:
              environment: [TRACE]
              \(rules)
              ladder: [{ use: told }]
            verify:
              done: [{ run: "! grep -q old {file}" }]
            """)
        return (workshop, try workshop.orchestrate("migrate", "--plan", workshop.planPath))
    }

    @Test func `what was used and done is told while it runs, without secrets`() throws {
        let (workshop, result) = try migrate(
            """
            events: orchestrate
            environment: ["API_KEY=sk-0123456789"]
            prices: { input: 1, output: 2 }
            run: |
              echo '{"event": "turn"}'
              echo '{"event": "tool_use", "name": "sed", "input": "'"$API_KEY"'"}'
              sed -i s/old/new/ {files}
              echo '{"event": "usage", "input_tokens": 1000000, "output_tokens": 500000}'
              echo '{"event": "finished", "result": "success"}'
            """)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        let jobs = try FileManager.default.subpathsOfDirectory(atPath: workshop.directory.appending("state"))
        let path = try #require(jobs.first { $0.hasSuffix("/1/events") })
        let events = try String(contentsOfFile: workshop.directory.appending("state/\(path)"), encoding: .utf8)
        #expect(events.contains(#""usd":2"#))
        #expect(events.contains("[API_KEY]"))
        #expect(!events.contains("sk-0123456789"))
    }

    @Test func `an attempt goes on with the conversation of the last one, in a home of the task's own`() throws {
        let (workshop, result) = try migrate(
            """
            events: orchestrate
            home: task
            prompt: stdin
            run: |
              echo '{"event": "session", "id": "s-7"}'
              echo mine >"$HOME/kept"
              echo '{"event": "finished", "result": "success"}'
            resume: |
              test "$(cat "$HOME/kept")" = mine || exit 1
              grep -q 'not accepted' || exit 1
              echo {session} >>"$TRACE"
              sed -i s/old/new/ {files}
              echo '{"event": "finished", "result": "success"}'
            """, rules: "retry: resume")
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(workshop.traceLines() == ["s-7"])
        #expect(!FileManager.default.fileExists(atPath: "\(workshop.repository.home)/kept"))
    }

    @Test func `a worker that hangs after its end lands all the same`() throws {
        let (workshop, result) = try migrate(
            """
            events: orchestrate
            run: |
              sed -i s/old/new/ {files}
              echo '{"event": "finished", "result": "success"}'
              sleep 600 # \(UUID().uuidString)
            """)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try workshop.landed() == ["m1.py"])
    }

    @Test func `workers are listed with what is known of them`() throws {
        let workshop = try Workshop()
        try workshop.directory.makeDirectory("workers/here")
        try """
        version: 1
        name: here
        description: A worker.
        run: "true"
        probe: echo here 1.2
        login: "false"
        """.write(toFile: workshop.directory.appending("workers/here/worker.yaml"), atomically: true, encoding: .utf8)
        try workshop.directory.makeDirectory("workers/gone")
        try "version: 1\nname: gone\nrun: 'true'\nprobe: no-such-program --version\n".write(
            toFile: workshop.directory.appending("workers/gone/worker.yaml"), atomically: true, encoding: .utf8)
        let plain = try workshop.orchestrate("workers", "--plan", workshop.planPath)
        #expect(plain.text.contains("here    here 1.2   no"), "\(plain.text)\(plain.errorText)")
        #expect(plain.text.contains("gone    not found"))
        let json = try workshop.orchestrate("workers", "--json", "--plan", workshop.planPath)
        #expect(json.text.contains(#""version" : "here 1.2""#), "\(json.text)")
    }
}
