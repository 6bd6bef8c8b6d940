import Foundation
import TestSupport
import Testing

/// The review of landed commits: groups, decisions, and commits that are taken back.
@Suite(.ownThreads) struct ReviewQueueTests {
    /// Twelve files, of which one needs another edit as well. The worker writes the notes of its prompt to the trace.
    private static func shop(_ more: String = "") throws -> Workshop {
        let shop = try Workshop()
        var files = ["log.txt": "begin\n"]
        for number in 10..<22 { files["f\(number).py"] = "a = \(number)\nold(name\(number))\nb = \(number)\n" }
        files["f15.py"] = "a = 15\nold(name15)\nif a == b:\n    pass\n"
        try shop.repository.commit(files)
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              max_parallel: 2
              environment: [TRACE]
              ladder:
                - use: replace
                  prompt: file
                  run: ": {prompt}; echo {task} $(grep -h -o zebra {prompt} | head -1) >>$TRACE; sed -i 's/old/new/; s/a == b/a != b/' {files}\(more)"
            verify:
              done: [{run: "! grep -q old {file}"}]
              landing: [{run: "! grep -l bad *.py"}]
              probe: off
            """)
        return shop
    }

    private static func run(_ shop: Workshop) throws {
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
    }

    private static func commit(_ shop: Workshop, of task: String) throws -> String {
        let log = try shop.repository.git(
            "log", "--format=%h %(trailers:key=Orchestrate-Task,valueonly,separator=)", "main..\(shop.integration)")
        let line = log.split(separator: "\n").first { $0.hasSuffix(" \(task)") }
        return try #require(line.flatMap { $0.split(separator: " ").first.map(String.init) })
    }

    @Test func `the odd commit comes first, and decisions are kept with who made them`() throws {
        let shop = try Self.shop()
        try Self.run(shop)
        let text = try shop.orchestrate("review").text
        #expect(text.contains("12 commits in 2 groups, 1 odd, 0 of 12 decided"), "\(text)")
        let json = try shop.orchestrate("review", "--json").text
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let groups = try #require(document["groups"] as? [[String: Any]])
        #expect(groups.map { ($0["commits"] as? [Any])?.count } == [1, 11])
        #expect(groups.first?["is_odd"] as? Bool == true)
        let ids = groups.compactMap { $0["id"] as? String }

        #expect(try shop.orchestrate("review", "--approve", ids[1]).text == "11 commits: approved\n")
        let odd = try Self.commit(shop, of: "f15.py")
        #expect(try shop.orchestrate("review", "--comment", odd, "--text", "why?").status == 0)
        let after = try shop.orchestrate("review").text
        #expect(after.contains("11 of 12 decided") && after.contains("1 comment"), "\(after)")
        #expect(try shop.orchestrate("review", "--undo", ids[1]).status == 0)
        #expect(try shop.orchestrate("review").text.contains("0 of 12 decided"))
        let log = try shop.orchestrate("log", "f15.py").text
        #expect(log.contains("commented by "), "\(log)")

        let like = try shop.orchestrate("review", "--all-like", try Self.commit(shop, of: "f10.py")).text
        #expect(like.contains("all commits of the group") && like.contains("f21.py") && !like.contains("f15.py"))
        #expect(try shop.orchestrate("review", "--export", shop.directory.appending("out")).status == 0)
        let patches = try FileManager.default.contentsOfDirectory(atPath: shop.directory.appending("out")).sorted()
        #expect(patches == ["001-\(ids[0]).patch", "002-\(ids[1]).patch"])
        try shop.repository.git("checkout", "-q", "--detach", "main")
        try shop.repository.git("apply", shop.directory.appending("out/\(patches[1])"))
        #expect(try shop.orchestrate("review", "--approve", "nothing").status == 64)
        #expect(try shop.orchestrate("review", "--reject", odd).status == 64)
    }

    @Test func `a rejected commit is taken back and done again with the reason`() throws {
        let shop = try Self.shop()
        try Self.run(shop)
        let before = try shop.landed()
        let answer = try shop.orchestrate("review", "--reject", "f12.py", "--reason", "zebra")
        #expect(
            answer.status == 0 && answer.text.hasPrefix("f12.py: rejected; revert-f12.py takes it back"),
            "\(answer.text)")
        #expect(try shop.orchestrate("review", "--reject", "f12.py", "--reason", "me too").status == 1)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(try shop.landed() == before + ["revert-f12.py", "f12.py"])
        #expect(shop.traceLines().filter { $0.hasPrefix("f12.py") } == ["f12.py", "f12.py zebra"])
        #expect(try shop.text("f12.py", at: "\(shop.integration)~1").contains("old"))
        #expect(try shop.text("f12.py").contains("new"))
        #expect(try shop.repository.git("log", "-1", "--format=%B", "\(shop.integration)~1").contains("zebra"))
        // The next run of the plan knows that the commit counts.
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.landed().count == before.count + 2)
    }

    @Test func `what changed the same lines later is listed, and reverted together on request`() throws {
        let shop = try Self.shop("; echo {task} >>log.txt")
        let plan = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try
            (plan.replacingOccurrences(of: "max_parallel: 2", with: "max_parallel: 1")
            + "\nguards: {write: repository}\n")
            .write(toFile: shop.planPath, atomically: true, encoding: .utf8)
        try Self.run(shop)
        let order = try shop.landed()
        let answer = try shop.orchestrate("review", "--reject", order[9], "--reason", "too bad")
        #expect(answer.status == 1)
        #expect(answer.errorText.contains("log.txt: \(order[10]), \(order[11])"), "\(answer.errorText)")
        #expect(try shop.orchestrate("review", "--reject", order[9], "--reason", "too bad", "--together").status == 0)
        let result = try shop.orchestrate("resume")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        let now = try shop.landed()
        #expect(now[12] == "revert-\(order[9])" && Set(now.suffix(3)) == Set(order.suffix(3)) && now.count == 16)
    }

    @Test(arguments: ["stored", "moved"]) func `a rejection that is killed anywhere ends as if nobody had touched it`(
        point: String
    ) throws {
        var wasKilled = true
        var turn = 1
        while wasKilled, turn < 40 {
            let shop = try Self.shop()
            try Self.run(shop)
            let before = try shop.landed()
            #expect(try shop.orchestrate("review", "--reject", "f11.py", "--reason", "zebra").status == 0)
            var environment = shop.environment
            environment["ORCHESTRATE_CRASH"] = "\(point):\(turn)"
            let first = try shop.start(["resume"], environment: environment)
            first.waitUntilExit()
            wasKilled = first.terminationReason == .uncaughtSignal
            let second = try shop.orchestrate("migrate", "--plan", shop.planPath)
            #expect(second.status == 0, "\(point):\(turn) \(second.errorText)")
            #expect(try shop.landed() == before + ["revert-f11.py", "f11.py"], "\(point):\(turn)")
            #expect(try shop.text("f11.py").contains("new"))
            for commit in try shop.repository.git("rev-list", "main..\(shop.integration)").split(separator: "\n") {
                #expect(
                    try shop.repository.git("ls-tree", "--name-only", String(commit)).split(separator: "\n").count == 13
                )
            }
            turn *= 2
        }
        #expect(turn > 2, "it was never killed")
    }

    @Test(.enabled(if: Tmux.path != nil, "tmux is not installed"))
    func `the queue works on a terminal of 80 columns`() throws {
        let shop = try Self.shop()
        try Self.run(shop)
        let tmux = Tmux(shop)
        try tmux.open("review", width: 80, height: 24)
        try tmux.type("review", "\(Workshop.program) review", "Enter")
        func see(_ text: String) {
            shop.wait("the screen shows '\(text)'") { tmux.screen("review").contains(text) }
        }
        see("12 commits in 2 groups, 1 odd, 0 of 12 decided")
        see("a != b")
        try tmux.type("review", "j", "a")
        see("11 of 12 decided")
        try tmux.type("review", "k", "r")
        see("reason for the rejection:")
        try tmux.type("review", "zebra", "Enter")
        see("f15.py: rejected")
        try tmux.type("review", "q")
        shop.wait("the program ends") { tmux.format("review", "#{alternate_on}") == "0" }
        #expect(try shop.orchestrate("log", "f15.py").text.contains("zebra"))
    }

    @Test func `two people at once lose no decision`() throws {
        let shop = try Self.shop()
        try Self.run(shop)
        let people = try (10..<18).map { number in
            return try shop.start(
                ["review", "--approve", "f\(number).py"], environment: shop.environment,
                saying: shop.directory.appending("said-\(number)"))
        }
        for person in people {
            person.waitUntilExit()
            #expect(person.terminationStatus == 0)
        }
        #expect(try shop.orchestrate("review").text.contains("8 of 12 decided"))
    }
}
