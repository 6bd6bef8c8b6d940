import Foundation
import Model
import TestSupport
import Testing

@testable import Git

/// Merges that people have made, done again by git and by us.
///
/// The repositories are those that `ORCHESTRATE_MERGE_REPOSITORIES` names, separated by colons, and those that the build
/// has fetched its packages into; nothing of them is part of this project.
@Suite struct RealMergeTests {
    private struct Tally {
        var compared = 0
        var clean = 0
        var inMemory = 0
        var trivial = 0
        var withoutOneBase = 0
        /// A snapshot may lack large objects.
        var incomplete = 0
    }

    private struct Merge {
        let name: String
        let sides: [String]
        let base: String
    }

    /// Merges of one repository that are compared; spread evenly over its history.
    private static let most = (named: 100, found: 15)

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    @Test func `every one: the same tree, or the same conflicting paths`() throws {
        let named = (ProcessInfo.processInfo.environment["ORCHESTRATE_MERGE_REPOSITORIES"] ?? "")
            .split(separator: ":").map(String.init)
        let folder = "\(Self.root)/.build/repositories"
        let found = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
            .map { "\(folder)/\($0)" }
        var total = 0
        for path in named { total += try compare(path, most: Self.most.named) }
        for path in found { total += try compare(path, most: Self.most.found) }
        print(
            "real merges compared with git: \(total), of \(named.count) repositories named and \(found.count) fetched")
        #expect(named.isEmpty || total > 0, "there is no merge in \(named)")
    }

    /// - Returns: how many merges were compared.
    private func compare(_ source: String, most: Int) throws -> Int {
        let scratch = try ScratchRepository()
        let objects = try scratch.git("-C", source, "rev-parse", "--path-format=absolute", "--git-path", "objects")
        try scratch.write(".git/objects/info/alternates", objects + "\n")
        let repository = try Repository(at: scratch.path, environment: scratch.environment)
        var tally = Tally()
        for merge in try merges(of: source, scratch, most, &tally) {
            let trees = try ([merge.base] + merge.sides).map { try tree(of: $0, scratch) }
            let expected: MergeResult
            let actual: MergeResult
            do {
                expected = try gitMerge(merge, ours: trees[1], scratch, repository)
                actual = try repository.merge(ancestor: trees[0], ours: trees[1], theirs: trees[2])
            } catch GitError.missingObject {
                tally.incomplete += 1
                continue
            }
            #expect(actual == expected, "\(source) \(merge.name)")
            tally.compared += 1
            if case .clean = expected { tally.clean += 1 }
            if try isIndependent(trees, repository) { tally.inMemory += 1 }
        }
        let name = source.split(separator: "/").suffix(2).joined(separator: "/")
        print(
            "\(name): \(tally.compared) compared, \(tally.clean) clean, \(tally.inMemory) joined in memory; left out: "
                + "\(tally.trivial) of which one side has changed nothing, "
                + "\(tally.withoutOneBase) without one common ancestor, "
                + "\(tally.incomplete) of which objects are missing")
        return tally.compared
    }

    private func merges(
        of source: String, _ scratch: ScratchRepository, _ most: Int, _ tally: inout Tally
    ) throws -> [Merge] {
        let listed = try scratch.git(
            "-C", source, "rev-list", "--all", "--min-parents=2", "--max-parents=2", "--parents")
        let all = listed.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        var merges: [Merge] = []
        // Most merges are of one side only, so more are looked at than are taken.
        for words in all.enumerated().filter({ $0.offset % max(1, all.count / (6 * most)) == 0 }).map(\.element)
        where words.count == 3 && merges.count < most {
            let bases = try scratch.gitResult(["merge-base", "--all", words[1], words[2]]).text.split(separator: "\n")
            guard bases.count == 1, let base = bases.first.map(String.init) else {
                tally.withoutOneBase += 1
                continue
            }
            guard base != words[1], base != words[2] else {
                tally.trivial += 1
                continue
            }
            merges.append(Merge(name: words[0], sides: [words[1], words[2]], base: base))
        }
        return merges
    }

    private func tree(of commit: String, _ scratch: ScratchRepository) throws -> ObjectID {
        try id(try scratch.git("rev-parse", "\(commit)^{tree}"))
    }

    private func gitMerge(
        _ merge: Merge, ours: ObjectID, _ scratch: ScratchRepository, _ repository: Repository
    ) throws -> MergeResult {
        try checkOutAttributes(of: ours, scratch, repository)
        let result = try scratch.gitResult(
            ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages"] + merge.sides)
        let fields = result.standardOutput.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard result.status < 2, let first = fields.first else {
            throw ScratchProcessFailure(command: ["git", "merge-tree"] + merge.sides, result: result)
        }
        if result.status == 0 {
            let marked = try repository.diff(from: ours, to: id(first), paths: nil, counting: false).filter { change in
                guard let new = change.newID, change.newMode?.isFile == true else { return false }
                let text = String(decoding: try repository.blob(new), as: UTF8.self)
                return merge.sides.contains { text.contains("<<<<<<< \($0)") || text.contains(">>>>>>> \($0)") }
            }.map(\.path)
            return marked.isEmpty ? .clean(try id(first)) : .conflicts(marked.sorted())
        }
        // `path~COMMIT` is the name that git gives a file in conflict with a directory.
        let paths = fields.dropFirst().map { $0.replacing(/~[0-9a-f]{40}(_[0-9]+)?$/, with: "") }
        return .conflicts(Set(paths).sorted())
    }

    /// Git takes the attributes from the checkout; ours are those of our side.
    private func checkOutAttributes(
        of tree: ObjectID, _ scratch: ScratchRepository, _ repository: Repository
    ) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: scratch.path) where name != ".git" {
            try scratch.remove(name)
        }
        let listed = try scratch.git("ls-tree", "-r", "-z", "--name-only", tree.hex)
        for path in listed.split(separator: "\0").map(String.init)
        where path == ".gitattributes" || path.hasSuffix("/.gitattributes") {
            guard let entry = try repository.entry(path, inTree: tree) else { continue }
            try scratch.write(path, bytes: try repository.blob(entry.id))
        }
    }

    private func isIndependent(_ trees: [ObjectID], _ repository: Repository) throws -> Bool {
        try repository.withObjects { (objects) throws(GitError) in
            TwoSidedChange(
                ours: try TreeComparison.differences(from: RawID(trees[0]), to: RawID(trees[1]), in: objects),
                theirs: try TreeComparison.differences(from: RawID(trees[0]), to: RawID(trees[2]), in: objects)
            ).isIndependent
        }
    }
}
