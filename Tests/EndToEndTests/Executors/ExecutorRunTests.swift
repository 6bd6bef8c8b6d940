import Foundation
import TestSupport
import Testing

/// Runs whose attempts are made on executors, through the built program.
@Suite(.ownThreads) struct ExecutorRunTests {
    /// Writes the user's configuration.
    private func configure(_ shop: Workshop, _ entry: String) throws {
        let folder = try shop.directory.makeDirectory("home/.config/orchestrate")
        let text = "version: 1\nexecutors:\n  - name: farm\n\(entry)    files: \(shop.directory.appending("farm"))\n"
        try text.write(toFile: "\(folder)/executors.yaml", atomically: true, encoding: .utf8)
    }

    private func files(_ count: Int) -> [String: String] {
        var files: [String: String] = [:]
        for number in 0..<count { files["f\(number).py"] = number > 0 ? "import f\(number / 2)\nold\n" : "old\n" }
        return files
    }

    /// The tree that the same plan gives in the slots of this machine.
    private func localTree(_ count: Int) throws -> String {
        let shop = try Workshop()
        try shop.repository.commit(files(count))
        try shop.replacingPlan()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet").status == 0)
        return try shop.repository.git("rev-parse", "\(shop.integration)^{tree}")
    }

    private func expectSameAsLocal(_ shop: Workshop, _ count: Int) throws {
        #expect(try shop.repository.git("rev-parse", "\(shop.integration)^{tree}") == localTree(count))
        #expect(try Set(shop.landed()).count == count)
        #expect(try shop.landed().count == count)
    }

    @Test func `a run in other processes of this machine gives the tree of a local one`() throws {
        let shop = try Workshop()
        try shop.repository.commit(files(6))
        try configure(shop, "    kind: local\n    slots: 3\n    program: \(Workshop.program)\n")
        try shop.replacingPlan("executor: farm")
        let before = try shop.fingerprint()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        try expectSameAsLocal(shop, 6)
        #expect(try shop.fingerprint() == before)
        #expect(try shop.survivors("job run").filter { $0.contains(shop.directory.path) }.isEmpty)
        // The logs of the attempts are where those of local ones are.
        #expect(try shop.orchestrate("explain", "f0.py").text.contains("landed"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: shop.directory.appending("farm/jobs")).isEmpty)
    }

    @Test func `a coordinator that is killed leaves no program on its machines that waits for it`() throws {
        let shop = try Workshop()
        try shop.repository.commit(files(1))
        let program = shop.directory.appending("orchestrate-there")
        try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: Workshop.program)
        try configure(shop, "    kind: local\n    program: \(program)\n")
        let go = shop.directory.appending("go")
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            executor: farm
            sandbox: {mode: "off"}
            workers:
              environment: [TRACE]
              ladder: [{run: "echo begun >>$TRACE; [ -e \(go) ] || sleep 300; sed -i s/old/new/ {files}"}]
            verify: {done: [{run: "! grep -q old {file}"}]}
            """)
        let coordinator = try shop.start("migrate", "--plan", shop.planPath, "--quiet")
        func isServed() throws -> Bool { try !shop.survivors("\(program) job host").isEmpty }
        func wait(until condition: () throws -> Bool) throws -> Bool {
            let deadline = Date(timeIntervalSinceNow: 100)
            while Date() < deadline {
                if try condition() { return true }
                usleep(50_000)
            }
            return false
        }
        #expect(try wait { try !shop.traceLines().isEmpty && isServed() })
        kill(coordinator.processIdentifier, SIGKILL)
        coordinator.waitUntilExit()
        #expect(try wait { try !isServed() })
        try Data().write(to: URL(fileURLWithPath: go))
        #expect(try shop.orchestrate("resume", "--quiet").status == 0)
        #expect(try shop.landed() == ["f0.py"])
        #expect(try shop.survivors(program).isEmpty)
    }

    @Test func `an executor that nobody has described is refused before anything starts`() throws {
        let shop = try Workshop()
        try shop.repository.commit(files(1))
        try shop.replacingPlan("executor: farm")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 2)
        #expect(result.errorText.contains("the plan names the executor 'farm', which is not in"))
        #expect(shop.traceLines().isEmpty)
    }

    @Test func `a guard objects here to what a machine has accepted`() throws {
        let shop = try Workshop()
        try shop.repository.commit(files(1).merging(["other.txt": "x\n"]) { $1 })
        try configure(shop, "    kind: local\n    program: \(Workshop.program)\n")
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            executor: farm
            workers:
              ladder: [{run: "sed -i s/old/new/ {files}; echo y >other.txt", attempts: 1}]
            verify:
              done: [{run: "! grep -q old {file}"}]
            """)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet").status == 1)
        #expect(try shop.orchestrate("explain", "f0.py").text.contains("other.txt"))
    }

    @Test func `landing checks run where the plan says, and land the tree of a local run`() throws {
        let shop = try Workshop()
        try shop.repository.commit(files(6))
        try configure(
            shop, "    kind: local\n    slots: 3\n    program: \(Workshop.program)\n    environment: [PLACE=farm]\n")
        let note = shop.directory.appending("places")
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            sandbox: {mode: "off"}
            workers:
              max_parallel: 3
              ladder: [{run: "sed -i s/old/new/ {files}"}]
            verify:
              done: [{run: "! grep -q old {file}"}]
              probe: off
              environment: [NOTE=\(note), PLACE]
              landing:
                - {name: here, run: "echo here ${PLACE:-none} >>$NOTE"}
                - {name: away, run: "echo away ${PLACE:-none} >>$NOTE; test -e f0.py", executor: farm}
                - {name: back, run: "echo back ${PLACE:-none} >>$NOTE"}
              final: [{name: last, run: "echo last ${PLACE:-none} >>$NOTE", executor: farm, resources: {cores: 1}}]
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        let lines = try String(contentsOfFile: note, encoding: .utf8).split(separator: "\n")
        #expect(Set(lines) == ["here none", "away farm", "back none", "last farm"])
        #expect(lines.filter { $0 == "last farm" }.count == 1)
        try expectSameAsLocal(shop, 6)
        #expect(try FileManager.default.contentsOfDirectory(atPath: shop.directory.appending("farm/jobs")).isEmpty)
        // Known verdicts of an executor answer, too.
        let again = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(again.status == 0, "\(again.errorText)")
        #expect(try String(contentsOfFile: note, encoding: .utf8).split(separator: "\n").count <= lines.count + 1)
    }

    @Test func `a check that fails on its executor lands nothing, and its log is here`() throws {
        let shop = try Workshop()
        try shop.repository.commit(files(1))
        try configure(shop, "    kind: local\n    program: \(Workshop.program)\n")
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers: {ladder: [{run: "sed -i s/old/new/ {files}", attempts: 1}]}
            verify:
              done: [{run: "! grep -q old {file}"}]
              probe: off
              landing: [{name: away, run: "echo the reason; ! grep -q new f0.py", executor: farm}]
            """)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet").status == 1)
        #expect(try shop.landed().isEmpty)
        #expect(try shop.orchestrate("explain", "f0.py").text.contains("the reason"))
    }

    /// A plan whose landing checks are one here and one on an executor that runs a script.
    ///
    /// - Parameters:
    ///   - here: the command of the check here.
    ///   - script: what the program on the machine does first, with the file of notes in `$notes`.
    private func checkedShop(here: String, script: String) throws -> (shop: Workshop, notes: String) {
        let shop = try Workshop()
        try shop.repository.commit(files(1))
        let notes = shop.directory.appending("notes")
        let program = try shop.directory.addProgram(
            "program", "notes='\(notes)'\n\(script)\nexec '\(Workshop.program)' \"$@\"")
        try configure(shop, "    kind: local\n    program: \(program)\n")
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers: {ladder: [{run: "sed -i s/old/new/ {files}", attempts: 1}]}
            verify:
              done: [{run: "! grep -q old {file}"}]
              probe: off
              landing: [{name: here, run: "\(here)"}, {name: away, run: "grep -q new f0.py", executor: farm}]
            """)
        return (shop, notes)
    }

    @Test func `checks whose job is lost are made again, and then land the task`() throws {
        let (shop, notes) = try checkedShop(
            here: "true",
            script: "if [ \"$2\" = run ]; then echo run >>\"$notes\"; [ $(wc -l <\"$notes\") -gt 2 ] || exit 1; fi")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(try shop.landed() == ["f0.py"])
        #expect(try String(contentsOfFile: notes, encoding: .utf8) == "run\nrun\nrun\n")
        // A candidate that has failed would have waited before it was checked again.
        #expect(!result.errorText.contains("candidate failed"), "\(result.errorText)")
    }

    @Test func `what follows a failed check here is not sent away`() throws {
        let (shop, notes) = try checkedShop(here: "false", script: "[ \"$2\" = run ] && echo run >>\"$notes\"")
        // The base is red, so a run that nobody attends ends.
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet", "--unattended").status == 4)
        #expect(!FileManager.default.fileExists(atPath: notes))
    }

    @Test func `a base with submodules or files of LFS is refused for executors before anything starts`() throws {
        let shop = try Workshop()
        let inner = try shop.repository.commit(files(1))
        try shop.directory.makeDirectory("\((shop.repository.path as NSString).lastPathComponent)/library")
        try shop.repository.git("update-index", "--add", "--cacheinfo", "160000,\(inner),library")
        try shop.repository.commit([
            ".gitmodules": "[submodule \"library\"]\n\tpath = library\n\turl = ../library\n",
            ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "data/a.bin": "version 1\n",
        ])
        try configure(shop, "    kind: local\n    program: \(Workshop.program)\n")
        try shop.replacingPlan("  landing: [{run: \"test -e f0.py\", executor: farm}]")
        let result = try shop.orchestrate("migrate", "--quiet", "--plan", shop.planPath)
        #expect(result.status == 2)
        let text = result.errorText + result.text
        #expect(text.contains("the base has 1 submodule, which other machines do not get: library"), "\(text)")
        #expect(text.contains("1 file of Git LFS, which other machines do not get: data/a.bin"), "\(text)")
        #expect(try shop.repository.git("branch", "--list", shop.integration).isEmpty)
    }

    @Test func `a check on an executor that nobody has described is refused`() throws {
        let shop = try Workshop()
        try shop.repository.commit(files(1))
        try shop.replacingPlan("  landing: [{run: \"test -e f0.py\", executor: farm}]")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 2)
        #expect(result.errorText.contains("the plan names the executor 'farm', which is not in"))
    }

    @Test func `a check runs a job on each machine`() throws {
        let shop = try Workshop()
        try configure(shop, "    kind: local\n    slots: 3\n    program: \(Workshop.program)\n")
        let check = try shop.orchestrate("executors", "check")
        #expect(check.status == 0, "\(check.errorText)\(check.text)")
        #expect(check.text.contains("farm  local\n  farm: ok, 3 slots, "))
        #expect(check.text.contains(" GiB free, a job took "))
        #expect(try FileManager.default.contentsOfDirectory(atPath: shop.directory.appending("farm/jobs")).isEmpty)
        let json = try shop.orchestrate("executors", "check", "--json").text
        #expect(json.contains("\"ok\" : true"))
        #expect(json.contains("\"job_seconds\" : "))
    }

    @Test func `a machine on which no job can run fails the check`() throws {
        let shop = try Workshop()
        // It answers, and cannot carry out an order.
        let program = try shop.directory.addProgram(
            "program", "[ \"$2\" = host ] || exit 1\nexec '\(Workshop.program)' \"$@\"")
        try configure(shop, "    kind: local\n    program: \(program)\n")
        let check = try shop.orchestrate("executors", "check")
        #expect(check.status == 3)
        #expect(check.text.contains("farm: a job failed there: its process ended without a result"))
        let json = try shop.orchestrate("executors", "check", "--json")
        #expect(json.status == 3)
        #expect(json.text.contains("\"ok\" : false"))
    }
}
