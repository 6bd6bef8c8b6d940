import Foundation
import TestSupport
import Testing

@Suite(.ownThreads) struct LandTests {
    /// A run that has landed three files, with a landing check that looks at all of them.
    private func landed(_ more: String = "") throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old = 1\n", "b.py": "old = 2\n", "c.py": "old = 3\n", "limit": "9\n"])
        try shop.replacingPlan(
            "  probe: off\n  landing:\n    - {name: few, run: \"test $(grep -l new *.py | wc -l) -le $(cat limit)\"}\(more)"
        )
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        return shop
    }

    private func tip(_ shop: Workshop, _ branch: String) throws -> String {
        try shop.repository.git("rev-parse", branch)
    }

    @Test func `a checked out branch is fast forwarded with its files`() throws {
        let shop = try landed()
        let result = try shop.orchestrate("land")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try tip(shop, "main") == tip(shop, shop.integration))
        #expect(try shop.repository.git("status", "--porcelain") == "")
        #expect(try String(contentsOfFile: shop.repository.appending("a.py"), encoding: .utf8) == "new = 1\n")
        #expect(try shop.orchestrate("land").text.contains("main already has all landed commits"))
    }

    @Test func `changes of the user stop it`() throws {
        let shop = try landed()
        try shop.repository.write("a.py", "mine\n")
        let before = try shop.fingerprint()
        let result = try shop.orchestrate("land")
        #expect(result.status == 3)
        #expect(result.errorText.contains("has uncommitted changes there"))
        #expect(try shop.fingerprint() == before)
    }

    @Test func `an untracked file in the way is not overwritten`() throws {
        let shop = try landed()
        try shop.repository.git("switch", "--quiet", "--detach", shop.integration)
        try shop.repository.git(
            "update-ref", "refs/heads/\(shop.integration)", try shop.repository.commit(["d.py": "x\n"]))
        try shop.repository.git("switch", "--quiet", "main")
        try shop.repository.write("d.py", "mine\n")
        let result = try shop.orchestrate("land")
        #expect(result.status == 3)
        #expect(try String(contentsOfFile: shop.repository.appending("d.py"), encoding: .utf8) == "mine\n")
    }

    @Test func `a branch that is not checked out is moved alone`() throws {
        let shop = try landed()
        try shop.repository.git("branch", "release", "main")
        let before = try tip(shop, "main")
        #expect(try shop.orchestrate("land", "--into", "release", "--merge").status == 0)
        #expect(try shop.repository.git("rev-list", "--parents", "-1", "release").split(separator: " ").count == 3)
        #expect(try shop.repository.git("diff", "release", shop.integration) == "")
        #expect(try tip(shop, "main") == before)
    }

    @Test func `a branch that has moved is refused until both were checked together`() throws {
        let shop = try landed()
        try shop.repository.commit(["other": "theirs\n"])
        let moved = try tip(shop, "main")
        let refused = try shop.orchestrate("land")
        #expect(refused.status == 3)
        #expect(
            refused.errorText.contains("'main' has moved on: 1 commit that") && refused.errorText.contains("--reverify")
        )
        #expect(try tip(shop, "main") == moved)
        let result = try shop.orchestrate("land", "--reverify")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try tip(shop, "main^1") == moved)
        #expect(try tip(shop, "main^2") == tip(shop, shop.integration))
        #expect(try shop.text("a.py", at: "main") == "new = 1")
        #expect(try shop.text("other", at: "main") == "theirs")
    }

    @Test(arguments: [("main", "moved:1"), ("release", "moved:1"), ("main", "spawned:1"), ("main", "ended:1")])
    func `a landing that is killed is done again`(branch: String, point: String) throws {
        let shop = try landed()
        let base = try tip(shop, "main")
        try shop.repository.git("branch", "release", "main")
        let isChecked = !point.hasPrefix("moved")
        if isChecked { try shop.repository.commit(["other": "theirs\n"]) }
        let before = try tip(shop, branch)
        var environment = shop.environment
        environment["ORCHESTRATE_CRASH"] = point
        let command = ["land", "--into", branch] + (isChecked ? ["--reverify"] : [])
        let killed = try shop.start(command, environment: environment)
        killed.waitUntilExit()
        #expect(killed.terminationReason == .uncaughtSignal)
        // All of it or nothing, and the checkout is what its branch says.
        let between = try tip(shop, branch)
        #expect(between == (isChecked ? before : try tip(shop, shop.integration)))
        #expect(try shop.repository.git("status", "--porcelain") == "")
        let result = try shop.orchestrate(command)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.text("a.py", at: branch) == "new = 1")
        #expect(
            try shop.repository.git("rev-list", "--count", "--first-parent", "\(base)..\(branch)")
                == (isChecked ? "2" : "3"))
        #expect(try shop.repository.git("status", "--porcelain") == "")
    }

    @Test func `a linear history is made again on top`() throws {
        let shop = try landed()
        try shop.repository.commit(["other": "theirs\n"])
        let moved = try tip(shop, "main")
        let result = try shop.orchestrate("land", "--reverify", "--ff-only")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try tip(shop, "main~3") == moved)
        #expect(try shop.repository.git("log", "--format=%s", "main~3..main").contains("demo: a.py"))
        for commit in ["main", "main~1", "main~2"] {
            let tree = try shop.repository.git(
                "log", "-1", "--format=%(trailers:key=Verified-Tree,valueonly,separator=)", commit)
            #expect(try tree == tip(shop, "\(commit)^{tree}"))
        }
    }

    @Test func `what is red together does not land`() throws {
        let shop = try landed()
        try shop.repository.commit(["limit": "2\n"])
        let moved = try tip(shop, "main")
        let result = try shop.orchestrate("land", "--reverify")
        #expect(result.status == 3)
        #expect(result.errorText.contains("combined with the current 'main', check 'few' failed"))
        #expect(try tip(shop, "main") == moved)
    }

    @Test func `a conflict names its paths`() throws {
        let shop = try landed()
        try shop.repository.commit(["a.py": "older = 1\n"])
        let moved = try tip(shop, "main")
        let result = try shop.orchestrate("land", "--reverify")
        #expect(result.status == 3)
        #expect(result.errorText.contains("change the same lines of a.py"))
        #expect(try tip(shop, "main") == moved)
    }

    @Test func `pushing goes to the remote that is named`() throws {
        let shop = try landed()
        let bare = shop.directory.appending("bare.git")
        try shop.repository.git("clone", "--quiet", "--bare", shop.repository.path, bare)
        try shop.repository.git("remote", "add", "upstream", bare)
        let result = try shop.orchestrate("land", "--push", "upstream")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.repository.git("ls-remote", bare, "refs/heads/main").hasPrefix(try tip(shop, "main")))
        // What is there is never overwritten.
        try shop.repository.git("update-ref", "refs/heads/main", "main~1")
        #expect(try shop.orchestrate("land", "--into", "main", "--merge", "--push", "upstream").status != 0)
    }

    @Test func `a request is opened with the tool that is there`() throws {
        let shop = try landed()
        let bare = shop.directory.appending("bare.git")
        try shop.repository.git("clone", "--quiet", "--bare", shop.repository.path, bare)
        try shop.repository.git("remote", "add", "origin", bare)
        let tools = try shop.directory.makeDirectory("tools")
        let gh = "\(tools)/gh"
        try "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$(dirname \"$0\")/said\"\n".write(
            toFile: gh, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: gh)
        var environment = shop.environment
        environment["PATH"] = "\(tools):\(environment["PATH"] ?? "")"
        let main = try tip(shop, "main")
        let result = try run(
            Workshop.program, ["land", "--pr"], in: shop.repository.path, environment: environment, input: [])
        #expect(result.status == 0, "\(result.errorText)")
        let said = try String(contentsOfFile: "\(tools)/said", encoding: .utf8)
        #expect(said.hasPrefix("pr\ncreate\n--base\nmain\n--head\n\(shop.integration)\n--title\ndemo: 3 tasks\n"))
        #expect(said.contains("- demo: a.py"))
        #expect(try shop.repository.git("ls-remote", bare, shop.integration).hasPrefix(tip(shop, shop.integration)))
        #expect(try tip(shop, "main") == main)
    }
}
