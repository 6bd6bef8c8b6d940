import Foundation
import Model

extension Repository {
    /// Merges two trees with `git merge-tree`.
    ///
    /// - Parameter change: what the sides changed; tells which attribute files matter.
    func mergeByCommandLine(
        ancestor: ObjectID, ours: ObjectID, theirs: ObjectID, change: TwoSidedChange
    ) throws(GitError) -> MergeResult {
        let scratch = "\(FileManager.default.temporaryDirectory.path)/orchestrate-merge-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        try FileSystem.makeDirectories(scratch)
        try writeAttributes(of: ours, on: change.directories, to: scratch)
        // Equal trees give equal commits, so repeated merges leave no more than three small objects behind.
        let nobody = Signature(name: "orchestrate", email: "orchestrate@localhost", seconds: 0)
        func wrap(_ tree: ObjectID, _ parents: [ObjectID]) throws(GitError) -> ObjectID {
            try commit(tree: tree, parents: parents, message: "merge side", author: nobody, committer: nobody)
        }
        let base = try wrap(ancestor, [])
        let sides = [try wrap(ours, [base]).hex, try wrap(theirs, [base]).hex]
        let command = GitCommand(
            arguments: [
                "-C", scratch, "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages",
            ] + sides,
            configuration: [
                ("merge.renames", "true"), ("merge.directoryRenames", "conflict"), ("merge.renormalize", "false"),
                ("merge.renameLimit", "7000"), ("diff.renameLimit", "7000"), ("core.attributesFile", "/dev/null"),
            ],
            gitDirectory: commonDirectory, workTree: scratch, index: "\(scratch)/.no-index", environment: environment)
        let (status, output) = try command.run(accepting: [0, 1])
        let fields = output.split(separator: 0, omittingEmptySubsequences: true).map(Array.init)
        guard let first = fields.first, let tree = ObjectID(hex: first.display) else {
            throw .command("git merge-tree", status: status, output: "no tree in its output")
        }
        if status == 0 {
            let marked = try pathsWithMarkers(from: ours, to: tree, sides: sides)
            return marked.isEmpty ? .clean(tree) : .conflicts(marked)
        }
        return .conflicts(Set(fields.dropFirst().map { Self.original($0.display, sides: sides) }).sorted())
    }

    /// A file in conflict with a directory is listed as `path~SIDE`, where git would put it; people know it as `path`.
    private static func original(_ path: String, sides: [String]) -> String {
        for side in sides {
            guard let range = path.range(of: "~\(side)", options: .backwards) else { continue }
            // A number follows where that name was taken too.
            if path[range.upperBound...].allSatisfy({ $0 == "_" || $0.isNumber }) {
                return String(path[..<range.lowerBound])
            }
        }
        return path
    }

    /// `git merge-tree` reads attributes from the files of a working directory; those of the user's may be edited.
    private func writeAttributes(
        of tree: ObjectID, on directories: Set<RawPath>, to scratch: String
    ) throws(GitError) {
        for directory in directories {
            let path = directory.appending(Array(".gitattributes".utf8))
            let content = try withObjects { (objects) throws(GitError) -> [UInt8]? in
                guard let entry = try RawTree.lookUp(path, in: RawID(tree), objects), entry.fileMode?.isFile == true
                else { return nil }
                return try objects.bytes(entry.id)
            }
            guard let content, let folder = directory.decoded, let file = path.decoded else { continue }
            try FileSystem.makeDirectories("\(scratch)/\(folder)")
            try FileSystem.write(content, to: "\(scratch)/\(file)")
        }
    }

    /// The files of a merge that hold conflict markers of it.
    ///
    /// Git 2.39 calls some merges clean that are not: where one side renamed a file onto a path that both added, a
    /// conflict inside the renamed file ends up in the tree, markers and all. The markers carry the ids of the two
    /// commits, which nothing else in the files can.
    private func pathsWithMarkers(from ours: ObjectID, to merged: ObjectID, sides: [String]) throws(GitError)
        -> [String]
    {
        let labels = sides.map { Array($0.utf8) }
        return try withObjects { (objects) throws(GitError) in
            var found: [String] = []
            try TreeComparison.walk(from: RawID(ours), to: RawID(merged), in: objects) {
                (difference) throws(GitError) in
                guard let file = difference.new, file.mode.isFile else { return }
                let content = try objects.bytes(file.id)
                // Nearly every line ends the search at once: markers begin with seven of a kind.
                let isMarked = content.split(separator: UInt8(ascii: "\n")).contains { line in
                    guard line.starts(with: "<<<<<<<".utf8) || line.starts(with: ">>>>>>>".utf8) else { return false }
                    return labels.contains { label in line.firstRange(of: label) != nil }
                }
                if isMarked { found.append(difference.path.display) }
            }
            return found
        }
    }
}
