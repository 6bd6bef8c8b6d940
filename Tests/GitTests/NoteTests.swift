import Foundation
import Git
import Model
import TestSupport
import Testing

@Suite("Notes of commits")
struct NoteTests {
    private let scratch: ScratchRepository
    private let repository: Repository

    init() throws {
        scratch = try ScratchRepository()
        _ = try scratch.commit(["a": "1"])
        repository = try Repository(at: scratch.path, environment: scratch.environment)
    }

    private func commits(_ count: Int) throws -> [ObjectID] {
        let signature = Signature(name: "n", email: "e@example.com", seconds: 1)
        let tree = try repository.treeOf(repository.resolve("main"))
        return try (1...count).map { number in
            try repository.commit(
                tree: tree, parents: [], message: "commit \(number)", author: signature, committer: signature)
        }
    }

    @Test func `git shows them, and a record has their trailers`() throws {
        let all = try commits(3)
        try repository.setNotes(all.prefix(2).map { ($0, "Evidence:\n- ok\n\nOrchestrate-Task: \($0.short)\n") })
        for commit in all.prefix(2) {
            #expect(try scratch.git("notes", "--ref=orchestrate", "show", commit.hex).hasSuffix(": \(commit.short)"))
            #expect(try repository.commit(commit).trailer("Orchestrate-Task") == commit.short)
            #expect(try repository.commit(commit).trailers.isEmpty)
        }
        #expect(try repository.commit(all[2]).trailer("Orchestrate-Task") == nil)
        try repository.setNotes([(all[0], "x\n\nOrchestrate-Task: new\n")])
        #expect(try repository.commit(all[0]).trailer("Orchestrate-Task") == "new")
        #expect(try repository.commit(all[1]).trailer("Orchestrate-Task") == all[1].short)
        // The same notes again are no change.
        let tip = try repository.value(of: Repository.notesReference)
        try repository.setNotes([(all[0], "x\n\nOrchestrate-Task: new\n")])
        #expect(try repository.value(of: Repository.notesReference) == tip)
    }

    @Test func `notes that git wrote at another depth are read and replaced`() throws {
        let commit = try commits(1)[0]
        try scratch.git("notes", "--ref=orchestrate", "add", "-m", "x\n\nOrchestrate-Task: git", commit.hex)
        #expect(try repository.commit(commit).trailer("Orchestrate-Task") == "git")
        try repository.setNotes([(commit, "x\n\nOrchestrate-Task: ours\n")])
        #expect(try repository.commit(commit).trailer("Orchestrate-Task") == "ours")
        #expect(try scratch.git("notes", "--ref=orchestrate", "list").split(separator: "\n").count == 1)
    }

    @Test func `two writers lose nothing`() async throws {
        let all = try commits(40)
        let (path, environment) = (scratch.path, scratch.environment)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for half in [all.prefix(20), all.suffix(20)] {
                group.addTask {
                    let own = try Repository(at: path, environment: environment)
                    for commit in half { try own.setNotes([(commit, "x\n\nOrchestrate-Task: \(commit.hex)\n")]) }
                }
            }
            try await group.waitForAll()
        }
        for commit in all { #expect(try repository.commit(commit).trailer("Orchestrate-Task") == commit.hex) }
    }
}

@Suite("Signed commits")
struct SigningTests {
    private let scratch: ScratchRepository
    private let repository: Repository
    private let base: ObjectID

    init() throws {
        scratch = try ScratchRepository()
        base = try id(try scratch.commit(["a": "1"]))
        repository = try Repository(at: scratch.path, environment: scratch.environment)
    }

    private func signed() throws -> ObjectID {
        let author = Signature(name: "Ada", email: "ada@example.com", seconds: 1_700_000_000, offsetMinutes: -90)
        let committer = Signature(name: "Carl", email: "carl@example.com", seconds: 1_700_000_100, offsetMinutes: 330)
        return try repository.commit(
            tree: repository.treeOf(base), parents: [base], message: "Signed\n\nWhy.\n\nKey: 1\n", author: author,
            committer: committer, isSigned: true)
    }

    private func program(_ name: String, _ arguments: String...) throws -> ScratchProcessResult {
        try run("/usr/bin/env", [name] + arguments, in: scratch.home, environment: scratch.environment, input: [])
    }

    private func check(_ commit: ObjectID) throws {
        #expect(try scratch.gitResult(["verify-commit", commit.hex]).status == 0)
        #expect(
            try scratch.git("show", "-s", "--format=%an|%ae|%ad|%cn|%cd|%s", "--date=raw", commit.hex)
                == "Ada|ada@example.com|1700000000 -0130|Carl|1700000100 +0530|Signed")
        #expect(try repository.commit(commit).trailer("Key") == "1")
        #expect(try repository.commit(commit).parents == [base])
        #expect(try scratch.git("fsck", "--strict", "--no-dangling") == "")
    }

    @Test func `an SSH key signs`() throws {
        let key = "\(scratch.home)/key"
        #expect(try program("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).status == 0)
        let signer = try program("sh", "-c", "printf 'carl@example.com '; cat key.pub")
        try scratch.git("config", "gpg.format", "ssh")
        try scratch.git("config", "user.signingKey", "\(key).pub")
        let allowed = "\(scratch.home)/allowed"
        try signer.text.write(toFile: allowed, atomically: true, encoding: .utf8)
        try scratch.git("config", "gpg.ssh.allowedSignersFile", allowed)
        try check(try signed())
    }

    @Test func `a GPG key signs`() throws {
        try #require(try program("gpg", "--version").status == 0, "gpg is not installed")
        let made = try program(
            "gpg", "--batch", "--passphrase", "", "--quick-generate-key", "Carl <carl@example.com>", "ed25519", "sign")
        #expect(made.status == 0, "\(made.errorText)")
        defer { _ = try? program("gpgconf", "--kill", "all") }
        try check(try signed())
    }

    @Test func `a key that is missing is told with the words of the program`() throws {
        try scratch.git("config", "gpg.format", "ssh")
        try scratch.git("config", "user.signingKey", "/nowhere/key.pub")
        #expect {
            try signed()
        } throws: { error in
            guard case GitError.command(_, _, let output) = error else { return false }
            return output.contains("/nowhere/key.pub")
        }
    }
}
