import Foundation
import Git
import Model
import TestSupport
import Testing

/// Formats and clones that Git serves.
@Suite
struct RepositoryKindTests {
    private func open(_ scratch: ScratchRepository, at path: String? = nil) throws(GitError) -> Repository {
        try Repository(at: path ?? scratch.path, environment: scratch.environment)
    }

    @Test(arguments: ["relativeWorktrees", "worktreeConfig", "preciousObjects", "compatObjectFormat"])
    func `a repository with an extension that changes no object is opened`(name: String) throws {
        let scratch = try ScratchRepository()
        let commit = try scratch.commit(["f": "1"])
        try scratch.git("config", "core.repositoryFormatVersion", "1")
        try scratch.git("config", "extensions.\(name)", name == "compatObjectFormat" ? "sha1" : "true")
        #expect(try open(scratch).resolve("HEAD").hex == commit)
    }

    @Test func `another reference store is refused by its name`() throws {
        let scratch = try ScratchRepository()
        try scratch.commit(["f": "1"])
        // An old git refuses to write this key.
        let configuration = try scratch.read(".git/config")
        func set(_ store: String) throws {
            try scratch.write(
                ".git/config",
                configuration + "[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\trefStorage = \(store)\n")
        }
        try set("files")
        _ = try open(scratch)
        try set("reftable")
        #expect {
            try open(scratch)
        } throws: { error in
            "\(error)".contains("the reference store reftable") && "\(error)".contains("git clone --ref-format=files")
        }
    }

    @Test func `a linked worktree with a relative path is found`() throws {
        let scratch = try ScratchRepository()
        try scratch.commit(["f": "1"])
        let linked = scratch.directory.appending("linked")
        try scratch.git("worktree", "add", "-q", "-b", "topic", linked)
        try scratch.write(".git/worktrees/linked/gitdir", "../../../../linked/.git\n")
        #expect(try open(scratch).checkedOutPath(ofBranch: "topic") == linked)
    }

    @Test(arguments: ["blob:none", "tree:0"])
    func `a partial clone fetches all that a commit needs at once`(filter: String) throws {
        let scratch = try ScratchRepository()
        let commit = try #require(
            ObjectID(hex: try scratch.commit(["a/b/f": "1", "a/g": "2", "h": "3"])))
        try scratch.git("config", "uploadpack.allowFilter", "true")
        try scratch.git("config", "uploadpack.allowAnySHA1InWant", "true")
        let clone = scratch.directory.appending("clone")
        try scratch.git("clone", "-q", "--no-checkout", "--filter=\(filter)", "file://\(scratch.path)", clone)
        let repository = try open(scratch, at: clone)
        #expect(repository.isPartialClone)
        try repository.fetchMissing(in: commit)
        let listing = try repository.files(inTree: repository.treeOf(commit))
        #expect(
            try listing.entries.map { String(decoding: try repository.blob($0.id), as: UTF8.self) } == ["1", "2", "3"])
        // A second look needs no remote.
        try FileManager.default.removeItem(atPath: scratch.path)
        try repository.fetchMissing(in: commit)
    }

    @Test func `a partial clone whose remote is gone says so`() throws {
        let scratch = try ScratchRepository()
        let commit = try #require(ObjectID(hex: try scratch.commit(["f": "1"])))
        try scratch.git("config", "uploadpack.allowFilter", "true")
        let clone = scratch.directory.appending("clone")
        try scratch.git("clone", "-q", "--no-checkout", "--filter=blob:none", "file://\(scratch.path)", clone)
        try scratch.git("-C", clone, "remote", "set-url", "origin", "file:///nowhere")
        let repository = try open(scratch, at: clone)
        #expect(throws: GitError.self) { try repository.fetchMissing(in: commit) }
    }

    @Test func `changed, staged and untracked files are listed, ignored ones are not`() throws {
        let scratch = try ScratchRepository()
        try scratch.commit(["a": "1", "b": "1", "c": "1", ".gitignore": "out\n"])
        try scratch.write("a", "2")
        try scratch.write("b", "2")
        try scratch.git("add", "b")
        try scratch.write("new/ü", "1")
        try scratch.write("out", "1")
        let repository = try open(scratch)
        #expect(try repository.uncommittedPaths() == ["a", "b", "new/ü"])
        #expect(try repository.ignoredPaths(among: ["a", "out", "new/ü"]) == ["out"])
        #expect(try repository.ignoredPaths(among: []) == [])
    }

    @Test func `branches that a new branch cannot exist beside are found`() throws {
        let scratch = try ScratchRepository()
        try scratch.commit(["f": "1"])
        for branch in ["tasks", "x/y", "other"] { try scratch.git("branch", branch) }
        let repository = try open(scratch)
        #expect(try repository.referencesInTheWay(ofBranch: "tasks/demo/") == ["refs/heads/tasks"])
        #expect(try repository.referencesInTheWay(ofBranch: "tasks/demo") == ["refs/heads/tasks"])
        #expect(try repository.referencesInTheWay(ofBranch: "x") == ["refs/heads/x/y"])
        #expect(try repository.referencesInTheWay(ofBranch: "x/y") == [])
        #expect(try repository.referencesInTheWay(ofBranch: "x/y/") == ["refs/heads/x/y"])
        #expect(try repository.referencesInTheWay(ofBranch: "x/") == [])
    }
}
