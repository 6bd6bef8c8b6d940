import Foundation
import TestSupport
import Testing

@Suite(.ownThreads) struct CommitFormTests {
    private let form = """
        commit:
          subject: "refactor({stage}): {title}"
          ticket: ABC-1
          trailers: {Refs: "{ticket}", Change-Id: "{change_id}"}
          sign_off: true
          author: "Bot <bot@example.com>"
          sign: true
          notes: true
        """

    /// A user with an SSH key that git knows.
    private func withKey(_ shop: Workshop) throws {
        let key = "\(shop.repository.home)/key"
        let made = try run(
            "/usr/bin/env", ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], in: "/",
            environment: shop.environment, input: [])
        #expect(made.status == 0, "\(made.errorText)")
        let signer = try String(contentsOfFile: "\(key).pub", encoding: .utf8)
        try "carl@example.com \(signer)".write(toFile: "\(key).allowed", atomically: true, encoding: .utf8)
        try """
        [user]
            name = Carl
            email = carl@example.com
            signingKey = \(key).pub
        [gpg]
            format = ssh
        [gpg "ssh"]
            allowedSignersFile = \(key).allowed
        """.write(toFile: "\(shop.repository.home)/.gitconfig", atomically: true, encoding: .utf8)
    }

    @Test func `commits of a team have its form, are signed, and are known again by their notes`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old = 1\n", "b.py": "old = 2\n"])
        try withKey(shop)
        try shop.replacingPlan(form)
        let checked = try shop.orchestrate("plan", "check", shop.planPath)
        #expect(checked.status == 0, "\(checked.errorText)")
        for part in ["refactor(all): src/example.py", "Author: Bot <bot@example.com>", "Refs: ABC-1", "Verified-Tree"] {
            #expect(checked.text.contains(part), "\(part)")
        }
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        let message = try shop.repository.git("log", "-1", "--format=%an|%cn|%B", shop.integration)
        // The tasks do not depend on each other, so either may land last.
        let last = message.contains("b.py") ? "b.py" : "a.py"
        #expect(
            message.hasPrefix("Bot|Carl|refactor(all): \(last)\n\nSay new instead of old.\n\nRefs: ABC-1\nChange-Id: I")
        )
        #expect(message.contains("\nSigned-off-by: Carl <carl@example.com>") && !message.contains("Orchestrate-Task"))
        #expect(try shop.repository.git("notes", "--ref=orchestrate", "show", shop.integration).contains(": \(last)\n"))
        for commit in [shop.integration, "\(shop.integration)~1"] {
            #expect(try shop.repository.gitResult(["verify-commit", commit]).status == 0)
        }
        // The base moves: the next run puts the commits onto it, signed and with notes, and repeats no task.
        try shop.repository.commit(["c.py": "old = 3\n"])
        let again = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(again.status == 0, "\(again.errorText)")
        #expect(shop.traceLines().sorted() == ["a.py", "b.py", "c.py"])
        let log = try shop.repository.git(
            "log", "--format=%G? %(trailers:key=Change-Id,valueonly,separator=)", "main..\(shop.integration)")
        #expect(log.split(separator: "\n").count == 3 && log.split(separator: "\n").allSatisfy { $0.hasPrefix("G I") })
        #expect(
            try shop.repository.git("log", "--notes=orchestrate", "--format=%N", "main..\(shop.integration)")
                .components(separatedBy: "Orchestrate-Task: ").count == 4)
    }

    @Test func `a key that cannot sign stops the run before it starts`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old = 1\n"])
        try shop.repository.git("config", "gpg.format", "ssh")
        try shop.repository.git("config", "user.signingKey", "/nowhere/key.pub")
        try shop.replacingPlan("commit: {sign: true}")
        for verb in [["plan", "check", shop.planPath], ["migrate", "--plan", shop.planPath]] {
            let refused = try shop.orchestrate(verb)
            #expect(refused.status != 0)
            #expect(
                refused.errorText.contains("git cannot sign commits") && refused.errorText.contains("hint: name a key"))
        }
        #expect(try shop.repository.git("branch", "--list", "orchestrate/*") == "")
    }
}
