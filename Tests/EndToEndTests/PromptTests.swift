import Foundation
import TestSupport
import Testing

/// What a worker reads, through the built program.
@Suite(.ownThreads) struct PromptContentTests {
    private func shop(_ files: [String: String], more: String = "") throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(files)
        try shop.plan(
            """
            scope: {include: ["**/*.py"]}
            workers:
              environment: [TRACE]
              ladder: [{prompt: file, run: "cp {prompt} $TRACE.$ORCHESTRATE_TASK; sed -i s/old/new/ {files}"}]
            verify:
              done: [{run: "! grep -q old {file}"}]
              landing: [{run: "test -d src", probe: off}]
            \(more)
            """)
        return shop
    }

    private static let files = [
        "src/a.py": "old = 1\n", "src/b.py": "import src.a\nold = 2\n", "AGENTS.md": "Use four spaces.\nNo tabs.\n",
        "CLAUDE.md": "@AGENTS.md\n", "src/AGENTS.md": "Names are short here.\nReally.\n",
    ]

    @Test func `a prompt can be read before any run`() throws {
        let shop = try shop(Self.files, more: "playbook: advice.md\nexamples: [{before: old, after: new}]")
        try "Leave comments alone.\n".write(
            toFile: shop.directory.appending("advice.md"), atomically: true, encoding: .utf8)
        let result = try shop.orchestrate("prompt", "src/b.py", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        for text in [
            "Leave comments alone.", "| Use four spaces.", "| Names are short here.", "    ! grep -q old src/b.py",
            "    test -d src", "before\n| old\nafter\n| new",
        ] {
            #expect(result.text.contains(text), "\(text)")
        }
        #expect(!result.text.contains("@AGENTS.md"))
        #expect(result.errorText.contains("attempt 1 for worker command: about"))
        // Nothing is written, so there still is no run.
        #expect(try shop.orchestrate("status").status != 0)
        let unknown = try shop.orchestrate("prompt", "src/c.py", "--plan", shop.planPath)
        #expect(unknown.status == 64 && unknown.errorText.contains("the plan has no task 'src/c.py'; it has 2 tasks"))
    }

    @Test func `most of a prompt is the same for all tasks and comes first`() throws {
        var files = Self.files
        files["AGENTS.md"] = (1...40).map { "Rule \($0) of the house: write it the way the files around it do.\n" }
            .joined()
        let shop = try shop(files, more: "playbook: advice.md")
        try String(repeating: "Leave comments alone. ", count: 60).write(
            toFile: shop.directory.appending("advice.md"), atomically: true, encoding: .utf8)
        let prompts = try ["src/a.py", "src/b.py"].map {
            try shop.orchestrate("prompt", $0, "--plan", shop.planPath).text
        }
        let shared = zip(prompts[0].utf8, prompts[1].utf8).prefix { $0 == $1 }.count
        #expect(Double(shared) >= 0.7 * Double(prompts[1].utf8.count), "\(shared) of \(prompts[1].utf8.count)")
    }

    @Test func `the change of a landed sibling is an example for the next task`() throws {
        let shop = try shop(Self.files)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)")
        func prompt(_ task: String) throws -> String {
            try String(contentsOfFile: "\(shop.trace).\(task)", encoding: .utf8)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: shop.directory.appending("shared"))
        let tasks = names.filter { $0.hasPrefix("trace.") }.map { String($0.dropFirst(6)) }.sorted()
        try #require(tasks.count == 2)
        #expect(try !prompt(tasks[0]).contains("How landed tasks did it"))
        let second = try prompt(tasks[1])
        #expect(second.contains("## How landed tasks did it") && second.contains("| -old = 1\n| +new = 1"), "\(second)")
    }

    @Test func `a program that reads AGENTS md itself is not given it twice`() throws {
        // A copy under another name is the same text, and the program does not read those of directories.
        let shop = try shop(Self.files.merging(["CLAUDE.md": "Use four spaces.\nNo tabs.\n"]) { $1 })
        let folder = try shop.directory.makeDirectory("workers/reader")
        func reads(_ names: String) throws {
            try "version: 1\nname: reader\nprompt: file\nrun: ': {prompt}'\nreads: [\(names)]\n".write(
                toFile: "\(folder)/worker.yaml", atomically: true, encoding: .utf8)
        }
        try reads("AGENTS.md")
        let plan = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try plan.replacing("ladder: [{", with: "ladder: [{use: reader}, {").write(
            toFile: shop.planPath, atomically: true, encoding: .utf8)
        let result = try shop.orchestrate("prompt", "src/b.py", "--plan", shop.planPath)
        #expect(result.status == 0 && !result.text.contains("four spaces"), "\(result.errorText)\(result.text)")
        #expect(result.text.contains("Names are short here."))
        try reads("\"**/AGENTS.md\"")
        let all = try shop.orchestrate("prompt", "src/b.py", "--plan", shop.planPath)
        #expect(all.status == 0 && !all.text.contains("Conventions of"), "\(all.errorText)\(all.text)")
    }

    @Test func `conventions are told nearest first, and a copy is not told twice`() throws {
        let shop = try shop([
            "src/app/a.py": "old = 1\n", "AGENTS.md": "Root rule.\nReally.\n", "src/CLAUDE.md": "Root rule.\nReally.\n",
            "src/CONTRIBUTING.md": "Middle rule.\nReally.\n", "src/app/GEMINI.md": "Near rule.\nReally.\n",
            "src/app/.cursor/rules/x.mdc": "Cursor rule.\nReally.\n", ".github/CONTRIBUTING.md": "Hub rule.\nReally.\n",
            "lib/AGENTS.md": "Far rule.\nReally.\n",
        ])
        let prompt = try shop.orchestrate("prompt", "src/app/a.py", "--plan", shop.planPath).text
        let places = ["Near rule", "Cursor rule", "Middle rule"].compactMap { prompt.range(of: $0)?.lowerBound }
        #expect(places.count == 3 && places == places.sorted(), "\(prompt)")
        #expect(prompt.components(separatedBy: "Root rule").count == 2 && prompt.contains("Hub rule"), "\(prompt)")
        #expect(!prompt.contains("Far rule"))
    }

    @Test func `no later prompt is larger than the one that was too large for the window`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try String(repeating: "Leave comments alone. ", count: 90).write(
            toFile: shop.directory.appending("advice.md"), atomically: true, encoding: .utf8)
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            playbook: advice.md
            workers:
              environment: [TRACE]
              ladder:
                - events: orchestrate
                  prompt: file
                  attempts: 3
                  run: |
                    cp {prompt} $TRACE.$ORCHESTRATE_ATTEMPT
                    case $ORCHESTRATE_ATTEMPT in
                      1) echo '{"event": "finished", "result": "error", "message": "prompt is too long: 9000 tokens > 4096 maximum"}'; exit 1 ;;
                      2) echo more >>a.py ;;
                      3) sed -i s/old/new/ {files} ;;
                    esac
                    echo '{"event": "finished", "result": "success"}'
            verify: {done: [{run: "grep -q new {file} || { seq 100; false; }"}]}
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        let sizes = try (1...3).map { try String(contentsOfFile: "\(shop.trace).\($0)", encoding: .utf8).utf8.count }
        #expect(sizes[1] <= sizes[0] && sizes[2] <= sizes[0], "\(sizes)")
    }

    @Test func `a task that cannot be done goes to a person with the reason`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              ladder:
                - attempts: 3
                  run: >-
                    echo try >>$TRACE; echo '{"summary": "Cannot be done because the name is public."}' >{job}/outcome.json
            verify: {done: [{run: "! grep -q old {file}"}]}
            """)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet").status == 1)
        #expect(shop.traceLines() == ["try"])
        let status = try shop.orchestrate("status").text
        #expect(status.contains("cannot be done because the name is public"), "\(status)")
    }
}
