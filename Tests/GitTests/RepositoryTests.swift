import Foundation
import Git
import Model
import TestSupport
import Testing

@Suite
struct RepositoryTests {
    private func open(_ scratch: ScratchRepository, at path: String? = nil) throws(GitError) -> Repository {
        try Repository(at: path ?? scratch.path, environment: scratch.environment)
    }

    @Test func `from a directory inside, also with spaces and quotes in the path`() throws {
        let scratch = try ScratchRepository("a \"b\" ü")
        let commit = try scratch.commit(["dir/sub/f": "x"])
        let repository = try open(scratch, at: scratch.appending("dir/sub"))
        #expect(repository.workingDirectory == scratch.path)
        #expect(repository.gitDirectory == scratch.appending(".git"))
        #expect(repository.commonDirectory == scratch.appending(".git"))
        #expect(!repository.isBare && !repository.isShallow && !repository.isPartialClone)
        #expect(try repository.resolve("HEAD").hex == commit)
        #expect(try repository.treeOf(repository.resolve("main")).hex == scratch.git("rev-parse", "HEAD^{tree}"))
    }

    @Test func `from a linked worktree, with HEAD of that worktree`() throws {
        let scratch = try ScratchRepository()
        let first = try scratch.commit(["f": "1"])
        try scratch.commit(["f": "2"])
        let linked = scratch.directory.appending("linked")
        try scratch.git("worktree", "add", "-q", "-b", "other", linked, first)
        let repository = try open(scratch, at: linked)
        #expect(repository.workingDirectory == linked)
        #expect(repository.commonDirectory == scratch.appending(".git"))
        #expect(repository.gitDirectory == scratch.appending(".git/worktrees/linked"))
        #expect(try repository.resolve("HEAD").hex == first)
        #expect(repository.checkedOutPath(ofBranch: "main") == scratch.path)
    }

    @Test func `a bare one`() throws {
        let scratch = try ScratchRepository()
        let commit = try scratch.commit(["f": "1"])
        let bare = scratch.directory.appending("bare.git")
        try scratch.git("clone", "-q", "--bare", scratch.path, bare)
        let repository = try open(scratch, at: bare)
        #expect(repository.isBare && repository.workingDirectory == nil)
        #expect(try repository.resolve("main").hex == commit)
        #expect(repository.checkedOutPath(ofBranch: "main") == nil)
    }

    @Test func `none at all, or one without commits`() throws {
        let directory = try ScratchDirectory()
        #expect(throws: GitError.notARepository(path: directory.path)) { try Repository(at: directory.path) }
        let empty = try ScratchRepository()
        let repository = try open(empty)
        #expect(throws: GitError.noCommits(path: empty.path)) { try repository.resolve("HEAD") }
        #expect(throws: GitError.noCommits(path: empty.path)) { try repository.resolve("main") }
        try empty.commit(["f": "1"])
        #expect(throws: GitError.unknownRevision("nowhere", repository: empty.path)) {
            try repository.resolve("nowhere")
        }
    }

    @Test func `object formats and reference stores that cannot be read are refused with a hint`() throws {
        let scratch = try ScratchRepository("sha256", options: ["--object-format=sha256"])
        let error = #expect(throws: GitError.self) { try open(scratch) }
        #expect(error?.message.contains("sha256") == true)
        #expect(error?.hint?.contains("SHA-1") == true)
        let other = try ScratchRepository()
        try other.git("config", "core.repositoryFormatVersion", "1")
        try other.git("config", "extensions.refStorage", "reftable")
        #expect(try #require(throws: GitError.self) { try open(other) }.message.contains("reftable"))
    }

    @Test func `extensions that change nothing here are accepted`() throws {
        let scratch = try ScratchRepository()
        let commit = try scratch.commit(["f": "1"])
        try scratch.git("config", "core.repositoryFormatVersion", "1")
        try scratch.git("config", "extensions.worktreeConfig", "true")
        try scratch.git("config", "extensions.objectFormat", "sha1")
        #expect(try open(scratch).resolve("HEAD").hex == commit)
    }

    @Test(.enabled(if: geteuid() == 0))
    func `another user's repository is refused until safe.directory names it`() throws {
        let scratch = try ScratchRepository()
        try scratch.commit(["f": "1"])
        for path in [scratch.path, scratch.appending(".git")] {
            try FileManager.default.setAttributes([.ownerAccountID: 12345], ofItemAtPath: path)
        }
        #expect(throws: GitError.foreignOwner(path: scratch.path)) { try open(scratch) }
    }

    @Test func `shallow and partial clones are told apart, and missing objects are explained`() throws {
        let scratch = try ScratchRepository()
        try scratch.commit(["f": "1"])
        try scratch.commit(["f": "2", "big": "content"])
        try scratch.git("config", "uploadpack.allowFilter", "true")
        let shallow = scratch.directory.appending("shallow")
        try scratch.git("clone", "-q", "--depth=1", "file://\(scratch.path)", shallow)
        #expect(try open(scratch, at: shallow).isShallow)
        let partial = scratch.directory.appending("partial")
        try scratch.git("clone", "-q", "--no-checkout", "--filter=blob:none", "file://\(scratch.path)", partial)
        let repository = try open(scratch, at: partial)
        #expect(repository.isPartialClone)
        let obstacles = try repository.obstacles(in: repository.resolve("HEAD"))
        #expect(obstacles.map(\.path) == ["big", "f"])
        let slot = try Slot(at: scratch.directory.appending("slot"), target: repository)
        let error = #expect(throws: GitError.self) { try slot.move(to: repository.resolve("HEAD")) }
        #expect(error?.hint?.contains("--refetch") == true)
        #expect(slot.commit == nil)
    }

    @Test func `the identity of the configuration`() throws {
        let scratch = try ScratchRepository()
        try scratch.git("config", "user.name", "Ünï Cöde")
        try scratch.git("config", "user.email", "u@example.com")
        let identity = try open(scratch).configIdentity()
        #expect(identity?.name == "Ünï Cöde" && identity?.email == "u@example.com")
    }
}
