import Foundation
import Git
import Jobs
import Model
import TestSupport
import Testing

@testable import Coordinator

/// What a machine may send as the result of an attempt.
@Suite struct RemoteResultTests {
    private let fixture: RunFixture
    private let folder: ScratchDirectory
    private let token = "0123456789abcdef"

    init() throws {
        fixture = try RunFixture()
        folder = try ScratchDirectory("machine")
        try sh("git clone -q --bare '\(fixture.repository.path)' machine.git")
    }

    /// Runs a shell script in the folder of the machine.
    @discardableResult
    private func sh(_ script: String) throws -> String {
        let identity = [
            "GIT_AUTHOR_NAME": "m", "GIT_AUTHOR_EMAIL": "m@example.com", "GIT_COMMITTER_NAME": "m",
            "GIT_COMMITTER_EMAIL": "m@example.com", "GIT_CONFIG_GLOBAL": "/dev/null",
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        ]
        let result = try run("/bin/sh", ["-ec", script], in: folder.path, environment: identity, input: [], limit: 60)
        try #require(result.status == 0, "\(result.errorText)")
        return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Makes a commit on the machine.
    /// - Parameters:
    ///   - entries: lines of `git mktree` that follow those of the base.
    ///   - parent: nil for the base.
    private func commit(_ entries: String, parent: String? = nil) throws -> ObjectID {
        let base = fixture.base.hex
        let hex = try sh(
            """
            export GIT_DIR=machine.git
            blob=$(echo done | git hash-object -w --stdin)
            tree=$( (git ls-tree \(base) | grep -v a.txt; printf '\(entries)' | sed "s/BLOB/$blob/") | git mktree --missing)
            git commit-tree -m work \(parent == "none" ? "" : "-p \(parent ?? base)") $tree
            """)
        return try #require(ObjectID(hex: hex))
    }

    /// Puts a commit, its tree and the blobs that the machine has into a bundle, and has it judged.
    private func judge(_ commit: ObjectID, tree: ObjectID? = nil) async throws -> Fact {
        let base = fixture.base
        let reference = JobOrder.resultReference(token: token)
        let made = try sh(
            """
            export GIT_DIR=machine.git
            tree=$(git rev-parse \(commit.hex)^{tree})
            { printf '# v2 git bundle\\n-\(base.hex) base\\n\(commit.hex) \(reference)\\n\\n'
              { echo \(commit.hex); echo $tree
                git ls-tree -r $tree | awk '{print $3}' | git cat-file --batch-check='%(objectname)' | grep -v missing
              } | git pack-objects --stdout -q; } >result.bundle
            echo $tree
            """)
        let sentTree = try #require(ObjectID(hex: made))
        let attempt = Attempt(
            task: fixture.tasks[0], number: 1, rung: fixture.plan.workers.ladder[0], base: base)
        let fact = Fact.attemptVerified(
            .init(
                task: TaskID("a.txt"), attempt: 1, worker: "w", commit: commit, base: base, tree: tree ?? sentTree,
                changes: [ChangedPath(path: "a.txt", added: 1, removed: 1)], checks: [], seconds: 7, reason: "because"))
        return try await RemoteResult(context: fixture.context.work, attempt: attempt, token: token).judge(
            fact, bundle: "\(folder.path)/result.bundle")
    }

    private static let honest = "100644 blob BLOB\\ta.txt\\n"

    @Test func `work on the base becomes a commit that is made here`() async throws {
        let sent = try commit(Self.honest)
        guard case .attemptVerified(let fact) = try await judge(sent) else {
            Issue.record("not verified")
            return
        }
        #expect(fact.commit != sent)
        #expect(try fixture.git.repository.commit(fact.commit).parents == [fixture.base])
        #expect(try fixture.text("a.txt", in: fact.commit) == "done")
        #expect(fact.seconds == 7)
    }

    @Test(arguments: [
        "100644 blob BLOB\\t.git\\n" + honest, "120000 blob BLOB\\t.GIT\\n" + honest,
        // Twice the same name.
        honest + honest,
        // An object that nobody has.
        "100644 blob 1234567890123456789012345678901234567890\\ta.txt\\n",
    ])
    func `a tree that Git forbids, or that lacks something, is refused`(entries: String) async throws {
        let sent = try commit(entries)
        await #expect(throws: (any Error).self) { try await judge(sent) }
    }

    @Test func `a commit on something else is refused, and so is another tree than the one that was told`() async throws
    {
        let orphan = try commit(Self.honest, parent: "none")
        await #expect(throws: (any Error).self) { try await judge(orphan) }
        let sent = try commit(Self.honest)
        let tree = try fixture.git.repository.treeOf(fixture.base)
        await #expect(throws: (any Error).self) { try await judge(sent, tree: tree) }
    }

    @Test func `the fact of another attempt is refused`() async throws {
        let attempt = Attempt(
            task: fixture.tasks[0], number: 1, rung: fixture.plan.workers.ladder[0], base: fixture.base)
        let foreign = Fact.foundDone(
            .init(task: TaskID("b.txt"), attempt: 1, base: fixture.base, checks: [], seconds: 1))
        await #expect(throws: (any Error).self) {
            try await RemoteResult(context: fixture.context.work, attempt: attempt, token: token).judge(
                foreign, bundle: "\(folder.path)/none")
        }
    }
}
