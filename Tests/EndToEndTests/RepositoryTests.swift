import Foundation
import TestSupport
import Testing

/// Repositories as they are found in the wild.
@Suite(.ownThreads) struct RepositoryTests {
    @Test func `hooks of the target never run`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "import a\nold\n"])
        let hooks = [
            "pre-commit", "commit-msg", "post-commit", "post-checkout", "pre-push", "reference-transaction",
            "post-index-change", "post-merge", "update", "prepare-commit-msg",
        ]
        for hook in hooks {
            try shop.repository.write(
                ".git/hooks/\(hook)", "#!/bin/sh\necho \(hook) >>\(shop.trace).hook\n", executable: true)
        }
        try shop.repository.git("config", "core.fsmonitor", "touch \(shop.trace).hook; false")
        try shop.replacingPlan("  landing: [{run: \"true\"}]")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(!FileManager.default.fileExists(atPath: shop.trace + ".hook"))
    }

    @Test func `odd paths are quoted`() throws {
        let shop = try Workshop("tar get's \"dir\"")
        let paths = [
            "with space.py", "it's.py", "say \"x\".py", "ünïcödé/日本.py", "-dash.py", "semi;colon.py", "dollar$HOME.py",
            "star*.py", "back`tick`.py", "new\nline.py", "#hash.py", "~tilde.py", "[brackets].py", "amp&.py",
        ]
        for path in paths { try shop.repository.write(path, "old\n") }
        try shop.repository.commit()
        try shop.plan(
            """
            scope: {include: ["**/*.py"]}
            workers:
              ladder:
                - run: "sed -i s/old/new/ -- {files}"
            verify:
              done: [{run: "! grep -q old -- {file}"}]
              task: [{run: "ls -- {files} >/dev/null"}]
              landing: [{run: "test $(git ls-files -z '*.py' | xargs -0 -n1 | wc -l) -ge 1", probe: off}]
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        for path in paths { #expect(try shop.text(path) == "new", "\(path)") }
        #expect(try shop.landed().count == paths.count)
    }

    @Test func `links modes line endings and submodules stay as they are`() throws {
        let shop = try Workshop()
        let inner = try ScratchRepository("inner", in: shop.directory)
        try inner.commit(["x": "1\n"])
        try shop.repository.write("run.sh", "#!/bin/sh\nold\n", executable: true)
        try shop.repository.write("dos.py", "old\r\nold\r\n")
        try shop.repository.write("auto.txt", "a\r\nb\r\n")
        try shop.repository.write(".gitattributes", "*.txt text eol=crlf\n")
        try shop.repository.write("real.py", "old\n")
        try shop.repository.link("link.py", to: "real.py")
        try shop.repository.link("broken", to: "nowhere")
        try shop.repository.git("submodule", "add", "--quiet", inner.path, "sub")
        try shop.repository.commit()
        let before = try shop.repository.git("ls-tree", "-r", "main")
        try shop.plan(
            """
            scope: {include: ["*.py", "run.sh"], exclude: [link.py]}
            workers:
              ladder:
                - run: "sed -i s/old/new/ {files}"
            verify:
              task: [{run: "test -x run.sh && test -L link.py && grep -q $(printf '\\\\r') auto.txt"}]
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        let after = try shop.repository.git("ls-tree", "-r", shop.integration)
        func modes(_ listing: String) -> [String] {
            listing.split(separator: "\n").map { $0.prefix(6) + " " + ($0.split(separator: "\t").last ?? "") }
        }
        #expect(modes(before) == modes(after))
        #expect(try shop.repository.git("diff", "--name-only", "main", shop.integration) == "dos.py\nreal.py\nrun.sh")
        #expect(try shop.repository.git("show", "\(shop.integration):dos.py") == "new\r\nnew\r\n")
    }

    @Test func `an empty repository is refused`() throws {
        let shop = try Workshop()
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 3)
        #expect(result.errorText.contains("error: ") && result.errorText.contains("commit"), "\(result.errorText)")
    }

    @Test func `a folder that is no repository is refused`() throws {
        let shop = try Workshop()
        try shop.replacingPlan()
        try FileManager.default.removeItem(atPath: shop.repository.appending(".git"))
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 3)
        #expect(result.errorText.contains("git init") || result.errorText.contains("--repo"), "\(result.errorText)")
    }

    @Test func `another object format is refused`() throws {
        let shop = try Workshop("target", options: ["--object-format=sha256"])
        try shop.repository.commit(["a.py": "old\n"])
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 3)
        #expect(result.errorText.lowercased().contains("sha-256") || result.errorText.contains("sha256"))
    }

    @Test func `a bare repository is served`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        let bare = shop.directory.appending("bare.git")
        try shop.repository.git("clone", "--quiet", "--bare", shop.repository.path, bare)
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--repo", bare)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.repository.git("--git-dir=\(bare)", "show", "\(shop.integration):a.py") == "new")
    }

    @Test func `a shallow clone is served`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "older\n"])
        try shop.repository.commit(["a.py": "old\n"])
        let shallow = shop.directory.appending("shallow")
        try shop.repository.git("clone", "--quiet", "--depth=1", "file://\(shop.repository.path)", shallow)
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--repo", shallow)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.repository.git("-C", shallow, "show", "\(shop.integration):a.py") == "new")
        #expect(try shop.repository.git("-C", shallow, "fsck", "--connectivity-only", "--no-dangling") == "")
    }

    @Test func `a linked worktree is served`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        let linked = shop.directory.appending("linked")
        try shop.repository.git("worktree", "add", "--quiet", "-b", "side", linked)
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--repo", linked)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.text("a.py") == "new")
    }

    @Test func `a filter that cannot run is refused and nothing is changed`() throws {
        let shop = try Workshop()
        try shop.repository.write("a.py", "old\n")
        try shop.repository.write("big.bin", "1\n")
        try shop.repository.commit()
        try shop.repository.write(".gitattributes", "*.bin filter=absent -text\n")
        try shop.repository.commit()
        for key in ["clean", "smudge"] { try shop.repository.git("config", "filter.absent.\(key)", "no-such-program") }
        try shop.repository.git("config", "filter.absent.required", "true")
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 3)
        #expect((result.errorText + result.text).contains("filter"), "\(result.errorText)\(result.text)")
    }

    @Test func `the integration branch is never the one checked out`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.repository.git("switch", "--quiet", "-c", shop.integration)
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 3)
        #expect(result.errorText.contains(shop.repository.path))
        #expect(shop.traceLines().isEmpty)
    }

    @Test func `a plan with mistakes starts nothing`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.plan("scoop: {include: [1]}\nworkers: {max_parallel: 0, ladder: []}\nverify: {done: [{run: \"\"}]}")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 2)
        #expect(result.errorText.contains("plan.yaml:6:1: error: "), "\(result.errorText)")
        #expect(result.errorText.components(separatedBy: "error: ").count >= 4)
        #expect(try shop.repository.gitResult(["rev-parse", "--verify", shop.integration]).status != 0)
    }

    @Test func `a scope that matches nothing is a mistake in the plan`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.rb": "old\n"])
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 2)
        #expect(result.errorText.contains("scope"))
    }
}
