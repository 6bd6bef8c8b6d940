import Foundation
import TestSupport
import Testing

/// Runs whose workers talk to each other, through the built program.
@Suite(.ownThreads) struct MessageRunTests {
    /// A plan over files `fNNN.py`, whose worker is a script that is given the job's place.
    private func shop(_ files: [String: String], worker: String, share: String, more: String = "") throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(files)
        let script = try shop.directory.makeDirectory("shared") + "/worker.sh"
        try "#!/bin/sh\nset -e\ntask=$1; file=$2; program=$ORCHESTRATE_PROGRAM\n\(worker)\n".write(
            toFile: script, atomically: true, encoding: .utf8)
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            context: {share: \(share)}
            workers:
              environment: [TRACE]
              ladder:
                - run: ": \(shop.mark); sh \(script) {task} {files}"
                  attempts: 2
            verify:
              done: [{run: "! grep -q old {file}"}]
            \(more)
            """)
        return shop
    }

    private static let learning = """
        case $file in
          f000.py|f001.py) ;;
          f002.py) "$program" message send --kind lesson "the name is MAGIC-7" ;;
          *) grep -q MAGIC-7 "$ORCHESTRATE_JOB/prompt.md" || { echo "what is the name?"; exit 1; } ;;
        esac
        sed -i s/old/new/ "$file"
        """

    private func twoHundred() -> [String: String] {
        var files: [String: String] = [:]
        for number in 0..<200 {
            let name = "f\(String(repeating: "0", count: 3 - "\(number)".count))\(number).py"
            files[name] = number < 3 ? "old\n" : "import f002\nold\n"
        }
        return files
    }

    @Test(arguments: ["messages", "everything", "file"])
    func `a lesson of the third task helps all that come`(share: String) throws {
        let shop = try shop(twoHundred(), worker: Self.learning, share: share)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(try shop.landed().count == 200)
        #expect(try shop.orchestrate("message", "list").text.contains("the name is MAGIC-7"))
    }

    @Test func `without messages nobody learns`() throws {
        let shop = try shop(twoHundred(), worker: Self.learning, share: "none")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet").status == 1)
        #expect(try shop.landed().sorted() == ["f000.py", "f001.py", "f002.py"])
    }

    @Test func `a message reaches a task that runs`() throws {
        let worker = """
            if [ $file = a.py ]; then
              echo started >>$TRACE
              "$program" message wait --timeout 300s >>$TRACE
            else
              while ! grep -q started $TRACE; do sleep 0.01; done
              "$program" message send --to a.py --kind warning --file b.py "mind the gap"
            fi
            sed -i s/old/new/ $file
            """
        let shop = try shop(["a.py": "old\n", "b.py": "old\n"], worker: worker, share: "messages")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(shop.traceLines().dropFirst() == ["[1] warning from b.py, about b.py", "| mind the gap"])
        #expect(try shop.orchestrate("message", "search", "gap").text.contains("given to a.py (inbox)"))
    }

    private static let asking = """
        if [ -n "$(grep -s 'is green' "$ORCHESTRATE_JOB/prompt.md")" ]; then sed -i s/old/new/ $file; exit 0; fi
        "$program" message send --kind question --wait 1s "which colour?"
        """

    @Test(arguments: ["migrate", "resume"])
    func `a question without an answer blocks the task and an answer frees it`(verb: String) throws {
        let shop = try shop(["a.py": "old\n", "b.py": "import a\nold\n"], worker: Self.asking, share: "none")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet").status == 1)
        #expect(try shop.orchestrate("explain", "a.py").text.contains("question 1 had no answer in time"))
        #expect(try shop.orchestrate("status").text.contains("which colour?"))
        let questions = try shop.orchestrate("questions").text
        #expect(questions.contains("which colour?") && questions.contains("orchestrate answer 1 TEXT"))
        #expect(try shop.orchestrate("resume").errorText.contains("no unfinished run"))
        let answer = try shop.orchestrate("answer", "1", "it is green")
        #expect(answer.status == 0)
        #expect(answer.errorText.contains("Queued. 'orchestrate resume' or 'migrate' takes a.py up again with it"))
        #expect(try shop.orchestrate("answer", "9", "what?").status == 64)
        let arguments = verb == "migrate" ? ["migrate", "--plan", shop.planPath, "--quiet"] : [verb, "--quiet"]
        let result = try run(
            Workshop.program, arguments, in: shop.repository.path, environment: shop.environment, input: [])
        #expect(try shop.orchestrate("status").text.contains(verb == "migrate" ? "demo-2" : "demo-1"))
        // b.py asks a question of its own.
        #expect(try shop.landed() == ["a.py"], "\(result.errorText)\(result.text)")
        #expect(try shop.orchestrate("questions").text.contains("from b.py"))
        #expect(try shop.orchestrate("answer", "1", "green, I said").errorText.contains("a.py is done already"))
    }

    @Test func `every command of a prompt works in the job that reads it`() throws {
        let worker = """
            sed -i "s/old/new/" $file
            grep '^    ' "$ORCHESTRATE_JOB/prompt.md" | while read -r line; do
              sh -c "$line" </dev/null >out 2>&1 && echo "good: $line" >>$TRACE || echo "bad: $line $(cat out)" >>$TRACE
              rm out
            done
            """
        let shop = try shop(
            ["a.py": "old\n"], worker: worker, share: "messages", more: "  landing: [{run: test -f a.py, probe: off}]")
        let plan = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try plan.replacingOccurrences(
            of: "- run: \": \(shop.mark)", with: "- prompt: file\n      run: \": {prompt} \(shop.mark)"
        )
        .write(toFile: shop.planPath, atomically: true, encoding: .utf8)
        let process = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("the question is there", for: process) {
            (try? shop.orchestrate("questions").text.contains("person in charge")) == true
        }
        #expect(try shop.orchestrate("answer", "2", "yes").status == 0)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(
            shop.traceLines().count == 6 && shop.traceLines().allSatisfy { $0.hasPrefix("good: ") },
            "\(shop.traceLines())")
    }

    @Test func `a search inside of a job finds what others said`() throws {
        let worker = """
            "$program" message send --kind lesson "the name is MAGIC-7"
            "$program" message search magic-8 >>$TRACE
            "$program" message wait --timeout 1s || true
            sed -i s/old/new/ $file
            """
        let shop = try shop(["a.py": "old\n"], worker: worker, share: "messages")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet").status == 0)
        #expect(shop.traceLines() == ["no message contains these words"])
    }

    @Test func `a question to a task that has landed does not block the asker`() throws {
        let worker = """
            [ $file = a.py ] || "$program" message send --to a.py --kind question --wait 300s "which?" >>$TRACE
            sed -i s/old/new/ $file
            """
        let shop = try shop(["a.py": "old\n", "b.py": "import a\nold\n"], worker: worker, share: "messages")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(shop.traceLines().count == 1 && shop.traceLines()[0].contains("task a.py has landed"))
    }

    @Test func `questions to a task that fails and to one that it blocks are answered at once`() throws {
        let worker = """
            case $file in
              a.py) for to in bad.py needs.py; do
                  "$program" message send --to $to --kind question --wait 300s "which?" >>$TRACE
                done ;;
              bad.py) exit 1 ;;
            esac
            sed -i s/old/new/ $file
            """
        let shop = try shop(
            ["a.py": "old\n", "bad.py": "old\n", "needs.py": "import bad\nold\n"], worker: worker, share: "none")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 1, "\(result.errorText)\(result.text)")
        #expect(try shop.landed() == ["a.py"])
        let told = shop.traceLines()
        #expect(told.count == 2 && told[0].contains("task bad.py has failed. Ask the person"), "\(told)")
        #expect(told.last?.contains("task needs.py is blocked by bad.py. Ask the person") == true, "\(told)")
    }

    @Test func `a question to nobody, and one to its own sender, are answered at once`() throws {
        let worker = """
            for to in nobody.py $task; do
              "$program" message send --kind question --to $to --wait 600s "who?" >>$TRACE
            done
            sed -i s/old/new/ "$file"
            """
        let shop = try shop(["a.py": "old\n"], worker: worker, share: "messages")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(
            shop.traceLines() == [
                "Nobody can answer this question: unknown recipient. Ask the person in charge instead.",
                "Nobody can answer this question: it is a question to its own sender. Ask the person in charge instead.",
            ])
    }

    @Test func `an answer that comes in time is printed`() throws {
        let worker = """
            colour=$("$program" message send --kind question --wait 300s "which colour?")
            sed -i "s/old/$colour/" $file
            """
        let shop = try shop(["a.py": "old\n"], worker: worker, share: "none")
        let process = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("the question is there", for: process) {
            (try? shop.orchestrate("questions").text.contains("which colour?")) == true
        }
        let answer = try shop.orchestrate("answer", "1", "new")
        #expect(answer.status == 0 && answer.errorText.contains("in the inbox of the worker of a.py"))
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try shop.text("a.py") == "new")
    }

    @Test func `what one task renames others hear of`() throws {
        let worker = """
            case $file in
              a.py) sed -i 's/def total(x)/def sum_up(x)/; s/old/new/' $file ;;
              *) grep -A9 '## Messages' "$ORCHESTRATE_JOB/prompt.md" >>$TRACE || true; sed -i 's/total/sum_up/; s/old/new/' $file ;;
            esac
            """
        let shop = try shop(
            ["a.py": "def total(x):\n    return x  # old\n", "b.py": "import a\na.total(1)  # old\n"], worker: worker,
            share: "messages")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(shop.traceLines().contains { $0.contains("renamed: total is now sum_up: def sum_up(x)") })
        let messages = try shop.orchestrate("message", "list").text
        #expect(messages.contains("interface-change from coordinator to dependents of a.py"))
        #expect(messages.contains("given to b.py (prompt)"))
    }

    @Test func `a renamed name adds tasks for files outside of the plan`() throws {
        let worker = """
            case $task in
              derived-*) sed -i 's/total/sum_up/' $file ;;
              *) sed -i 's/total/sum_up/; s/old/new/' $file ;;
            esac
            """
        let files = [
            "a.py": "def total(x):\n    return x  # old\n", "tools/use.py": "import a\na.total(1)\n",
            "tools/other.py": "import a\nsubtotal = totals = 1\n", "b.py": "import a\na.total(2)  # old\n",
        ]
        let shop = try shop(files, worker: worker, share: "none", more: "derive: true")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(try shop.landed() == ["a.py", "b.py", "derived-tools-use.py"] || shop.landed().count == 3)
        #expect(try shop.text("tools/use.py") == "import a\na.sum_up(1)")
        #expect(try shop.orchestrate("log", "derived-tools-use.py").text.contains("landed"))
        #expect(try shop.orchestrate("status").text.contains("3"))
    }

    @Test func `derive is capped`() throws {
        var files = ["a.py": "def total(x):\n    return x  # old\n"]
        for number in 0..<9 { files["tools/use\(number).py"] = "import a\na.total(1)\n" }
        let shop = try shop(
            files, worker: "sed -i 's/total/sum_up/; s/old/new/' $file", share: "none", more: "derive: {max_tasks: 4}")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(try shop.landed().count == 5)
    }

    @Test func `a person is told of a worker that floods`() throws {
        let worker = """
            ln -s /etc/passwd "$ORCHESTRATE_JOB/outbox/0link"
            mkfifo "$ORCHESTRATE_JOB/outbox/0pipe"
            # The coordinator has seen both once they are moved away.
            while [ -L "$ORCHESTRATE_JOB/outbox/0link" ] || [ -p "$ORCHESTRATE_JOB/outbox/0pipe" ]; do sleep 0.02; done
            i=0
            while [ $i -lt 300 ]; do echo '{"kind":"lesson","body":"x'$i'","from":"human"}' >"$ORCHESTRATE_JOB/new"; mv "$ORCHESTRATE_JOB/new" "$ORCHESTRATE_JOB/outbox/$i"; i=$((i+1)); done
            sed -i s/old/new/ $file
            """
        let shop = try shop(["a.py": "old\n"], worker: worker, share: "messages")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet").status == 0)
        let messages = try shop.orchestrate("message", "list").text
        #expect(messages.contains("more than 100 messages were sent; the rest was dropped (200 times)"), "\(messages)")
        #expect(messages.contains("something in the outbox was not a plain file (2 times)"))
        #expect(messages.components(separatedBy: "lesson from a.py to everyone").count == 101)
        #expect(!messages.contains("from you"))
    }

    /// Kills the coordinator after each of its first appends, and resumes.
    @Test(arguments: 2...14)
    func `no message is lost or doubled by a crash`(turn: Int) throws {
        let worker = """
            for n in 1 2 3; do "$program" message send "$task-$n from attempt $ORCHESTRATE_ATTEMPT"; done
            sed -i s/old/new/ $file
            """
        let shop = try shop(
            ["a.py": "old\n", "b.py": "import a\nold\n", "c.py": "old\n"], worker: worker, share: "messages")
        var environment = shop.environment
        environment["ORCHESTRATE_CRASH"] = "stored:\(turn)"
        _ = try run(
            Workshop.program, ["migrate", "--plan", shop.planPath, "--quiet"], in: shop.repository.path,
            environment: environment, input: [])
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        let bodies = try shop.orchestrate("message", "list").text.split(separator: "\n").filter {
            $0.contains("from attempt")
        }
        #expect(Set(bodies).count == bodies.count)
        // Whatever was interrupted, the attempt that landed has said all it had to say.
        for task in ["a.py", "b.py", "c.py"] {
            for number in 1...3 { #expect(bodies.contains { $0.contains("\(task)-\(number) ") }, "\(bodies)") }
        }
    }

    @Test func `the prompt can be looked at before`() throws {
        let shop = try shop(
            ["a.py": "def total(x):\n    return x  # old\n", "b.py": "import a\nold\n"], worker: "exit 1",
            share: "messages")
        _ = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        let result = try shop.orchestrate("prompt", "a.py")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.text.contains("## Attempt 3: what was wrong before"))
        #expect(result.errorText.contains("attempt 3 for worker command: about"))
        #expect(result.errorText.contains("failure"))
    }

    /// Asks twice for its checks over the protocol, before and after its work.
    private static let checking = """
        cat >"$ORCHESTRATE_JOB/ask.py" <<'END'
        import json, os, subprocess
        server = subprocess.Popen([os.environ["ORCHESTRATE_PROGRAM"], "mcp"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        def call(number, method, parameters):
            server.stdin.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}) + "\\n")
            server.stdin.flush()
            return json.loads(server.stdout.readline())
        call(1, "initialize", {"protocolVersion": "2025-06-18", "capabilities": {},
                               "clientInfo": {"name": "test", "version": "1"}})
        print(call(2, "tools/call", {"name": "check", "arguments": {}})["result"]["content"][0]["text"])
        server.stdin.close()
        END
        python3 "$ORCHESTRATE_JOB/ask.py" | head -1 | sed 's/^/before: /' >>$TRACE
        sed -i s/old/new/ $file
        python3 "$ORCHESTRATE_JOB/ask.py" | head -1 | sed 's/^/after: /' >>$TRACE
        """

    @Test func `what a worker has asked to be checked is not checked again`() throws {
        let shop = try shop(
            ["a.py": "old\n"], worker: Self.checking, share: "messages",
            more: "  task: [{name: tests, run: \"echo ran >>$TRACE; grep -q new a.py\", environment: [TRACE]}]")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(shop.traceLines() == ["before: failed", "ran", "after: passed"])
    }
}
