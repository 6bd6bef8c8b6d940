import Foundation
import TestSupport
import Testing

/// What was learned in a run becomes advice for the next tasks, once a person has accepted it.
@Suite(.ownThreads) struct PlaybookRunTests {
    private func shop() throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "import a\nold\n", "c.py": "import b\nold\n"])
        try "Keep the order.\n".write(
            toFile: shop.directory.appending("advice.md"), atomically: true, encoding: .utf8)
        return shop
    }

    private func plan(_ shop: Workshop, name: String = "demo") throws {
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            playbook: advice.md
            context: {share: messages}
            workers:
              max_parallel: 1
              ladder:
                - attempts: 1
                  run: |
                    case {task} in
                      a.py) "$ORCHESTRATE_PROGRAM" message send --kind lesson "Vendored names stay" ;;
                      c.py) grep -q "Use the long name" "$ORCHESTRATE_JOB/prompt.md" || exit 1 ;;
                    esac
                    sed -i s/old/new/ {files}
            verify: {done: [{run: "! grep -q old {file}"}], probe: off}
            """, name: name)
    }

    @Test func `lessons that helped and notes are proposed, and a person takes or refuses them`() throws {
        let shop = try shop()
        try plan(shop)
        func playbook(_ more: String...) throws -> ScratchProcessResult {
            try shop.orchestrate(["playbook", "--plan", shop.planPath] + more)
        }
        #expect(try playbook().text.contains("no proposals"))
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        try shop.orchestrate("retry", "c.py", "--note", "Use the long name", "--plan", shop.planPath)
        let resumed = try shop.orchestrate("resume", "--plan", shop.planPath)
        #expect(resumed.status == 0, "\(resumed.text)\(resumed.errorText)")

        let shown = try playbook().text
        #expect(shown.contains("Keep the order.") && shown.contains("| Vendored names stay"), "\(shown)")
        #expect(shown.contains("lesson of a.py, which 2 tasks had that landed"), "\(shown)")
        #expect(shown.contains("note for c.py, which landed with it"), "\(shown)")
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(try playbook("--json").text.utf8)) as? [String: Any])
        let proposals = try #require(document["proposals"] as? [[String: Any]])
        #expect(proposals.map { $0["source"] as? String } == ["lesson", "note"])
        #expect(proposals.map { $0["landed"] as? [String] } == [["b.py", "c.py"], ["c.py"]])

        #expect(try playbook("--accept", "2").status == 0)
        #expect(try playbook("--reject", "1").status == 0)
        let file = try String(contentsOfFile: shop.directory.appending("advice.md"), encoding: .utf8)
        #expect(file.hasPrefix("Keep the order.\n\n- Use the long name\n"), "\(file)")
        #expect(try playbook().text.contains("no proposals"))
        let again = try playbook("--accept", "1")
        #expect(again.status == 64 && again.errorText.contains("no open proposal 1"), "\(again.errorText)")

        // Another plan names the same file.
        try plan(shop, name: "other")
        let prompt = try shop.orchestrate("prompt", "c.py", "--plan", shop.planPath).text
        #expect(prompt.contains("- Use the long name") && !prompt.contains("Vendored"), "\(prompt)")
    }

    @Test func `an unfinished run takes the changed playbook`() throws {
        let shop = try shop()
        try plan(shop)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        try "#!/bin/sh\necho 'Use the long name' >>$2\n".write(
            toFile: shop.directory.appending("editor"), atomically: true, encoding: .utf8)
        let edited = try run(
            Workshop.program, ["playbook", "--plan", shop.planPath, "--edit"], in: shop.repository.path,
            environment: shop.environment.merging(["EDITOR": "sh \(shop.directory.appending("editor")) x"]) { $1 },
            input: [])
        #expect(edited.status == 0 && edited.text.contains("Use the long name"), "\(edited.text)\(edited.errorText)")
        try shop.orchestrate("retry", "c.py", "--plan", shop.planPath)
        let resumed = try shop.orchestrate("resume", "--plan", shop.planPath)
        #expect(resumed.status == 0, "\(resumed.text)\(resumed.errorText)")
        #expect(try shop.landed().sorted() == ["a.py", "b.py", "c.py"])
    }
}
