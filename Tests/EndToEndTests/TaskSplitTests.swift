import Foundation
import Store
import TestSupport
import Testing

/// Runs whose workers split their tasks, through the built program.
@Suite(.ownThreads) struct TaskSplitTests {
    private static let names = ["a", "b", "c", "d", "e", "f", "index"]

    /// One task of seven files. Its worker runs `first` at first; it then splits the task into three parts, the last of
    /// which follows the first, and in its last turn it lists the other files in the index.
    ///
    /// - Parameter part: what a worker of a part does before its work.
    private func shop(
        first: String = "", part: String = "", split: String = "{max: 3, depth: 1}", more: String = ""
    ) throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(
            Dictionary(uniqueKeysWithValues: Self.names.map { ("shop/\($0).py", "old\n") }))
        let script = try shop.directory.makeDirectory("shared") + "/worker.sh"
        try """
        #!/bin/sh
        task=$1; shift
        program=$ORCHESTRATE_PROGRAM
        echo "start $task" >>$TRACE
        case $task in
          *+6) ;;
          *) \(part)
            sed -i s/old/new/ "$@"; exit 0 ;;
        esac
        if grep -q '^## Last turn' "$ORCHESTRATE_JOB/prompt.md"; then
          grep -E 'landed as|failed' "$ORCHESTRATE_JOB/prompt.md" | sed 's/ as .*//; s/^/told /' >>$TRACE
          sed -i s/old/new/ shop/?.py
          grep -l new shop/?.py >shop/index.py
          exit 0
        fi
        \(first)
        echo dropped >shop/a.py
        "$program" split --file - >>$TRACE <<END
        parts:
          - {name: one, files: [shop/a.py, shop/b.py], instructions: Do one.}
          - files: [shop/c.py, shop/d.py]
          - {files: [shop/e.py, shop/f.py], after: [one]}
        collate: List the files.
        END
        """.write(toFile: script, atomically: true, encoding: .utf8)
        try shop.plan(
            """
            scope: {include: ["shop/*.py"]}
            decompose: {unit: directory}
            \(more)
            workers:
              environment: [TRACE]
              split: \(split)
              ladder:
                - run: ": \(shop.mark); sh \(script) {task} {files}"
                  attempts: 1
            verify:
              done: [{run: "! grep -q old {file}"}]
              landing: [{run: "test -d shop", probe: off}]
            """)
        return shop
    }

    private static let task = "shop-a.py+6"

    private func expectWhole(_ shop: Workshop, _ comment: Comment? = nil) throws {
        let landed = try shop.landed()
        #expect(landed.sorted() == [Self.task] + (1...3).map { "\(Self.task).\($0)" }, comment)
        #expect(landed.last == Self.task, comment)
        #expect(
            try shop.text("shop/index.py").split(separator: "\n").map(String.init)
                == Self.names.dropLast().map { "shop/\($0).py" }, comment)
        #expect(try shop.survivors().isEmpty, comment)
    }

    @Test func `a worker splits its task, mends its proposal, and collates the result`() throws {
        let refusals = """
            try() { "$program" split "$@" >>$TRACE 2>&1; echo "exit $?" >>$TRACE; }
            try --part "shop/a.py shop/b.py" --part "shop/b.py"
            try --part "other.py" --part "shop/a.py"
            try --part shop/a.py --part shop/b.py --part shop/c.py --part shop/d.py
            echo '{"parts": [{"files": ["shop/a.py"], "after": [2]}, {"files": ["shop/b.py"], "after": [1]}]}' |
              try --file -
            echo '{"parts": [{"file": "shop/a.py"}]}' | try --file -
            """
        let shop = try shop(first: refusals)
        let before = try shop.fingerprint()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        try expectWhole(shop)
        #expect(try shop.fingerprint() == before)
        let trace = shop.traceLines()
        let refused = trace.filter { $0.hasPrefix("- ") && !$0.contains(Self.task) }
        #expect(
            refused == [
                "- 'shop/b.py' is in part 1 and in part 2", "- part 1: 'other.py' is not one of the task's files",
                "- it has 4 parts; the plan allows 3 (workers.split.max)",
                "- part 1 waits for itself: 'after' makes a cycle",
            ], "\(trace)")
        #expect(trace.filter { $0.hasPrefix("exit") } == ["exit 1", "exit 1", "exit 1", "exit 1", "exit 64"])
        #expect(trace.contains("- \(Self.task).1: shop/a.py, shop/b.py"))
        #expect(trace.filter { $0.hasPrefix("told") }.count == 3, "\(trace)")
        #expect(trace.filter { $0.hasPrefix("start") }.count == 5)
        // Parts name their task, and what was changed before the split is dropped.
        let trailers = try shop.repository.git(
            "log", "--format=%(trailers:key=Orchestrate-Part-Of,valueonly,separator=)", "main..\(shop.integration)")
        #expect(trailers.split(separator: "\n").map(String.init) == [Self.task, Self.task, Self.task])
        #expect(try shop.text("shop/a.py") == "new")
        #expect(try shop.attempts()[Self.task]?.map(\.state) == [.split, .verified])
        try expectShown(shop)
        #expect(try shop.jobFile(Self.task, 1, "job.json").contains(#""max_parts" : 3"#))
        #expect(try !shop.jobFile("\(Self.task).1", 1, "job.json").contains("max_parts"))
        let outside = try shop.orchestrate("split", "--part", "a")
        #expect(outside.status == 64 && outside.errorText.contains("orchestrate land --split RULE"))
        let prompt = try shop.jobFile(Self.task, 1, "prompt.md")
        #expect(prompt.contains("split it into at most 3 parts"))
        #expect(try shop.jobFile("\(Self.task).1", 1, "prompt.md").contains("Do one."))
        #expect(try !shop.jobFile("\(Self.task).1", 1, "prompt.md").contains("## Splitting"))
        #expect(try shop.jobFile(Self.task, 2, "prompt.md").contains("List the files."))
    }

    /// Parts are shown with their task.
    private func expectShown(_ shop: Workshop) throws {
        let part = "\(Self.task).2"
        let explained = try shop.orchestrate("explain", Self.task).text
        #expect(explained.contains("\nparts\n  \(Self.task).1  landed  shop/a.py and 1 more"), "\(explained)")
        // A file is looked for in the part that has it.
        #expect(try shop.orchestrate("explain", "shop/c.py").text.contains("\npart of\n  \(Self.task)  landed"))
        #expect(try shop.orchestrate("status", "--json").text.contains(#""part_of" : "\#(Self.task)""#))
        let graph = try shop.orchestrate("graph", "--format", "json").text
        #expect(graph.contains(#""task": "\#(part)", "state": "landed", "part_of": "\#(Self.task)""#), "\(graph)")
        let page = try shop.orchestrate("graph", "--plan", shop.planPath, "--format", "html").text
        #expect(page.contains(#""part":"\#(Self.task)""#))
        let review = try shop.orchestrate("review").text
        let parts = review.components(separatedBy: "\n").filter {
            $0.contains("split") && $0.contains("and its parts:")
        }
        #expect(parts.count == 2, "\(review)")
        #expect(!review.contains("more than one attempt"))
        #expect(try shop.orchestrate("report").text.contains("(part of \(Self.task))"))
        let log = try shop.orchestrate("log", Self.task).text
        #expect(log.contains("split refused") && log.contains("into \(Self.task).1, \(part), \(Self.task).3"), "\(log)")
    }

    @Test func `a plan without the key has no splits, and its prompts say nothing of them`() throws {
        let shop = try shop(first: "", split: "false")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet").status == 1)
        #expect(try shop.landed().isEmpty)
        #expect(try !shop.jobFile(Self.task, 1, "prompt.md").contains("Splitting"))
        #expect(try shop.orchestrate("explain", Self.task).text.contains("workers.split"))
    }

    @Test func `a coordinator that is killed at any moment neither loses nor doubles parts`() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for turn in [3, 6, 8, 10, 13, 17, 22, 28] {
                group.addTask {
                    let shop = try shop()
                    var environment = shop.environment
                    environment["ORCHESTRATE_CRASH"] = "stored:\(turn)"
                    let first = try shop.start(["migrate", "--plan", shop.planPath], environment: environment)
                    first.waitUntilExit()
                    let second = try shop.orchestrate("migrate", "--plan", shop.planPath)
                    #expect(second.status == 0, "\(turn): \(second.errorText)")
                    try expectWhole(shop, "killed at \(turn)")
                    return first.terminationReason == .uncaughtSignal
                }
            }
            let killed = try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            #expect(killed >= 4)
        }
    }

    @Test func `what a failed part has left is done by the last turn`() throws {
        let shop = try shop(part: #"case $task in *.1) echo "no way"; exit 1 ;; esac"#)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(try shop.landed() == ["\(Self.task).2", Self.task])
        #expect(try ["a", "b", "c", "e", "f"].allSatisfy { try shop.text("shop/\($0).py") == "new" })
        let prompt = try shop.jobFile(Self.task, 2, "prompt.md")
        #expect(prompt.contains("\(Self.task).1 (shop/a.py, shop/b.py): failed: worker"), "\(prompt)")
        #expect(prompt.contains("no way") && prompt.contains("was not begun: a part that it follows failed"))
        let explained = try shop.orchestrate("explain", "\(Self.task).3").text
        #expect(explained.contains("the last turn of \(Self.task) has done it"))
    }

    @Test func `a worker on an executor splits its task`() throws {
        let shop = try shop(more: "executor: farm")
        let folder = try shop.directory.makeDirectory("home/.config/orchestrate")
        try """
        version: 1
        executors:
          - name: farm
            kind: local
            slots: 2
            program: \(Workshop.program)
            files: \(shop.directory.appending("farm"))
        """.write(toFile: "\(folder)/executors.yaml", atomically: true, encoding: .utf8)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        try expectWhole(shop)
        #expect(try shop.attempts()[Self.task]?.map(\.state) == [.split, .verified])
    }
}
