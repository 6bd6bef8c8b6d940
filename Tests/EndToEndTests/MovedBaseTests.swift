import Foundation
import TestSupport
import Testing

/// A plan that is run again after its base has got new commits.
@Suite(.ownThreads) struct MovedBaseTests {
    /// A finished run of three tasks.
    private func finished() throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old = 1\n", "b.py": "old = 2\n", "c.py": "old = 3\n"])
        try shop.replacingPlan("  landing: [{name: no poison, run: test ! -e poison, probe: off}]")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        return shop
    }

    private func short(_ shop: Workshop, _ revision: String) throws -> String {
        String(try shop.repository.git("rev-parse", revision).prefix(10))
    }

    @Test func `a new file on the base becomes a task, on top of what has landed`() throws {
        let shop = try finished()
        let old = try short(shop, "main")
        try shop.repository.commit(["d.py": "old = 4\n"])
        let new = try short(shop, "main")
        for arguments in [
            ["check", "--plan", shop.planPath], ["plan", "show", shop.planPath], ["status"],
        ] {
            let result = try shop.orchestrate(arguments)
            let said = result.text + result.errorText
            #expect(said.contains(old) && said.contains(new), "\(arguments): \(said)")
        }
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(result.errorText.contains("main has moved from \(old) to \(new)"), "\(result.errorText)")
        #expect(try shop.landed().sorted() == ["a.py", "b.py", "c.py", "d.py"])
        #expect(shop.traceLines().sorted() == ["a.py", "b.py", "c.py", "d.py"])
        #expect(try shop.text("d.py").hasPrefix("new = 4"))
        #expect(
            try shop.repository.git("merge-base", "main", shop.integration) == shop.repository.git("rev-parse", "main"))
    }

    @Test func `work that was merged as a squash is not done again`() throws {
        let shop = try finished()
        try shop.repository.git("merge", "--quiet", "--squash", shop.integration)
        try shop.repository.git("commit", "--quiet", "-m", "squash")
        try shop.repository.commit(["d.py": "old = 4\n"])
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed() == ["d.py"])
        #expect(shop.traceLines().count == 4)
    }

    @Test func `a base on which the landed work is red, or conflicts, is refused with what to do`() throws {
        let shop = try finished()
        let tip = try shop.repository.git("rev-parse", shop.integration)
        let base = try shop.repository.git("rev-parse", "main")
        for (file, text, words) in [
            ("poison", "x\n", "no poison"), ("a.py", "old = 99\n", "changes the same lines"),
        ] {
            try shop.repository.commit([file: text])
            let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
            #expect(result.status == 3 && result.errorText.contains(words), "\(result.errorText)")
            #expect(result.errorText.contains("hint:"))
            #expect(try shop.repository.git("rev-parse", shop.integration) == tip)
            try shop.repository.git("reset", "--quiet", "--hard", base)
        }
    }
}
