import Foundation
import Model
import TestSupport
import Testing

@testable import Git

@Suite
struct MergeTests {
    private let scratch: ScratchRepository
    private let repository: Repository

    init() throws {
        scratch = try ScratchRepository()
        repository = try Repository(at: scratch.path, environment: scratch.environment)
    }

    @Test func `600 generated merges: the same tree, or the same conflicting paths`() throws {
        var clean = 0
        var inMemory = 0
        // Git calls the last one clean, and is wrong.
        for seed in Array(0..<599) + [3758] {
            let example = MergeCase(seed: UInt64(seed))
            let ancestor = try tree(example.ancestor)
            let ours = try tree(example.ours)
            let theirs = try tree(example.theirs)
            let expected = try gitMerge(ancestor, ours, theirs, checkOut: example.ours)
            let actual = try repository.merge(ancestor: ancestor, ours: ours, theirs: theirs)
            #expect(actual == expected, "seed \(seed)")
            if case .clean = expected { clean += 1 }
            if try isIndependent(ancestor, ours, theirs) { inMemory += 1 }
        }
        print("merges compared with git: 600, of these \(clean) clean, \(inMemory) joined in memory")
        // A generator that gives only one kind would prove nothing.
        #expect(clean > 100 && clean < 500 && inMemory > 50)
    }

    @Test func `histogram diff decides, as in git, where it and Myers' diff disagree`() throws {
        let ancestor = try tree(["f.c": file("{\n}\n\nint a() {\n    call();\n}\n\nint b() {\n    call();\n}\n")])
        let ours = try tree(["f.c": file("int b() {\n    call();\n}\n\n{\n}\n\nint a() {\n    call();\n}\n")])
        let theirs = try tree(["f.c": file("{\n}\n\nint a() {\n    call();\n}\n\nint b() {\n    call(1);\n}\n")])
        let expected = try gitMerge(ancestor, ours, theirs, checkOut: [:])
        #expect(try repository.merge(ancestor: ancestor, ours: ours, theirs: theirs) == expected)
    }

    @Test(arguments: [false, true])
    func `a file on one side and a directory of that name on the other`(isOurs: Bool) throws {
        let base: MergeCase.Files = ["a": file("1\n")]
        let ancestor = try tree(base)
        let sides = [
            try tree(base.merging(["d": file("file\n")]) { $1 }), try tree(base.merging(["d/x": file("x\n")]) { $1 }),
        ]
        let (ours, theirs) = isOurs ? (sides[0], sides[1]) : (sides[1], sides[0])
        let expected = try gitMerge(ancestor, ours, theirs, checkOut: [:])
        #expect(try repository.merge(ancestor: ancestor, ours: ours, theirs: theirs) == expected)
        #expect(expected == .conflicts(["d"]))
    }

    @Test func `attributes are those of our side, not of the user's edited checkout`() throws {
        let base: MergeCase.Files = [".gitattributes": file("*.txt merge=union\n"), "a.txt": file("1\n")]
        let ancestor = try tree(base)
        let ours = try tree(base.merging(["a.txt": file("1\nours\n")]) { $1 })
        let theirs = try tree(base.merging(["a.txt": file("1\ntheirs\n")]) { $1 })
        try scratch.write(".gitattributes", "*.txt -merge\n")
        guard case .clean(let merged) = try repository.merge(ancestor: ancestor, ours: ours, theirs: theirs) else {
            Issue.record("union merges do not conflict")
            return
        }
        let entry = try required(try repository.entry("a.txt", inTree: merged))
        #expect(String(decoding: try repository.blob(entry.id), as: UTF8.self) == "1\nours\ntheirs\n")
    }

    @Test func `a merge leaves checkout, index and references of the user alone`() throws {
        try scratch.commit(["a.txt": "1\n"])
        try scratch.write("dirty.txt", "dirty\n")
        let before = try scratch.git("for-each-ref") + (try scratch.git("status", "--porcelain=v2", "--branch"))
        let index = try Data(contentsOf: URL(fileURLWithPath: scratch.appending(".git/index")))
        let trees = try ["1\n", "2\n", "3\n"].map { try tree(["a.txt": file($0)]) }
        let result = try repository.merge(ancestor: trees[0], ours: trees[1], theirs: trees[2])
        #expect(result == .conflicts(["a.txt"]))
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.appending(".git/index"))) == index)
        #expect(try scratch.git("for-each-ref") + scratch.git("status", "--porcelain=v2", "--branch") == before)
    }

    private func file(_ text: String) -> MergeCase.File { .regular(Array(text.utf8)) }

    private func tree(_ files: MergeCase.Files) throws -> ObjectID {
        try repository.tree(
            base: nil,
            applying: files.sorted { $0.key < $1.key }.map { path, file in
                switch file {
                case .regular(let bytes): (path, (.regular, try repository.writeBlob(bytes)))
                case .executable(let bytes): (path, (.executable, try repository.writeBlob(bytes)))
                case .link(let target): (path, (.symbolicLink, try repository.writeBlob(Array(target.utf8))))
                case .submodule(let number):
                    (path, (.submodule, try id(String(repeating: String(number % 10), count: 40))))
                }
            })
    }

    private func gitMerge(
        _ ancestor: ObjectID, _ ours: ObjectID, _ theirs: ObjectID, checkOut files: MergeCase.Files
    ) throws -> MergeResult {
        let author = Signature(name: "a", email: "a@b", seconds: 1)
        func commit(_ tree: ObjectID, _ parents: [ObjectID]) throws -> ObjectID {
            try repository.commit(tree: tree, parents: parents, message: "m", author: author, committer: author)
        }
        let base = try commit(ancestor, [])
        // git takes the attributes from the checkout, so for these cases there must be one of our side.
        for name in [".gitattributes", "src/.gitattributes"] {
            try? scratch.remove(name)
            if case .regular(let bytes) = files[name] { try scratch.write(name, bytes: bytes) }
        }
        let sides = [try commit(ours, [base]).hex, try commit(theirs, [base]).hex]
        let result = try scratch.gitResult(
            ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages"] + sides)
        let fields = result.standardOutput.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard result.status < 2, let first = fields.first else {
            throw ScratchProcessFailure(command: ["git", "merge-tree"], result: result)
        }
        if result.status == 0 {
            let marked = try pathsWithMarkers(in: first, sides: sides)
            return marked.isEmpty ? .clean(try id(first)) : .conflicts(marked)
        }
        // `path~COMMIT` is the name that git gives a file in conflict with a directory.
        let paths = fields.dropFirst().map { $0.replacing(/~[0-9a-f]{40}(_[0-9]+)?$/, with: "") }
        return .conflicts(Set(paths).sorted())
    }

    /// Git 2.39 calls some merges clean whose files hold conflict markers; the markers name the two commits.
    private func pathsWithMarkers(in tree: String, sides: [String]) throws -> [String] {
        try repository.files(inTree: id(tree)).entries.filter { entry in
            guard entry.mode.isFile else { return false }
            let text = String(decoding: try repository.blob(entry.id), as: UTF8.self)
            return text.contains(sides[0]) || text.contains(sides[1])
        }.map(\.path)
    }

    private func isIndependent(_ ancestor: ObjectID, _ ours: ObjectID, _ theirs: ObjectID) throws -> Bool {
        try repository.withObjects { (objects) throws(GitError) in
            TwoSidedChange(
                ours: try TreeComparison.differences(from: RawID(ancestor), to: RawID(ours), in: objects),
                theirs: try TreeComparison.differences(from: RawID(ancestor), to: RawID(theirs), in: objects)
            ).isIndependent
        }
    }
}
