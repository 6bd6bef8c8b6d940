import Foundation
import TestSupport
import Testing

@Suite(.ownThreads) struct SplitTests {
    /// A package with a base layer, layers of three owners that use each other, and a cycle of two owners.
    private func files() -> [String: String] {
        var files = [
            ".github/CODEOWNERS": "*\n/lib/ @org/core\n/web/ @org/web\n/job/ @org/job\n",
            "check.py": """
            import os, re, sys
            bad = 0
            for folder, _, names in os.walk('.'):
                for name in names:
                    path = os.path.join(folder, name)
                    if not name.endswith('.py') or name == 'check.py': continue
                    text = open(path).read()
                    if 'new' not in text: continue
                    for module in re.findall(r'^from (\\S+) import', text, re.M):
                        used = module.replace('.', '/') + '.py'
                        if 'new' not in open(used).read():
                            print(path, 'uses', used); bad = 1
            sys.exit(bad)
            """,
        ]
        for folder in ["lib", "web", "job", "free"] { files["\(folder)/__init__.py"] = "" }
        for number in 0..<10 {
            files["lib/l\(number).py"] = "old = \(number)\n"
            files["web/w\(number).py"] = "from lib.l\(number) import old\nold\n"
            files["job/j\(number).py"] = number % 2 == 0 ? "old\n" : "from web.w\(number) import old\nold\n"
            files["free/f\(number).py"] = number == 0 ? "from job.j1 import old\nold\n" : "old\n"
        }
        files["web/back.py"] = "from job.j1 import old\nold\n"
        files["web/ring.py"] = "from job.ring import old\nold\n"
        files["job/ring.py"] = "from web.ring import old\nold\n"
        return files
    }

    private func landed() throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(files())
        try shop.plan(
            """
            scope: {include: ["lib/*.py", "web/*.py", "job/*.py", "free/*.py"], exclude: ["**/__init__.py"]}
            workers: {ladder: [{run: "sed -i s/old/new/g {files}"}]}
            verify:
              probe: off
              done: [{run: "! grep -q old {file}"}]
              landing: [{name: together, run: "python3 -B check.py"}]
            landing: {policy: batch}
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        return shop
    }

    private struct Listed: Decodable {
        struct Entry: Decodable {
            var name: String
            var branch: String
            var parent: String?
            var files: [String]
            var remarks: [String]
        }
        var requests: [Entry]
    }

    private func listed(_ shop: Workshop) throws -> [Listed.Entry] {
        let result = try shop.orchestrate("prs", "--json")
        #expect(result.status == 0, "\(result.errorText)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Listed.self, from: Data(result.text.utf8)).requests
    }

    @Test func `owners get branches that are green alone, and together are all that has landed`() throws {
        let shop = try landed()
        let before = try shop.fingerprint()
        let result = try shop.orchestrate("land", "--split", "owner")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.fingerprint() == before)
        let parts = try listed(shop)
        let checkout = shop.directory.appending("checkout")
        try shop.repository.git("worktree", "add", "--quiet", "--detach", checkout, "main")
        for part in parts {
            // The tree of the branch passes, checked out as a reviewer would.
            try shop.repository.git("-C", checkout, "checkout", "--quiet", "--detach", part.branch)
            let check = try run(
                "/usr/bin/env", ["python3", "-B", "check.py"], in: checkout, environment: shop.environment, input: [])
            #expect(check.status == 0, "\(part.branch): \(check.text)")
            // It holds its own files only, and those of one owner.
            let changed = try shop.repository.git("diff", "--name-only", part.parent ?? "main", part.branch)
            #expect(changed.split(separator: "\n").map(String.init).sorted() == part.files)
            let owners = Set(part.files.map { $0.prefix { $0 != "/" } })
            if owners.count > 1 {
                #expect(part.files == ["job/ring.py", "web/ring.py"])
                #expect(part.remarks.first?.contains("import cycle of 2 files") == true)
            }
        }
        #expect(parts.contains { $0.parent == nil && $0.name == "@org/core" })
        #expect(parts.count { $0.parent == nil } >= 2)
        #expect(parts.flatMap(\.files).count == 43 && Set(parts.flatMap(\.files)).count == 43)
        // All branches together are the integration branch.
        try shop.repository.git("-C", checkout, "checkout", "--quiet", "--detach", "main")
        for part in parts { try shop.repository.git("-C", checkout, "merge", "--quiet", "-m", "m", part.branch) }
        #expect(
            try shop.repository.git("-C", checkout, "rev-parse", "HEAD^{tree}")
                == shop.repository.git("rev-parse", "\(shop.integration)^{tree}"))
        // The same division again moves nothing and checks nothing.
        let refs = try shop.repository.git("for-each-ref", "refs/heads/orchestrate-pr")
        let again = try shop.orchestrate("land", "--split", "owner")
        #expect(try shop.repository.git("for-each-ref", "refs/heads/orchestrate-pr") == refs)
        #expect(!again.errorText.contains("checking branch"))
        for rule in ["directory", "7"] {
            #expect(try shop.orchestrate("land", "--split", rule).status == 0)
            let parts = try listed(shop)
            #expect(parts.count > 3 && Set(parts.flatMap(\.files)).count == 43, "\(rule)")
        }
        try shop.repository.git("worktree", "remove", "--force", checkout)
    }

    @Test func `a need that no import tells is found by the checks`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a/a.py": "old\n", "b/b.py": "old\n", "CODEOWNERS": "a/ @a\nb/ @b\n"])
        try shop.plan(
            """
            decompose: {strategy: list, tasks: [{files: [a/a.py]}, {files: [b/b.py]}]}
            workers: {max_parallel: 1, ladder: [{run: "sed -i s/old/new/g {files}"}]}
            landing: {policy: serial}
            verify:
              probe: off
              landing: [{name: pair, run: "! grep -q new b/b.py || grep -q new a/a.py"}]
            """)
        let migrated = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(migrated.status == 0, "\(migrated.errorText)")
        let result = try shop.orchestrate("land", "--split", "owner")
        #expect(result.status == 0, "\(result.errorText)")
        let parts = try listed(shop)
        #expect(parts.map(\.name) == ["@a", "@b"] && parts[1].parent == parts[0].branch)
        #expect(
            parts[1].remarks.first?.contains("without the others check 'pair' failed") == true, "\(parts[1].remarks)")
    }

    @Test func `what passes only in the order of landing becomes one stack`() throws {
        let shop = try Workshop()
        try shop.repository.commit([
            "a/1.py": "old\n", "a/2.py": "old\n", "b/1.py": "old\n", "b/2.py": "old\n", "CODEOWNERS": "a/ @a\nb/ @b\n",
        ])
        // No task depends on another one: only the check knows in which order they can be.
        try shop.plan(
            """
            decompose:
              strategy: list
              tasks: [{files: [a/1.py]}, {files: [b/1.py]}, {files: [a/2.py]}, {files: [b/2.py]}]
            workers: {max_parallel: 1, ladder: [{run: "sed -i s/old/new/g {files}", attempts: 9}]}
            landing: {policy: serial}
            verify:
              probe: off
              landing:
                - name: steps
                  run: "a=$(grep -l new a/* | wc -l); b=$(grep -l new b/* | wc -l); [ $a = $b ] || [ $a = $((b + 1)) ]"
            """)
        let migrated = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(migrated.status == 0, "\(migrated.errorText)")
        let result = try shop.orchestrate("land", "--split", "owner")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.contains("only in the order in which they landed: one stack"), "\(result.errorText)")
        let parts = try listed(shop)
        #expect(parts.map(\.name) == ["@a", "@b", "@a", "@b"])
        #expect(parts.map(\.parent) == [nil] + parts.dropLast().map(\.branch))
        #expect(parts.map(\.files.count) == [1, 1, 1, 1])
        let last = try #require(parts.last)
        #expect(
            try shop.repository.git("rev-parse", "\(last.branch)^{tree}")
                == shop.repository.git("rev-parse", "\(shop.integration)^{tree}"))
    }

    @Test func `without owners it says what to type`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.replacingPlan()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        let refused = try shop.orchestrate("land", "--split", "owner")
        #expect(refused.status == 3 && refused.errorText.contains("--split directory"), "\(refused.errorText)")
        #expect(try shop.orchestrate("prs").status == 3)
    }

    @Test func `pull requests are opened once, within the limits, and follow their base`() throws {
        let shop = try Workshop()
        guard let gh = try GitHubServer.gh(in: shop) else { return }
        try shop.repository.commit([
            "a/a.py": "old\n", "b/b.py": "from a import a\nold\n", "c/c.py": "old\n", "a/__init__.py": "",
            "CODEOWNERS": "a/ @a\nb/ @b\nc/ @c\n",
        ])
        let server = try GitHubServer(for: shop)
        let environment = server.environment(shop, gh: gh)
        func orchestrate(_ arguments: String...) throws -> ScratchProcessResult {
            try run(Workshop.program, arguments, in: shop.repository.path, environment: environment, input: [])
        }
        // The branches follow the order of landing, so c has a stage of its own.
        try shop.replacingPlan(
            """
              probe: off
              landing: [{name: any, run: "true"}]
            stages:
              - {name: first, scope: {include: ["a/*.py", "b/*.py"]}}
              - {name: second, scope: {include: ["c/*.py"]}}
            """)
        #expect(try orchestrate("migrate", "--plan", shop.planPath).status == 0)
        // Killed between push and create: the next time opens one and not two.
        var killed = environment
        killed["PATH"] = try brokenGh(shop, gh) + ":" + (environment["PATH"] ?? "")
        let failed = try run(
            Workshop.program, ["land", "--split", "owner", "--pr", "--open", "2"], in: shop.repository.path,
            environment: killed, input: [])
        #expect(failed.status == 3 && failed.errorText.contains("gh pr create"), "\(failed.errorText)")
        #expect(try server.requests().isEmpty)
        let first = try orchestrate("land", "--split", "owner", "--pr", "--open", "2")
        #expect(first.status == 0, "\(first.errorText)")
        #expect(try server.requests().map(\.base) == ["main", "orchestrate-pr/demo/a"])
        #expect(first.errorText.contains("1 pull request not opened yet: 2 are open at most"))
        #expect(try orchestrate("prs", "--update").status == 0)
        #expect(try server.requests().count == 2)
        // A review of the current head goes to the task; the first one is merged and the base moves.
        let head = try shop.repository.git("rev-parse", "orchestrate-pr/demo/b")
        try server.change(2) {
            $0.reviews = [["id": "r1", "author": "ann", "state": "CHANGES_REQUESTED", "body": "Not like this."]]
            $0.checks = [["name": "ci", "conclusion": "FAILURE"]]
        }
        let seen = try orchestrate("prs")
        #expect(seen.text.contains("red: ci") && seen.text.contains("ann: Not like this."), "\(seen.text)")
        let notes = try run(
            "/bin/sh", ["-c", "cat $0/orchestrate/*/requests/demo.notes/b-b.py.md", shop.directory.appending("state")],
            in: "/",
            environment: shop.environment, input: [])
        #expect(notes.text.contains("Pull request #2, ann: Not like this.") && notes.text.contains("'ci' failed"))
        let merge = try run(
            "/bin/sh",
            [
                "-c",
                "git clone -q $0 m && cd m && git merge -q --squash origin/orchestrate-pr/demo/a && git commit -qm 'A (#1)' && git push -q origin HEAD:main",
                server.bare,
            ],
            in: server.folder, environment: environment, input: [])
        #expect(merge.status == 0, "\(merge.errorText)")
        try server.change(1) { $0.state = "MERGED" }
        let kept = try orchestrate("prs", "--update")
        #expect(
            kept.status == 0 && kept.errorText.contains("not pushed, because it has been reviewed"), "\(kept.errorText)"
        )
        #expect(try shop.repository.git("ls-remote", server.bare, "orchestrate-pr/demo/b").hasPrefix(head))
        // There is room for the third now.
        #expect(try server.requests().map(\.head).last == "orchestrate-pr/demo/c")
        let forced = try orchestrate("prs", "--force")
        #expect(forced.status == 0, "\(forced.errorText)")
        #expect(try server.requests()[1].base == "main")
        let pushed = try shop.repository.git("rev-parse", "orchestrate-pr/demo/b")
        #expect(pushed != head)
        #expect(try shop.repository.git("ls-remote", server.bare, "orchestrate-pr/demo/b").hasPrefix(pushed))
        #expect(
            try shop.repository.git("rev-parse", "orchestrate-pr/demo/b^")
                == shop.repository.git("ls-remote", server.bare, "refs/heads/main").prefix(40))
    }

    /// A `gh` that knows no `pr create`.
    private func brokenGh(_ shop: Workshop, _ gh: String) throws -> String {
        let folder = try shop.directory.makeDirectory("broken")
        try "#!/bin/sh\n[ \"$2\" = create ] && { echo gone >&2; exit 1; }\nexec \(gh)/gh \"$@\"\n".write(
            toFile: "\(folder)/gh", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/gh")
        return folder
    }
}
