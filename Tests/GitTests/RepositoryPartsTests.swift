import Foundation
import Model
import TestSupport
import Testing

@testable import Git

@Suite struct RepositoryPartsTests {
    private let scratch: ScratchRepository
    private let repository: Repository
    private let base: ObjectID

    init() throws {
        scratch = try ScratchRepository()
        base = try id(try scratch.commit(["a": "1\n"]))
        repository = try Repository(at: scratch.path, environment: scratch.environment)
    }

    private func lock(_ branch: String) throws -> String {
        let path = scratch.appending(".git/refs/heads/\(branch).lock")
        try FileSystem.makeDirectories((path as NSString).deletingLastPathComponent)
        try FileSystem.write([], to: path)
        return path
    }

    @Test func `lock files are listed on a branch, or on all below a name with a slash`() throws {
        let paths = [try lock("p/one"), try lock("p/deep/two"), try lock("q")]
        try FileSystem.write([], to: scratch.appending(".git/refs/heads/p/no-lock"))
        #expect(repository.locks(belowBranches: ["p/"]) == [paths[1], paths[0]])
        #expect(repository.locks(belowBranches: ["q", "p/one", "none", "none/"]) == [paths[0], paths[2]])
        #expect(repository.locks(belowBranches: ["p"]) == [])
        try FileManager.default.createDirectory(
            atPath: scratch.appending(".git/refs/heads/r.lock"), withIntermediateDirectories: true)
        #expect(repository.locks(belowBranches: ["r"]) == [])
    }

    @Test func `stale lock files are removed, and no others`() throws {
        let (stale, other) = (try lock("p/one"), try lock("q"))
        #expect(repository.removeStaleLocks(onBranches: ["p/"]) == [stale])
        #expect(!FileSystem.exists(stale) && FileSystem.exists(other))
        #expect(repository.removeStaleLocks(onBranches: ["p/"]) == [])
    }

    @Test func `branches whose tip nothing else reaches`() throws {
        let reached = try scratch.git("commit-tree", "-p", base.hex, "-m", "x", "HEAD^{tree}")
        let lonely = try scratch.git("commit-tree", "-p", base.hex, "-m", "y", "HEAD^{tree}")
        for (name, commit) in [("t/a", reached), ("t/b", lonely), ("t/c", base.hex), ("keep", reached)] {
            try scratch.git("branch", name, commit)
        }
        let branches = try repository.branches(withPrefix: "t/")
        #expect(try repository.unreferenced(among: branches, ignoring: "t/") == ["t/b"])
        #expect(try repository.unreferenced(among: branches, ignoring: "none/") == [])
        #expect(try repository.unreferenced(among: [], ignoring: "t/") == [])
        try scratch.git("branch", "-D", "keep")
        #expect(try repository.unreferenced(among: branches, ignoring: "t/") == ["t/a", "t/b"])
    }

    @Test func `borrowed objects are followed, absolute and relative, without going round`() throws {
        let other = try ScratchRepository("other", in: scratch.directory)
        let third = try ScratchRepository("third", in: scratch.directory)
        let objects = [scratch, other, third].map { $0.appending(".git/objects") }
        #expect(repository.objectFolders == [objects[0]])
        try scratch.write(".git/objects/info/alternates", "# a comment\n\(objects[1])\n")
        try other.write(".git/objects/info/alternates", "../../../third/.git/objects\n\(objects[0])\n")
        #expect(
            repository.objectFolders
                == [objects[0], objects[1], "\(objects[1])/../../../third/.git/objects"])
    }

    @Test func `a checkout is clean without changes that Git tracks`() throws {
        #expect(try repository.isClean(checkout: scratch.path))
        try scratch.write("untracked", "x")
        #expect(try repository.isClean(checkout: scratch.path))
        try scratch.write("a", "2\n")
        #expect(try !repository.isClean(checkout: scratch.path))
        try scratch.git("add", "a")
        #expect(try !repository.isClean(checkout: scratch.path))
    }

    @Test func `a checked-out branch goes forward with its files, and never over others`() throws {
        let second = try id(try scratch.commit(["a": "2\n", "b": "2\n"]))
        try scratch.git("reset", "-q", "--hard", base.hex)
        try scratch.write("b", "mine\n")
        #expect(throws: GitError.self) { try repository.fastForward(checkout: scratch.path, of: "main", to: second) }
        #expect(try scratch.read("b") == "mine\n")
        try scratch.write(".git/info/exclude", "b\n")
        #expect(throws: GitError.self) { try repository.fastForward(checkout: scratch.path, of: "main", to: second) }
        try scratch.remove("b")
        try repository.fastForward(checkout: scratch.path, of: "main", to: second)
        #expect(try scratch.read("a") == "2\n")
        #expect(try repository.branchTip("main") == second)
        // Back is not forward.
        try repository.fastForward(checkout: scratch.path, of: "main", to: base)
        #expect(try repository.branchTip("main") == second)
    }

    @Test func `the address of a remote`() throws {
        try scratch.git("remote", "add", "origin", "ssh://host/x.git")
        #expect(try repository.remoteAddress("origin") == "ssh://host/x.git")
        #expect(try repository.remoteAddress("other") == nil)
    }

    @Test func `two commits have a merge base, or none`() throws {
        let one = try id(try scratch.git("commit-tree", "-p", base.hex, "-m", "x", "HEAD^{tree}"))
        let two = try id(try scratch.git("commit-tree", "-p", base.hex, "-m", "y", "HEAD^{tree}"))
        let root = try id(try scratch.git("commit-tree", "-m", "z", "HEAD^{tree}"))
        #expect(try repository.mergeBase(one, two) == base)
        #expect(try repository.mergeBase(one, base) == base)
        #expect(try repository.mergeBase(one, root) == nil)
    }

    @Test func `a bare repository has no checkout`() throws {
        let bare = try ScratchRepository("bare.git", in: scratch.directory, options: ["--bare"])
        let repository = try Repository(at: bare.path, environment: bare.environment)
        #expect(repository.isBare && repository.workingDirectory == nil)
        #expect(repository.location == repository.gitDirectory)
        #expect(self.repository.location == scratch.path)
    }

    @Test func `what a commit has that cannot be checked out, by kind and up to a limit`() throws {
        let blob = try repository.writeBlob(Array("x".utf8))
        func commit(_ lines: [String]) throws -> ObjectID {
            let tree = try scratch.git(["mktree", "--missing"], input: Array(lines.joined(separator: "\n").utf8))
            return try id(try scratch.git("commit-tree", "-m", "odd", tree))
        }
        let bad = try commit((0..<4).map { "100644 blob \(blob.hex)\t.git::\($0)" })
        let found = try repository.obstacles(in: bad, limit: 3)
        #expect(found.count == 3)
        #expect(found.allSatisfy { if case .unsafePath = $0.kind { true } else { false } })
        let attributes = try repository.writeBlob(Array("* filter=none-such\n".utf8))
        let filtered = try commit(
            ["100644 blob \(attributes.hex)\t.gitattributes"] + (0..<4).map { "100644 blob \(blob.hex)\tf\($0)" })
        let filters = try repository.obstacles(in: filtered, limit: 2)
        #expect(filters.count == 2)
        #expect(filters.first?.kind == .filter(name: "none-such", reason: "no such filter is configured"))
        #expect(try repository.obstacles(in: base) == [])
    }
}

@Suite struct FilterDriverTests {
    private let scratch: ScratchRepository

    init() throws { scratch = try ScratchRepository() }

    private func problem() throws -> String? {
        try FilterDriver.problem(
            with: "x", gitDirectory: scratch.appending(".git"), environment: ["PATH": "/usr/bin:/bin"])
    }

    private func configure(_ values: [String: String]) throws {
        for (key, value) in values { try scratch.git("config", "filter.x.\(key)", value) }
    }

    @Test(arguments: [
        [:], ["clean": "cat"], ["smudge": "cat"],
    ]) func `a filter needs a process, or both clean and smudge`(values: [String: String]) throws {
        try configure(values)
        #expect(try problem() == "no such filter is configured")
    }

    @Test(arguments: [
        ["process": "cat"], ["clean": "cat", "smudge": "cat -"], ["process": "/bin/cat x"],
        ["clean": "exec cat", "smudge": "if true; then cat; fi"], ["process": "$HOME/tool"],
    ]) func `programs that are found, or that only a shell can tell, are fine`(values: [String: String]) throws {
        try configure(values)
        #expect(try problem() == nil)
    }

    @Test(arguments: [
        ["process": "no-such-tool x"], ["clean": "cat", "smudge": "no-such-tool"],
        ["clean": "no-such-tool", "smudge": "cat"],
    ]) func `a program that is not found is named`(values: [String: String]) throws {
        try configure(values)
        #expect(try problem() == "its program 'no-such-tool' is not found")
    }

    @Test func `a path is looked up as a path`() throws {
        try configure(["process": "/no/such/cat"])
        #expect(try problem() == "its program '/no/such/cat' is not found")
    }
}

@Suite struct TwoSidedChangeTests {
    private func change(_ path: String, old: Int?, new: Int?) throws -> TreeDifference {
        func side(_ number: Int?) throws -> TreeDifference.Side? {
            try number.map {
                TreeDifference.Side(
                    mode: .regular, id: try required(RawID(hex: String(repeating: "\($0)", count: 40))))
            }
        }
        return TreeDifference(path: Array(path.utf8), old: try side(old), new: try side(new))
    }

    private func isIndependent(_ ours: [TreeDifference], _ theirs: [TreeDifference]) -> [Bool] {
        [
            TwoSidedChange(ours: ours, theirs: theirs).isIndependent,
            TwoSidedChange(ours: theirs, theirs: ours).isIndependent,
        ]
    }

    @Test func `edits of different paths, and equal edits of one, are independent`() throws {
        let edit = try change("a", old: 1, new: 2)
        #expect(isIndependent([edit], [try change("b", old: 1, new: 2)]) == [true, true])
        #expect(isIndependent([edit], [edit]) == [true, true])
        #expect(isIndependent([edit], [try change("a", old: 1, new: 3)]) == [false, false])
        #expect(isIndependent([edit], [try change("a", old: 1, new: nil)]) == [false, false])
    }

    @Test func `a possible rename matters where the other side touches it or adds a file`() throws {
        let rename = [try change("a", old: 1, new: nil), try change("b", old: nil, new: 1)]
        #expect(isIndependent(rename, [try change("c", old: 1, new: 2)]) == [true, true])
        #expect(isIndependent(rename, [try change("c", old: nil, new: 2)]) == [false, false])
        #expect(isIndependent(rename, [try change("a", old: 1, new: nil)]) == [false, false])
        // Deletions alone, and additions alone, are no rename.
        #expect(isIndependent([rename[0]], [try change("c", old: nil, new: 2)]) == [true, true])
        #expect(isIndependent([rename[1]], [try change("c", old: nil, new: 2)]) == [true, true])
    }

    @Test func `a file where the other side has a directory is a collision`() throws {
        let file = [try change("d", old: nil, new: 1)]
        #expect(isIndependent(file, [try change("d/e/f", old: nil, new: 1)]) == [false, false])
        #expect(isIndependent(file, [try change("d/e", old: 1, new: nil)]) == [true, true])
        #expect(isIndependent(file, [try change("de", old: nil, new: 1)]) == [true, true])
    }

    @Test func `the directories above changed paths, with the root`() throws {
        let change = TwoSidedChange(
            ours: [try change("a/b/c", old: 1, new: 2)], theirs: [try change("x/y", old: 1, new: 2)])
        #expect(change.directories == Set(["", "a", "a/b", "x"].map { Array($0.utf8) }))
    }
}
