import Foundation
import Model

extension Repository {
    /// Merges two trees with `git merge-tree`.
    ///
    /// - Parameter change: the changes of both sides; their directories tell which attribute files matter.
    func mergeByCommandLine(
        ancestor: ObjectID, ours: ObjectID, theirs: ObjectID, change: TwoSidedChange
    ) throws(GitError) -> MergeResult {
        let scratch = "\(FileManager.default.temporaryDirectory.path)/orchestrate-merge-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        try FileSystem.makeDirectories(scratch)
        try writeAttributes(of: ours, on: change.directories, to: scratch)
        // Equal trees give equal commits, so repeating a merge adds no objects.
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
            throw .command("git merge-tree", status: status, output: "its output has no tree")
        }
        if status == 0 {
            let marked = try pathsWithMarkers(from: ours, to: tree, sides: sides)
            return marked.isEmpty ? .clean(tree) : .conflicts(marked)
        }
        return .conflicts(Set(fields.dropFirst().map { Self.original($0.display, sides: sides) }).sorted())
    }

    /// Returns the name that a person knows a file by. Git lists a file in conflict with a directory as `path~SIDE`.
    private static func original(_ path: String, sides: [String]) -> String {
        for side in sides {
            guard let range = path.range(of: "~\(side)", options: .backwards) else { continue }
            // A number follows if that name was taken too.
            if path[range.upperBound...].allSatisfy({ $0 == "_" || $0.isNumber }) {
                return String(path[..<range.lowerBound])
            }
        }
        return path
    }

    /// Writes the attribute files of a tree to a scratch folder. `git merge-tree` reads attributes from a working directory,
    /// and the user's may contain edits.
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

    /// Returns the files of a merge that contain its conflict markers.
    ///
    /// Git 2.39 reports some conflicting merges as clean: if one side renamed a file to a path that both added, the merged
    /// tree contains the conflict of the renamed file. Its markers contain the ids of the two commits, which nothing else
    /// in the files can.
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
                // The first seven bytes rule out almost every line.
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
