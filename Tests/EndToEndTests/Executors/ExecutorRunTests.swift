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

    @Test func `a check on an executor that nobody has described is refused`() throws {
        let shop = try Workshop()
        try shop.repository.commit(files(1))
        try shop.replacingPlan("  landing: [{run: \"test -e f0.py\", executor: farm}]")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 2)
        #expect(result.errorText.contains("the plan names the executor 'farm', which is not in"))
    }

    @Test(.enabled(if: LoopbackSSH.isAvailable, "skipped: sshd is not installed"))
    func `a machine behind SSH dies, and its tasks are done on the other one`() throws {
        let shop = try Workshop()
        let ssh = try LoopbackSSH(["127.0.0.1", "127.0.0.2"], in: shop.directory)
        try shop.repository.commit(files(12))
        let options = ssh.options.map { "\"\($0)\"" }.joined(separator: ", ")
        try configure(
            shop,
            "    kind: ssh\n    hosts: [127.0.0.1, {host: 127.0.0.2, slots: 2}]\n    slots: 2\n    lease: 2s\n"
                + "    program: \(Workshop.program)\n    options: [\(options)]\n")
        let check = try shop.orchestrate("executors", "check")
        #expect(check.status == 0, "\(check.errorText)\(check.text)")
        #expect(check.text.contains("  127.0.0.2: ok, 2 slots"))
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            executor: farm
            workers:
              max_parallel: 4
              environment: [TRACE]
              ladder:
                - run: ": \(shop.mark); echo {task} >>$TRACE; sleep 1; sed -i s/old/new/g {files}"
            verify:
              done: [{run: "! grep -q old {file}"}]
            """)
        let migrate = try shop.start("migrate", "--plan", shop.planPath, "--quiet")
        shop.wait("some tasks are under way", for: migrate) { shop.traceLines().count >= 3 }
        ssh.kill("127.0.0.2")
        migrate.waitUntilExit()
        let status = try shop.orchestrate("status").text
        #expect(migrate.terminationStatus == 0, "\(status)")
        try expectSameAsLocal(shop, 12)
        // The machine that nobody reaches ends its jobs by itself.
        shop.wait("no worker is left") { (try? shop.survivors())?.isEmpty == true }
    }

    @Test(.enabled(if: LoopbackSlurm.isAvailable, "skipped: Slurm is not installed, or this is not root"))
    func `a node of Slurm dies, and its tasks are done on the others`() throws {
        let slurm = try LoopbackSlurm.shared.get()
        let shop = try Workshop()
        try shop.repository.commit(files(16))
        try configure(
            shop,
            "    kind: slurm\n    slots: 6\n    program: \(Workshop.program)\n    resources: {cores: 8, memory: 200M}\n"
        )
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            executor: farm
            workers:
              max_parallel: 6
              environment: [TRACE]
              ladder:
                - run: ": \(shop.mark); echo {task} >>$TRACE; sleep 2; sed -i s/old/new/g {files}"
            verify:
              done: [{run: "! grep -q old {file}"}]
            """)
        let environment = shop.environment.merging(slurm.environment) { $1 }
        let migrate = try shop.start(
            ["migrate", "--plan", shop.planPath, "--quiet"], environment: environment,
            saying: shop.directory.appending("said"))
        shop.wait("tasks are under way", for: migrate) { shop.traceLines().count >= 3 }
        shop.wait("the first node works", for: migrate) { (try? slurm.jobs(on: "n1").isEmpty) == false }
        try slurm.kill("n1")
        migrate.waitUntilExit()
        let said = (try? String(contentsOfFile: shop.directory.appending("said"), encoding: .utf8)) ?? ""
        #expect(migrate.terminationStatus == 0, "\(said)")
        try expectSameAsLocal(shop, 16)
        #expect(try shop.survivors().isEmpty)
        #expect(try slurm.jobs().isEmpty)
    }

    @Test(.enabled(if: LoopbackKubernetes.isAvailable, "skipped: kubectl is not installed"))
    func `a node of a cluster dies, and its tasks are done in pods on the others`() throws {
        let shop = try Workshop()
        let cluster = try LoopbackKubernetes(in: shop.directory)
        try shop.repository.commit(files(12))
        try configure(
            shop,
            "    kind: kubernetes\n    image: example/shop:1\n    slots: 6\n    program: \(Workshop.program)\n"
                + "    resources: {cores: 8, memory: 200M}\n")
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            executor: farm
            workers:
              max_parallel: 6
              environment: [TRACE]
              ladder:
                - run: ": \(shop.mark); echo {task} >>$TRACE; sleep 2; sed -i s/old/new/g {files}"
            verify:
              done: [{run: "! grep -q old {file}"}]
            """)
        let environment = shop.environment.merging(cluster.environment) { $1 }
        let migrate = try shop.start(
            ["migrate", "--plan", shop.planPath, "--quiet"], environment: environment,
            saying: shop.directory.appending("said"))
        shop.wait("tasks are under way", for: migrate) { shop.traceLines().count >= 3 }
        shop.wait("the first node works", for: migrate) {
            (try? cluster.state().pods.contains { $0.node == "n1" && $0.phase == "Running" }) ?? false
        }
        try cluster.make("nodes/n1/kill")
        migrate.waitUntilExit()
        let said = (try? String(contentsOfFile: shop.directory.appending("said"), encoding: .utf8)) ?? ""
        #expect(migrate.terminationStatus == 0, "\(said)")
        try expectSameAsLocal(shop, 12)
        try cluster.make("nodes/n1/restore")
        shop.wait("nothing is left in the cluster") {
            (try? cluster.state()).map { $0.jobs == 0 && $0.processes == 0 } ?? false
        }
        #expect(try shop.survivors().isEmpty)
    }
}
