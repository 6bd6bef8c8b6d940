import Foundation
import TestSupport
import Testing

@Suite(.ownThreads) struct ResumeTests {
    /// Twelve tasks in a chain of four waves; each worker says when it starts and waits for `gate`, if there is one.
    private func shop() throws -> Workshop {
        let shop = try Workshop()
        var files: [String: String] = [:]
        for number in 0..<12 {
            files["f\(number).py"] = number < 3 ? "old\n" : "import f\(number - 3)\nold\n"
        }
        try shop.repository.commit(files)
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              ladder:
                - run: ": \(shop.mark); echo {task} >>$TRACE; while [ -e $TRACE.gate-{task} ]; do sleep 0.01; done; sed -i s/old/new/ {files}"
            verify:
              done: [{run: "! grep -q old {file}"}]
              landing: [{run: "true"}]
            """)
        return shop
    }

    private func close(_ shop: Workshop, _ task: String) {
        _ = FileManager.default.createFile(atPath: "\(shop.trace).gate-\(task)", contents: nil)
    }

    private func open(_ shop: Workshop, _ task: String) throws {
        try FileManager.default.removeItem(atPath: "\(shop.trace).gate-\(task)")
    }

    /// Runs until the task `held` hangs at its gate and nothing else can go on.
    private func runInto(_ shop: Workshop, held: String, landed: Int) throws -> Process {
        close(shop, held)
        let process = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("\(landed) tasks land and \(held) hangs", for: process) {
            shop.traceLines().contains(held) && (try? shop.landed().count) == landed
        }
        return process
    }

    @Test(arguments: [SIGKILL, SIGINT, SIGTERM])
    func `a run that was ended goes on and repeats no landed task`(signal: Int32) throws {
        let shop = try shop()
        // f4 hangs, so f7 and f10 wait for it, and ten others land.
        let process = try runInto(shop, held: "f4.py", landed: 9)
        let before = try shop.landed()
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        if signal == SIGINT {
            #expect(process.terminationReason == .exit && process.terminationStatus == 130)
            #expect(try shop.survivors() == [])
        }
        try open(shop, "f4.py")
        let result = try shop.orchestrate("resume")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(try shop.survivors() == [])
        let landed = try shop.landed()
        #expect(landed.count == 12 && Set(landed).count == 12)
        #expect(Array(landed.prefix(before.count)) == before)
        for task in before { #expect(shop.traceLines().filter { $0 == task }.count == 1) }
    }

    @Test func `migrate again goes on too`() throws {
        let shop = try shop()
        let process = try runInto(shop, held: "f4.py", landed: 9)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try open(shop, "f4.py")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.landed().count == 12)
        #expect(shop.traceLines().count == 13)
    }

    @Test func `a second coordinator is refused`() throws {
        let shop = try shop()
        let process = try runInto(shop, held: "f4.py", landed: 9)
        let second = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(second.status == 5)
        #expect(second.errorText.contains("\(process.processIdentifier)"), "\(second.errorText)")
        // Those who only look are not kept out.
        #expect(try shop.orchestrate("status").text.contains("f4.py"))
        try open(shop, "f4.py")
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func `an edited plan keeps what has landed`() throws {
        let shop = try shop()
        let process = try runInto(shop, held: "f4.py", landed: 9)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try open(shop, "f4.py")
        let text = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try text.replacingOccurrences(of: "Say new", with: "Really say new")
            .write(toFile: shop.planPath, atomically: true, encoding: .utf8)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.landed().count == 12)
        #expect(shop.traceLines().count == 13)
    }

    @Test func `a lost state folder costs no landed task`() throws {
        let shop = try shop()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        try FileManager.default.removeItem(atPath: shop.directory.appending("state/orchestrate"))
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(shop.traceLines().count == 12)
        #expect(try shop.landed().count == 12)
    }

    @Test func `a branch that was rewound is not built upon`() throws {
        let shop = try shop()
        let process = try runInto(shop, held: "f4.py", landed: 9)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try open(shop, "f4.py")
        try shop.repository.git("branch", "-f", shop.integration, "main")
        let result = try shop.orchestrate("resume")
        #expect(result.status == 4)
        #expect(result.errorText.contains("git branch -f"))
        #expect(try shop.repository.git("rev-parse", shop.integration) == shop.repository.git("rev-parse", "main"))
    }

    @Test func `commits that somebody else adds to the branch are kept`() throws {
        let shop = try shop()
        let process = try runInto(shop, held: "f4.py", landed: 9)
        let tree = try shop.repository.git("rev-parse", "\(shop.integration)^{tree}")
        let mine = try shop.repository.git("commit-tree", tree, "-p", shop.integration, "-m", "mine")
        try shop.repository.git("branch", "-f", shop.integration, mine)
        try open(shop, "f4.py")
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try shop.repository.git("log", "--format=%s", shop.integration).contains("mine"))
        #expect(try shop.landed().count == 12)
    }

    @Test func `a branch that is checked out meanwhile is left alone`() throws {
        let shop = try shop()
        let process = try runInto(shop, held: "f4.py", landed: 9)
        try shop.repository.git("switch", "--quiet", shop.integration)
        let tip = try shop.repository.git("rev-parse", "HEAD")
        try open(shop, "f4.py")
        process.waitUntilExit()
        #expect(process.terminationStatus == 3)
        #expect(try shop.repository.git("rev-parse", shop.integration) == tip)
        #expect(try shop.repository.git("status", "--porcelain") == "")
        try shop.repository.git("switch", "--quiet", "main")
        let starts = shop.traceLines().filter { $0 == "f4.py" }.count
        #expect(try shop.orchestrate("resume").status == 0)
        // What was verified lands without being done again.
        #expect(shop.traceLines().filter { $0 == "f4.py" }.count == starts)
        #expect(try shop.landed().count == 12)
    }

    @Test func `the wall budget stops the run and loses nothing`() throws {
        let shop = try shop()
        let text = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try (text + "\nbudget: {wall: 1s}\n").write(toFile: shop.planPath, atomically: true, encoding: .utf8)
        close(shop, "f4.py")
        let process = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("the budget is spent", for: process) {
            (try? shop.orchestrate("status").text.contains("wall budget")) ?? false
        }
        process.waitUntilExit()
        #expect(process.terminationStatus == 4)
        try open(shop, "f4.py")
        // The worker that ran when the budget was spent was ended. Nothing was started afterwards.
        let landed = try shop.landed()
        #expect(!landed.contains("f4.py") && Set(shop.traceLines()).isSuperset(of: landed))
        #expect(try shop.survivors() == [])
        try text.write(toFile: shop.planPath, atomically: true, encoding: .utf8)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.landed().count == 12)
    }
}
