import Foundation
import Git
import Model
import TestSupport
import Testing

@Suite
struct TreeTests {
    private let scratch: ScratchRepository
    private let repository: Repository

    init() throws {
        scratch = try ScratchRepository()
        repository = try Repository(at: scratch.path, environment: scratch.environment)
    }

    @Test func `all files with mode and id, as git lists them; names that are no UTF-8 apart`() throws {
        try scratch.write("a.txt", "x")
        try scratch.write("dir/run me.sh", "x", executable: true)
        try scratch.write("dir.txt", "sorts before the directory's files")
        try scratch.write("dir/new\nline \"q\" ü", "x")
        try scratch.link("dir/link", to: "../a.txt")
        let commit = try scratch.commit()
        let blob = try scratch.git("rev-parse", "HEAD:a.txt")
        try scratch.git(
            ["update-index", "-z", "--index-info"], input: Array("100644 \(blob)\t".utf8) + [0x63, 0xe9, 0])
        let tree = try id(try scratch.git("write-tree"))
        let listing = try repository.files(inTree: tree)
        let expected = try scratch.git("ls-tree", "-r", "-z", commit).split(separator: "\0").map(String.init)
        #expect(
            listing.entries.map { "\($0.mode) \($0.mode == .submodule ? "commit" : "blob") \($0.id)\t\($0.path)" }
                == expected)
        #expect(listing.undecodable == [#""c\351""#])
    }

    @Test func `setting and deleting paths gives the tree git would make`() throws {
        try scratch.commit(["a": "1", "dir/b": "2", "dir/sub/c": "3", "other/d": "4", "file": "5"])
        let base = try repository.treeOf(repository.resolve("HEAD"))
        let blob = try repository.writeBlob(Array("new\n".utf8))
        let made = try repository.tree(
            base: base,
            applying: [
                ("dir/b", nil), ("dir/sub/c", nil), ("dir", (.executable, blob)), ("file", nil),
                ("file/inner/x", (.regular, blob)), ("not/there", nil), ("a/below/a/file", nil),
                ("q \"ü\"/x", (.symbolicLink, blob)),
            ])
        try scratch.git("rm", "-rq", "dir", "file")
        for (mode, path) in [("100755", "dir"), ("100644", "file/inner/x"), ("120000", "q \"ü\"/x")] {
            try scratch.git("update-index", "--add", "--cacheinfo", "\(mode),\(blob.hex),\(path)")
        }
        #expect(try scratch.git("write-tree") == made.hex)
    }

    @Test func `deleting everything gives the empty tree, which can be read again`() throws {
        try scratch.commit(["a/b": "1"])
        let base = try repository.treeOf(repository.resolve("HEAD"))
        let empty = try repository.tree(base: base, applying: [("a/b", nil)])
        #expect(empty.hex == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
        #expect(try repository.files(inTree: empty).entries == [])
        #expect(try repository.diff(from: base, to: empty).map(\.path) == ["a/b"])
    }

    @Test(arguments: [
        "", "/etc/passwd", "a//b", "../x", "a/../b", "a/.", ".git/config", "sub/.GIT/x", "GIT~1", ".git ", ".git.",
        ".g\u{200c}it/x", ".git::$INDEX_ALLOCATION/x",
    ])
    func `paths that would reach out of a checkout or into .git are refused`(path: String) throws {
        let blob = try repository.writeBlob([])
        #expect(throws: GitError.self) { try repository.tree(base: nil, applying: [(path, (.regular, blob))]) }
    }

    @Test(arguments: [".gitignore", ".github/x", "git", "a.git", ".gi", "g.it"])
    func `names that only look like it are fine`(path: String) throws {
        let blob = try repository.writeBlob([])
        let tree = try repository.tree(base: nil, applying: [(path, (.regular, blob))])
        #expect(try repository.entry(path, inTree: tree)?.id == blob)
    }

    @Test(arguments: [false, true])
    func `blobs are read from several threads at once, loose and packed`(isPacked: Bool) async throws {
        for number in 0..<50 { try scratch.write("f\(number)", String(repeating: "\(number)\n", count: 100)) }
        try scratch.commit()
        if isPacked { try scratch.git("repack", "-adq") }
        let files = try repository.files(inTree: repository.treeOf(repository.resolve("HEAD"))).entries
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let reader = try GitBlobReader(repository)
                    for file in files {
                        let number = file.path.dropFirst()
                        let expected = Array(String(repeating: "\(number)\n", count: 100).utf8)
                        #expect(try reader.read(file.id) == expected)
                        #expect(try reader.size(of: file.id) == expected.count)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
