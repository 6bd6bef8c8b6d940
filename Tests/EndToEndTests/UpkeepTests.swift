import Foundation
import TestSupport
import Testing

/// `clean` and `doctor`, and what a run does on a machine that fails under it.
@Suite(.ownThreads) struct UpkeepTests {
    private func shop(_ more: String = "", replaying: Workshop.Replaying = .every) throws -> Workshop {
        let shop = try Workshop(replaying: replaying)
        try shop.repository.commit(["a.py": "old\n", "b.py": "import a\nold\n", "c.py": "old\n"])
        try shop.replacingPlan(more)
        return shop
    }

    private func stateFolder(_ shop: Workshop) throws -> String {
        let folder = shop.directory.appending("state/orchestrate")
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        return "\(folder)/\(name)"
    }

    private func entries(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    @Test func `clean removes what a finished run left and nothing else`() throws {
        let shop = try shop()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        let before = try shop.fingerprint()
        let tip = try shop.repository.git("rev-parse", shop.integration)
        let state = try stateFolder(shop)
        let dry = try shop.orchestrate("clean", "--dry-run")
        #expect(dry.status == 0 && dry.text.contains("would remove 3 task branches"), "\(dry.text)\(dry.errorText)")
        #expect(entries("\(state)/slots") == ["demo"] && entries("\(state)/jobs") == ["demo-1"])
        let result = try shop.orchestrate("clean")
        #expect(result.status == 0 && result.text.contains("removed 3 task branches"), "\(result.text)")
        #expect(entries("\(state)/slots") == [] && entries("\(state)/jobs") == [] && entries("\(state)/logs") == [])
        #expect(try shop.repository.git("for-each-ref", "refs/heads/orchestrate-task") == "")
        #expect(try shop.repository.git("rev-parse", shop.integration) == tip)
        #expect(try shop.fingerprint() == before)
        // What is told from the log is told as before, and the plan can be run again.
        #expect(try shop.orchestrate("status").text.contains("demo-1"))
        #expect(try shop.orchestrate("clean").text.contains("nothing to remove"))
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
    }

    @Test func `clean keeps the only copy of some work until asked twice`() throws {
        let shop = try shop()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        // The integration branch is squashed somewhere else and deleted: the task branches hold the only commits.
        try shop.repository.git("branch", "-D", shop.integration)
        let branches = try shop.repository.git("for-each-ref", "--format=%(refname)", "refs/heads/orchestrate-task")
        let first = try shop.orchestrate("clean")
        #expect(first.status == 0 && first.text.contains("kept 3 task branches"), "\(first.text)")
        let second = try shop.orchestrate("clean", "--unlanded")
        #expect(second.text.contains("kept orchestrate-task/demo/a.py"), "\(second.text)")
        #expect(
            try shop.repository.git("for-each-ref", "--format=%(refname)", "refs/heads/orchestrate-task") == branches)
        #expect(try shop.orchestrate("clean", "--force").status == 64)
        #expect(try shop.orchestrate("clean", "--unlanded", "--force").status == 0)
        #expect(try shop.repository.git("for-each-ref", "refs/heads/orchestrate-task") == "")
    }

    @Test func `clean leaves a run alone that is not finished`() throws {
        let shop = try shop()
        let text = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try text.replacingOccurrences(of: "sed -i", with: "while [ -e $TRACE.gate ]; do sleep 0.01; done; sed -i")
            .write(toFile: shop.planPath, atomically: true, encoding: .utf8)
        _ = FileManager.default.createFile(atPath: "\(shop.trace).gate", contents: nil)
        let process = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("the workers start", for: process) { shop.traceLines().count == 2 }
        let busy = try shop.orchestrate("clean")
        #expect(busy.status == 0 && busy.text.contains("kept demo-1"), "\(busy.text)")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try shop.orchestrate("clean").text.contains("kept demo-1"))
        try FileManager.default.removeItem(atPath: "\(shop.trace).gate")
        #expect(try shop.orchestrate("resume").status == 0)
        #expect(try shop.landed().count == 3)
    }

    @Test func `doctor finds and mends tables that do not agree with the log`() throws {
        let shop = try shop()
        #expect(try shop.orchestrate("doctor").status == 0)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        let good = try shop.orchestrate("doctor")
        #expect(good.status == 0 && good.text.contains("agrees with its log"), "\(good.text)")
        let state = try stateFolder(shop)
        let status = try shop.orchestrate("status").text
        let script =
            "import sqlite3,sys; d=sqlite3.connect(sys.argv[1]); d.execute(\"update tasks set title='x'\"); d.commit()"
        _ = try run(
            "/usr/bin/env", ["python3", "-c", script, "\(state)/state.sqlite"], in: "/", environment: shop.environment,
            input: [])
        let bad = try shop.orchestrate("doctor")
        #expect(bad.status == 3 && bad.text.contains("--rebuild"), "\(bad.text)")
        let mended = try shop.orchestrate("doctor", "--rebuild")
        #expect(mended.status == 0 && mended.errorText.contains("tasks"), "\(mended.text)\(mended.errorText)")
        #expect(try shop.orchestrate("doctor").status == 0)
        #expect(try shop.orchestrate("status").text == status)
    }

    @Test func `doctor checks the machine outside of a repository`() throws {
        let shop = try Workshop(replaying: .none(reason: "there is no run"))
        let folder = try shop.directory.makeDirectory("outside")
        let result = try run(Workshop.program, ["doctor"], in: folder, environment: shop.environment, input: [])
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(result.text.contains("note  repository none here"))
        #expect(result.text.contains("git version"))
        let named = try run(
            Workshop.program, ["doctor", "--repo", folder], in: folder, environment: shop.environment, input: [])
        #expect(named.status == 3)
    }

    @Test func `doctor looks at identity, signing, submodules and the programs of the plan`() throws {
        let shop = try Workshop(replaying: .none(reason: "there is no run"))
        let inner = try ScratchRepository("inner", in: shop.directory)
        try inner.commit(["x": "x"])
        try shop.repository.commit(["a.py": "old\n"])
        try shop.repository.git("submodule", "--quiet", "add", inner.path, "lib/inner")
        try shop.repository.commit()
        #expect(try shop.orchestrate("doctor").text.contains("user.name or user.email is not set"))
        try shop.repository.git("config", "user.name", "Ada")
        try shop.repository.git("config", "user.email", "ada@example.com")
        try shop.repository.git("config", "commit.gpgsign", "true")
        try shop.replacingPlan("  landing: [{run: no-such-program --all}]")
        let bad = try shop.orchestrate("doctor", "--plan", shop.planPath)
        #expect(bad.status == 3)
        #expect(bad.text.contains("BAD   programs  not in PATH: 'no-such-program' for check "), "\(bad.text)")
        #expect(bad.text.contains("identity  Ada <ada@example.com>"))
        #expect(bad.text.contains("commit.gpgsign is set"))
        #expect(bad.text.contains("submodules lib/inner"))
        try shop.repository.git("submodule", "--quiet", "deinit", "--force", "lib/inner")
        #expect(try shop.orchestrate("doctor").text.contains("not checked out: lib/inner"))
        try shop.replacingPlan()
        #expect(try shop.orchestrate("doctor", "--plan", shop.planPath).status == 0)
    }

    @Test func `doctor lists what is not installed on one line`() throws {
        let shop = try Workshop(replaying: .none(reason: "there is no run"))
        try shop.repository.commit(["a.py": "old\n"])
        for name in ["gone", "lost"] {
            try shop.repository.write(
                ".orchestrate/workers/\(name)/worker.yaml",
                "version: 1\nname: \(name)\nrun: 'true'\nprobe: no-such-program --version\n")
        }
        let text = try shop.orchestrate("doctor").text
        #expect(text.contains("note  workers   not installed: gone, lost\n"), "\(text)")
    }

    @Test func `a store that is damaged is named and nothing is started`() throws {
        let shop = try shop(replaying: .none(reason: "its first pages are overwritten"))
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        let store = "\(try stateFolder(shop))/state.sqlite"
        // What the log of SQLite still holds would mend the pages.
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: store + suffix) }
        let handle = try #require(FileHandle(forUpdatingAtPath: store))
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: Data(repeating: 0x5A, count: 8192))
        try handle.close()
        for verb in [["migrate", "--plan", shop.planPath], ["status"], ["doctor"]] {
            let result = try run(
                Workshop.program, verb, in: shop.repository.path, environment: shop.environment, input: [])
            #expect(result.status == 3, "\(verb): \(result.text)\(result.errorText)")
            #expect((result.text + result.errorText).contains("state.sqlite"), "\(verb)")
        }
        #expect(shop.traceLines().count == 3)
    }

    @Test func `a read only state folder is named`() throws {
        let shop = try shop()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        // A file in its place fails for root as well, whom modes do not stop.
        let state = shop.directory.appending("state")
        try FileManager.default.removeItem(atPath: state)
        _ = FileManager.default.createFile(atPath: state, contents: nil)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 3 && result.errorText.contains("XDG_STATE_HOME"), "\(result.errorText)")
    }

    /// A run of three tasks in a chain; `body` is called when the second one's worker has begun and waits.
    private func midway(_ body: (Workshop, Process) throws -> Void) throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "import a\nold\n", "c.py": "import b\nold\n"])
        try shop.replacingPlan()
        let text = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try text.replacingOccurrences(
            of: "sed -i", with: "while [ -e $TRACE.gate-{task} ]; do sleep 0.01; done; sed -i"
        )
        .write(toFile: shop.planPath, atomically: true, encoding: .utf8)
        _ = FileManager.default.createFile(atPath: "\(shop.trace).gate-b.py", contents: nil)
        let process = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("the second worker starts", for: process) { shop.traceLines() == ["a.py", "b.py"] }
        try body(shop, process)
    }

    private func open(_ shop: Workshop) throws {
        try FileManager.default.removeItem(atPath: "\(shop.trace).gate-b.py")
    }

    @Test func `a state folder that is deleted under a run ends it and costs no landed task`() throws {
        try midway { shop, process in
            // Moved first, so that nothing is made anew in it while it is being deleted.
            let state = try stateFolder(shop)
            try FileManager.default.moveItem(atPath: state, toPath: shop.directory.appending("gone"))
            try open(shop)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus != 0)
            try FileManager.default.removeItem(atPath: shop.directory.appending("gone"))
            #expect(try shop.repository.git("fsck", "--connectivity-only", shop.integration) != "x")
            let again = try shop.orchestrate("migrate", "--plan", shop.planPath)
            #expect(again.status == 0, "\(again.errorText)")
            #expect(try shop.landed().sorted() == ["a.py", "b.py", "c.py"])
        }
    }

    @Test func `a base branch that is force pushed mid run changes nothing in the run`() throws {
        try midway { shop, process in
            let base = try shop.repository.git("rev-parse", "main")
            try shop.repository.git("switch", "--quiet", "--orphan", "fresh")
            try shop.repository.commit(["z.py": "other\n"])
            try shop.repository.git("branch", "-f", "main", "fresh")
            try open(shop)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            let landed = try shop.repository.git(
                "log", "--format=%(trailers:key=Orchestrate-Task,valueonly,separator=)", "\(base)..\(shop.integration)")
            #expect(landed.split(separator: "\n").count == 3)
        }
    }

    /// In a mount namespace of its own, where the state folder is a small disk.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/bwrap"), "bubblewrap is not installed"))
    func `a full disk ends the run with words and nothing half done`() throws {
        let shop = try shop("sandbox: off")
        let text = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try text.replacingOccurrences(
            of: "sed -i", with: "test {task} = a.py || cat /dev/zero >$ORCHESTRATE_JOB/junk; sed -i"
        ).write(toFile: shop.planPath, atomically: true, encoding: .utf8)
        let before = try shop.fingerprint()
        let result = try run(
            "/usr/bin/bwrap",
            [
                "--dev-bind", "/", "/", "--size", "30000000", "--tmpfs", shop.directory.appending("state"),
                Workshop.program, "migrate", "--plan", shop.planPath,
            ], in: shop.repository.path, environment: shop.environment, input: [])
        #expect(result.status == 3 || result.status == 1, "\(result.status) \(result.text)\(result.errorText)")
        #expect((result.text + result.errorText).lowercased().contains("space"), "\(result.text)\(result.errorText)")
        #expect(try shop.fingerprint() == before)
        #expect(try shop.survivors() == [])
        try shop.replacingPlan()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.landed().sorted() == ["a.py", "b.py", "c.py"])
    }

    @Test func `objects that are pruned under a run end it with words`() throws {
        try midway { shop, process in
            let git = shop.repository.appending(".git")
            try FileManager.default.moveItem(atPath: "\(git)/objects", toPath: "\(git)/objects.away")
            try FileManager.default.createDirectory(atPath: "\(git)/objects", withIntermediateDirectories: true)
            try open(shop)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus != 0)
            try FileManager.default.removeItem(atPath: "\(git)/objects")
            try FileManager.default.moveItem(atPath: "\(git)/objects.away", toPath: "\(git)/objects")
            let again = try shop.orchestrate("migrate", "--plan", shop.planPath)
            #expect(again.status == 0, "\(again.errorText)")
            #expect(try shop.landed() == ["a.py", "b.py", "c.py"])
        }
    }
}
