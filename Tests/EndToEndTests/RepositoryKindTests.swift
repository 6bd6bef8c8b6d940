import Foundation
import TestSupport
import Testing

/// Repositories and configurations in which a run is refused, or tells what it leaves out.
@Suite(.ownThreads) struct RepositoryKindTests {
    @Test func `a branch of the user's is not used as the integration branch`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.repository.git("switch", "--quiet", "-c", "develop")
        try shop.repository.commit(["mine.txt": "mine\n"])
        try shop.repository.git("switch", "--quiet", "main")
        let before = try shop.repository.git("rev-parse", "develop")
        try shop.replacingPlan("integration: develop")
        for arguments in [["plan", "check", shop.planPath], ["migrate", "--plan", shop.planPath]] {
            let result = try shop.orchestrate(arguments)
            #expect(result.status == 2)
            #expect(result.errorText.contains("the branch 'develop' exists already"), "\(result.errorText)")
            #expect(result.errorText.contains("integration: {branch: develop, extend: true}"))
        }
        #expect(try shop.repository.git("rev-parse", "develop") == before)
        #expect(shop.traceLines().isEmpty)

        try shop.replacingPlan("integration: {branch: develop, extend: true}")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.repository.git("rev-parse", "develop~1") == before)
        #expect(try shop.text("a.py", at: "develop") == "new")
    }

    @Test func `a branch that a run made is used again by its plan, without the state folder too`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.replacingPlan("integration: next")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        try FileManager.default.removeItem(atPath: shop.directory.appending("state"))
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
    }

    @Test(arguments: ["orchestrate", "orchestrate-task", "orchestrate-task/demo", "orchestrate/demo/x"])
    func `a branch in the way is named before anything starts`(branch: String) throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.repository.git("branch", branch)
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 2)
        #expect(result.errorText.contains("git branch -m \(branch) NEW-NAME"), "\(result.errorText)")
        #expect(shop.traceLines().isEmpty)
    }

    @Test func `links, submodules and names that are not UTF-8 are no tasks, and are told`() throws {
        let shop = try Workshop()
        let inner = try ScratchRepository("inner", in: shop.directory)
        try inner.commit(["lib.py": "1\n"])
        try shop.repository.write("a.py", "old\n")
        try shop.repository.link("alias.py", to: "a.py")
        try shop.repository.git("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", inner.path, "sub.py")
        try shop.repository.commit()
        let odd = Array("old\n".utf8)
        let blob = try shop.repository.git(["hash-object", "-w", "--stdin"], input: odd)
        try shop.repository.git(
            ["update-index", "-z", "--index-info"],
            input: Array("100644 \(blob)\tbad".utf8) + [0xFF] + Array(".py".utf8) + [0])
        try shop.repository.git("commit", "--quiet", "-m", "odd")
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(try shop.landed() == ["a.py"])
        #expect(result.errorText.contains("1 symbolic link in scope left out: alias.py"))
        #expect(result.errorText.contains("1 submodule in scope left out: sub.py"))
        #expect(result.errorText.contains("1 file in scope left out: \"bad\\377.py\""), "\(result.errorText)")
    }

    @Test func `changes in the checkout and missing configuration are told once`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.txt": "1\n"])
        try shop.repository.write("a.py", "old = mine\n")
        try shop.repository.write("new.py", "old\n")
        try shop.repository.write("b.txt", "2\n")
        try shop.repository.git("config", "commit.gpgsign", "true")
        let before = try shop.fingerprint()
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        let notes = result.errorText.split(separator: "\n").filter { $0.hasPrefix("note: ") }
        #expect(notes.count { $0.hasPrefix("note: 2 files in scope") && $0.hasSuffix(": a.py, new.py") } == 1)
        #expect(notes.count { $0.contains("commit.gpgsign") } == 1)
        #expect(notes.count { $0.contains("user.name") } == 1)
        #expect(try shop.fingerprint() == before)
        #expect(try shop.text("a.py") == "new")
    }

    @Test func `a state folder inside the repository is refused by every verb`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.replacingPlan()
        let inside = shop.repository.appending("state")
        let environment = shop.environment.merging(["XDG_STATE_HOME": inside]) { $1 }
        for arguments in [["migrate", "--plan", shop.planPath], ["plan", "show", shop.planPath]] {
            let result = try run(
                Workshop.program, arguments, in: shop.repository.path, environment: environment, input: [], limit: 60)
            #expect(result.status == 3)
            #expect(result.errorText.contains("hint: set XDG_STATE_HOME"), "\(result.errorText)")
        }
        #expect(!FileManager.default.fileExists(atPath: inside))
    }

    @Test func `a blobless clone is served, and its missing files are fetched`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "logo.png": "\u{1}\n"])
        try shop.repository.git("config", "uploadpack.allowFilter", "true")
        try shop.repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
        let clone = shop.directory.appending("blobless")
        try shop.repository.git(
            "clone", "--quiet", "--no-checkout", "--filter=blob:none", "file://\(shop.repository.path)", clone)
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--repo", clone)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.repository.git("-C", clone, "show", "\(shop.integration):a.py") == "new")
    }

    @Test func `a graph needs no picture that a partial clone left out`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "import b\n", "b.py": "1\n", "logo.png": "\u{1}\n"])
        try shop.repository.git("config", "uploadpack.allowFilter", "true")
        let clone = shop.directory.appending("blobless")
        try shop.repository.git(
            "clone", "--quiet", "--no-checkout", "--filter=blob:none", "file://\(shop.repository.path)", clone)
        for path in ["a.py", "b.py"] { try shop.repository.git("-C", clone, "cat-file", "blob", "HEAD:\(path)") }
        try shop.repository.git("-C", clone, "remote", "set-url", "origin", "file:///nowhere")
        let result = try shop.orchestrate("graph", "--repo", clone)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.text.contains("3 files, 1 edge"), "\(result.text)")
    }

    @Test func `a check that imports the checkout is refused before anything starts`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["src/pkg.py": "old\n", ".gitignore": ".venv/\n"])
        try shop.repository.write(".venv/bin/python", "#!/bin/sh\n", executable: true)
        try shop.repository.write(
            ".venv/lib/python3.12/site-packages/__editable__.pth", shop.repository.appending("src") + "\n")
        try shop.plan(
            """
            scope: {include: ["src/**"]}
            workers: {ladder: [{run: "sed -i s/old/new/ {files}"}]}
            verify: {landing: [{name: tests, run: "\(shop.repository.appending(".venv/bin/python")) -c 'import pkg'"}]}
            sandbox: off
            """)
        for arguments in [["plan", "check", shop.planPath], ["migrate", "--plan", shop.planPath]] {
            let result = try shop.orchestrate(arguments)
            #expect(result.status == 2)
            #expect(result.errorText.contains("check 'tests' imports code from your checkout"), "\(result.errorText)")
        }
    }

    @Test func `a task after which fewer tests run does not land`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "count": "20\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers: {ladder: [{run: "sed -i s/old/new/ {files}; echo 4 >count", attempts: 1}]}
            guards: {also_allow: [count]}
            verify: {landing: [{name: tests, run: "echo Ran $(cat count) tests in 1s", probe: off}]}
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 1, "\(result.errorText)")
        #expect(try shop.landed().isEmpty)
        let explained = try shop.orchestrate("explain", "a.py").text
        #expect(explained.contains("4 tests ran, 20 ran on the tip"), "\(explained)")
    }
}
