import Foundation
import TestSupport
import Testing

/// Workers whose words are hostile: numbers, secrets, escape sequences.
@Suite(.ownThreads) struct HostileWorkerTests {
    /// A plan whose one worker runs a script, which finds its task's file in `$1`.
    private func shop(_ script: String, events: String? = nil, more: String = "") throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "old\n", "c.py": "old\n"])
        let path = shop.directory.appending("shared/worker.sh")
        try script.write(toFile: path, atomically: true, encoding: .utf8)
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              max_parallel: 1
              environment: [API_KEY]
              ladder:
                - use: hostile
                  run: "sh \(path) {file}"
                  attempts: 1
            \(events.map { "      events: \($0)" } ?? "")
            verify:
              done: [{run: "! grep -q old {file}"}]
            \(more)
            """)
        return shop
    }

    private func outcome(_ json: String) -> String {
        "sed -i s/old/new/ $1\ncat >$ORCHESTRATE_JOB/outcome.json <<'E'\n\(json)\nE\n"
    }

    private static let key = "k3y-of-the-user/42"

    private func run(_ shop: Workshop, _ arguments: String...) throws -> ScratchProcessResult {
        var environment = shop.environment
        environment["API_KEY"] = Self.key
        return try TestSupport.run(
            Workshop.program, arguments, in: shop.repository.path, environment: environment, input: [])
    }

    @Test(arguments: [
        #"{"usage":{"input_tokens":9223372036854775807,"output_tokens":1}}"#,
        #"{"usage":{"input_tokens":9223372036854775807,"output_tokens":9223372036854775807},"cost_usd":1e308}"#,
        #"{"usage":{"input_tokens":1e300},"cost_usd":-1e308}"#, #"{"cost_usd":1e999}"#,
    ])
    func `no number of a worker ends the coordinator`(report: String) throws {
        let shop = try shop(outcome(report))
        let result = try run(shop, "migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.landed().count == 3)
        for verb in [
            ["status"], ["status", "--json"], ["workers", "stats"], ["log", "a.py"], ["explain", "a.py"], ["replay"],
        ] {
            #expect(try shop.orchestrate(verb).status == 0, "\(verb)")
        }
    }

    @Test func `a huge cost spends the budget and no more`() throws {
        let shop = try shop(outcome(#"{"cost_usd":1e308}"#), more: "budget: {usd: 5}")
        let result = try run(shop, "migrate", "--plan", shop.planPath)
        #expect(result.status == 4, "\(result.errorText)")
        #expect(try shop.landed().count == 1)
        #expect(try run(shop, "resume").status == 4)
    }

    @Test func `money that was told is not given back`() throws {
        let lines = [4, 0].map { #"echo '{"event":"usage","input_tokens":1,"output_tokens":1,"usd":\#($0)}'"# }
        let script =
            "sed -i s/old/new/ $1\n" + lines.joined(separator: "\n") + "\n"
            + #"echo '{"event":"finished","result":"success"}'"# + "\n"
        let shop = try shop(script, events: "orchestrate", more: "budget: {usd: 5}")
        let result = try run(shop, "migrate", "--plan", shop.planPath)
        #expect(result.status == 4, "\(result.errorText)")
        #expect(result.errorText.contains("budget.usd") || result.text.contains("budget.usd"))
        // The second one is ended while it works, or has just ended.
        #expect([1, 2].contains(try shop.landed().count))
    }

    @Test func `no secret leaves a job`() throws {
        let message = #"{"kind":"lesson","body":"use $API_KEY","files":["x/$API_KEY"]}"#
        let question = #"{"kind":"question","body":"is $API_KEY right?"}"#
        let shop = try shop(
            """
            cat >$ORCHESTRATE_JOB/outbox/one.json <<E
            \(message)
            E
            cat >$ORCHESTRATE_JOB/outbox/two.json <<E
            \(question)
            E
            cat >$ORCHESTRATE_JOB/outcome.json <<E
            {"summary":"done with $API_KEY","reason":"because of $API_KEY"}
            E
            case $1 in
              a.py) sed -i s/old/new/ $1;;
              b.py) echo "the key is $API_KEY" >&2; exit 1;;
              c.py) mkdir -p k3y-of-the-user; echo x >"$API_KEY"; sed -i s/old/new/ $1;;
            esac
            """, more: "context: {share: messages}")
        let result = try run(shop, "migrate", "--plan", shop.planPath)
        #expect(result.status == 1, "\(result.errorText)")
        #expect(try shop.landed() == ["a.py"])
        let body = try shop.repository.git("log", "-1", "--format=%B", shop.integration)
        #expect(body.contains("because of [API_KEY]"), "\(body)")
        let state = try TestSupport.run(
            "/bin/sh",
            [
                "-c",
                "grep -rlF '\(Self.key)' \(shop.directory.appending("state")) --exclude-dir=tree --exclude-dir=.git | grep -v outbox | grep -v outcome.json; git log --all --format=%B | grep -cF '\(Self.key)'",
            ], in: shop.repository.path, environment: shop.environment, input: []
        ).text
        #expect(state == "0\n", "\(state)")
        #expect(try shop.orchestrate("explain", "c.py").text.contains("secret variable"))
    }

    /// Every verb that shows what workers, plans and arguments say, on texts that a terminal would obey.
    @Test func `no verb prints a control character from outside`() throws {
        let bad = #"\u001b[31mred\u001b]0;title\u0007\rback\u202ereverse\u2028line\u009b2J"#
        let shop = try shop(
            """
            printf '\\033[31mprinted\\r\\n'
            cat >$ORCHESTRATE_JOB/outbox/one.json <<'E'
            {"kind":"lesson","body":"\(bad)"}
            E
            cat >$ORCHESTRATE_JOB/outbox/two.json <<'E'
            {"kind":"question","body":"\(bad)"}
            E
            cat >$ORCHESTRATE_JOB/outcome.json <<'E'
            {"summary":"\(bad)","reason":"\(bad)"}
            E
            case $1 in a.py) sed -i s/old/new/ $1;; b.py) printf 'it \\033[31mfailed\\n'; exit 1;; c.py) printf 'x\\033[2J' >$1;; esac
            """, more: "context: {share: messages}")
        let evil = "no\u{1B}[31msuch\r\u{202E}name"
        let broken = shop.directory.appending("broken.yaml")
        try "version: 1\n\"wor\\u001b[31mkers\\u2028\": 1\n".write(toFile: broken, atomically: true, encoding: .utf8)
        var results = [("migrate", try run(shop, "migrate", "--plan", shop.planPath))]
        let verbs: [[String]] = [
            ["status"], ["status", "--json"], ["log", "a.py"], ["log", "b.py"], ["explain", "a.py"],
            ["explain", "b.py"],
            ["explain", "c.py"], ["review", "--no-pager"], ["review", "a.py", "--no-pager"], ["questions"],
            ["prompt", "b.py"], ["prompt", "c.py"], ["message", "list"], ["workers", "stats"], ["graph"],
            ["graph", "--format", "json"], ["graph", "--format", "dot"], ["doctor"], ["doctor", "--json"], ["replay"],
            ["plan", "check", broken], ["plan", "check", evil], ["explain", evil], ["log", evil], ["prompt", evil],
            ["review", evil], ["retry", evil], ["skip", evil], ["prioritise", evil], ["answer", "1", evil], [evil],
            ["status", "--\(evil)"], ["status", "--plan", evil], ["graph", "--why", evil, evil],
            ["land", "--into", evil],
            ["check", "--plan", evil], ["simulate", "--plan", evil], ["clean", "--plan", evil], ["workers", "list"],
        ]
        for verb in verbs { results.append((verb.joined(separator: " "), try show(verb, in: shop))) }
        for (verb, result) in results {
            for text in [result.text, result.errorText] {
                let found = text.unicodeScalars.first { scalar in
                    scalar != "\n" && scalar != "\t"
                        && (scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
                            || scalar == "\u{2028}" || scalar == "\u{2029}")
                }
                #expect(found == nil, "\(verb): \(text)")
            }
        }
        let body = try shop.repository.git("log", "-1", "--format=%B", shop.integration)
        #expect(body.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control }, "\(body)")
        #expect(body.contains("red\nbackreverse\nline") || body.contains("red backreverse line"), "\(body)")
    }

    private func show(_ arguments: [String], in shop: Workshop) throws -> ScratchProcessResult {
        try TestSupport.run(
            Workshop.program, arguments, in: shop.repository.path, environment: shop.environment, input: [])
    }
}
