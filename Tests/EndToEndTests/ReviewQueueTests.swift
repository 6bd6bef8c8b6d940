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
              landing: [{run: "\(landingCheck)"}]
              probe: off
            """)
        return shop
    }

    /// Checks out every commit of the branch and runs the landing check there: no file is lost, half done or bad.
    private static func checkEveryCommit(_ shop: Workshop, _ moment: String) throws {
        let checkout = shop.directory.appending("checkout")
        try shop.repository.git("worktree", "add", "--quiet", "--detach", checkout, "main")
        for commit in try shop.repository.git("rev-list", "main..\(shop.integration)").split(separator: "\n") {
            try shop.repository.git("-C", checkout, "checkout", "--quiet", "--detach", String(commit))
            let check = try TestSupport.run(
                "/bin/sh", ["-c", landingCheck + " && [ $(git status --porcelain | wc -l) = 0 ]"], in: checkout,
                environment: shop.environment, input: [])
            #expect(check.status == 0, "\(moment): \(commit) \(check.text)")
        }
        try shop.repository.git("worktree", "remove", "--force", checkout)
    }

    private static let landingCheck = "[ $(ls f*.py | wc -l) = 12 ] && ! grep -L -e '^old(' -e '^new(' f*.py | grep ."

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
            try Self.checkEveryCommit(shop, "\(point):\(turn)")
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

    @Test func `every decision can be taken back`() throws {
        let shop = try Self.shop()
        try Self.run(shop)
        func review(_ arguments: String...) throws -> String {
            let result = try shop.orchestrate(["review"] + arguments)
            return result.status == 0 ? result.text : "\(result.status) \(result.errorText)"
        }
        func decided() throws -> String {
            let text = try review()
            return text.firstMatch(of: /(\d+) of 12 decided/).map { String($0.1) } ?? text
        }
        #expect(try review("--undo", "f10.py") == "1 refused: there is no decision to take back\n")
        #expect(try review("--approve", "f10.py") == "f10.py: approved\n")
        #expect(try review("--skip", "f10.py") == "f10.py: skipped\n")
        #expect(try decided() == "0")
        #expect(try review("--undo", "f10.py") == "f10.py: open again\n")
        #expect(try decided() == "1", "the approval holds again")
        #expect(try review("--comment", "f10.py", "--text", "why?") == "f10.py: comment kept\n")
        #expect(try review("--undo", "f10.py") == "f10.py: open again\n")
        #expect(try !review().contains("1 comment") && decided() == "1")
        #expect(try review("--undo", "f10.py") == "f10.py: open again\n")
        #expect(try decided() == "0")

        let before = try shop.landed()
        #expect(try review("--reject", "f11.py", "--reason", "no").hasPrefix("f11.py: rejected"))
        #expect(try review("--undo", "f11.py") == "f11.py: not rejected any more; revert-f11.py is given up\n")
        #expect(try decided() == "0")
        let after = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(after.status == 0, "\(after.errorText)\(after.text)")
        #expect(try shop.landed() == before && shop.traceLines().count == 12)
    }

    @Test func `all commits like one are decided at once`() throws {
        let shop = try Self.shop()
        try Self.run(shop)
        let like = ["review", "--all-like", try Self.commit(shop, of: "f12.py"), "--decide"]
        #expect(try shop.orchestrate(like + ["approve"]).text == "11 commits: approved\n")
        #expect(try shop.orchestrate(["review", "--decide", "approve"]).status == 64)
        #expect(try shop.orchestrate(like + ["reject"]).status == 64, "a rejection needs a reason")
        let rejected = try shop.orchestrate(like + ["reject", "--reason", "zebra"])
        #expect(rejected.text.hasPrefix("11 commits: rejected; revert-f10.py takes it back"), "\(rejected.errorText)")
        #expect(try shop.orchestrate("resume").status == 0)
        let landed = try shop.landed()
        #expect(landed.count == 24 && landed[12] == "revert-f10.py" && !landed[13...].contains("f15.py"))
    }

    @Test func `decisions on an active run outlive it, and a rejection is carried out at once`() throws {
        let shop = try Self.shop("; while [ {task} = f21.py ] && [ ! -f $TRACE.go ]; do sleep 0.05; done")
        let run = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("eleven have landed", for: run) { (try? shop.landed().count) == 11 }
        #expect(try shop.orchestrate("review", "--approve", "f10.py").text == "f10.py: approved\n")
        #expect(try shop.orchestrate("review", "--reject", "f11.py", "--reason", "zebra").status == 0)
        // The branch moves before the landing is stored.
        shop.wait("it is done again", for: run) {
            (try? shop.landed().last == "f11.py" && shop.orchestrate("review").text.contains("1 of 11 decided")) == true
        }
        kill(run.processIdentifier, SIGKILL)
        run.waitUntilExit()
        let document = try shop.orchestrate("review", "--json").text
        #expect(document.contains("\"decision\":\"approve\"") || document.contains("\"decision\" : \"approve\""))
        #expect(try shop.orchestrate("review").text.contains("1 of 11 decided"), "\(document)")
        try "".write(toFile: shop.trace + ".go", atomically: true, encoding: .utf8)
        #expect(try shop.orchestrate("resume").status == 0)
        #expect(try shop.landed().suffix(3) == ["revert-f11.py", "f11.py", "f21.py"])
        #expect(shop.traceLines().filter { $0.hasPrefix("f11.py") } == ["f11.py", "f11.py zebra"])
        #expect(try shop.orchestrate("review").text.contains("1 of 12 decided"))
        try Self.checkEveryCommit(shop, "after the run")
    }

    @Test func `a commit that others need stays if the branch would be red without it`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old = 1\n", "b.py": "import a\nold = 2\n"])
        // Once b is done, it needs what a has become.
        try shop.replacingPlan(
            """
              probe: off
              landing: [{name: needs, run: "! grep -q new b.py || grep -q new a.py"}]
            """)
        try Self.run(shop)
        #expect(try shop.landed() == ["a.py", "b.py"])
        #expect(try shop.orchestrate("review", "--reject", "a.py", "--reason", "no").status == 0)
        let kept = try shop.orchestrate("resume")
        #expect(kept.status == 1, "\(kept.text)")
        #expect(try shop.landed() == ["a.py", "b.py"], "nothing was taken back")
        let why = try shop.orchestrate("explain", "revert-a.py").text
        #expect(why.contains("check 'needs' failed") && why.contains("orchestrate review --reject"), "\(why)")
        // Together with what needs it, it can be taken back.
        #expect(try shop.orchestrate("review", "--reject", "b.py", "--reason", "no").status == 0)
        #expect(try shop.orchestrate("review", "--reject", "a.py", "--reason", "no").status == 0)
        let redone = try shop.orchestrate("resume")
        #expect(try shop.landed().suffix(2) == ["a.py", "b.py"], "\(redone.text)\(redone.errorText)")
        #expect(try shop.landed().count == 6)
    }

    @Test(.enabled(if: Tmux.path != nil, "tmux is not installed"))
    func `the diff is shown by delta, by difft or by the person's pager`() throws {
        let shop = try Self.shop()
        try Self.run(shop)
        for name in ["delta", "difft", "pages"] {
            let folder = try shop.directory.makeDirectory("with-\(name)")
            let said = shop.directory.appending("said-\(name)")
            try "#!/bin/sh\n{ echo called; echo \"$@\"; [ \(name) = difft ] || cat; } >>\(said)\n".write(
                toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(name)")
        }
        let tmux = Tmux(shop)
        try tmux.open("diff", width: 80, height: 24)
        func said(_ name: String) -> String {
            (try? String(contentsOfFile: shop.directory.appending("said-\(name)"), encoding: .utf8)) ?? ""
        }
        for name in ["delta", "difft", "pages"] {
            let folder = shop.directory.appending("with-\(name)")
            try tmux.type("diff", "PAGER=pages GIT_PAGER=cat PATH=\(folder):$PATH \(Workshop.program) review", "Enter")
            shop.wait("the queue is shown") { tmux.screen("diff").contains("0 of 12 decided") }
            try tmux.type("diff", "d")
            shop.wait("\(name) is called") { said(name).hasPrefix("called") }
            shop.wait("the queue is shown again") { tmux.screen("diff").contains("0 of 12 decided") }
            try tmux.type("diff", "q")
            shop.wait("the program ends") { tmux.format("diff", "#{alternate_on}") == "0" }
        }
        #expect(said("delta").contains("+if a != b"), "\(said("delta"))")
        #expect(said("difft").contains("f15.py"), "\(said("difft"))")
        #expect(said("pages").contains("+if a != b"), "\(said("pages"))")
    }
}
