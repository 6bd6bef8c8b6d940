#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The references in a worker's repository.
struct PlacedReferences: Equatable {
    var packed: [UInt8]
    var shallow: [UInt8]
}

extension SlotState {
    /// Makes `tree/.git` the repository of a commit. Only what differs is written if nobody has touched it.
    func placeWorkerRepository(commit: RawID) throws(GitError) {
        let references = PlacedReferences(
            packed: TargetReferences(commonDirectory: target.commonDirectory).packed,
            shallow: FileSystem.read("\(target.commonDirectory)/shallow") ?? [])
        let git = "\(treePath)/.git"
        if let placed, placed.shallow == references.shallow, watch.knowsRepository {
            if placed.packed != references.packed {
                try FileSystem.write(references.packed, to: "\(git)/packed-refs")
                self.placed = references
            }
            try FileSystem.write(Array("\(commit.hex)\n".utf8), to: "\(git)/HEAD")
            try cache.writeForWorker(to: "\(git)/index", isKnown: true)
            watch.settleRepository(nil)
            return
        }
        placed = nil
        try writeWorkerRepository(commit: commit, references)
        watch.settleRepository(Self.repositoryDirectories.map { git + $0 })
        placed = references
    }

    private static let repositoryDirectories = [
        "", "/objects", "/objects/info", "/objects/pack", "/refs", "/refs/heads", "/info",
    ]

    /// Creates `tree/.git` from scratch: HEAD detached at the commit, objects borrowed from the target, and copies of the
    /// target's branches and tags, which `git describe` and `git merge-base` need.
    ///
    /// Deletes what was there before, be it a directory, a file or a link, with everything a worker put into it.
    private func writeWorkerRepository(commit: RawID, _ references: PlacedReferences) throws(GitError) {
        guard let root = Directory(path: treePath) else {
            throw .fileSystem(operation: "enter", path: treePath, code: errno)
        }
        try root.remove(".git", display: "\(treePath)/.git")
        let git = "\(treePath)/.git"
        for directory in Self.repositoryDirectories {
            if mkdir(git + directory, 0o777) != 0 {
                throw .fileSystem(operation: "make the directory", path: git + directory, code: errno)
            }
        }
        try FileSystem.write(Array("\(commit.hex)\n".utf8), to: "\(git)/HEAD")
        try FileSystem.write(Array(Self.configuration.utf8), to: "\(git)/config")
        try FileSystem.write(Self.alternatesLine(target.objects), to: "\(git)/objects/info/alternates")
        try FileSystem.write(references.packed, to: "\(git)/packed-refs")
        if let attributes = target.attributes { try FileSystem.write(attributes, to: "\(git)/info/attributes") }
        // Every file of the index is up to date.
        try cache.writeForWorker(to: "\(git)/index", isKnown: false)
        if !references.shallow.isEmpty { try FileSystem.write(references.shallow, to: "\(git)/shallow") }
    }

    /// Contains an identity, so that a worker can make commits for its own use.
    private static let configuration = """
        [core]
        \trepositoryFormatVersion = 0
        \tfileMode = true
        \tbare = false
        \tlogAllRefUpdates = true
        \tautoCRLF = false
        [gc]
        \tauto = 0
        [advice]
        \tdetachedHead = false
        [user]
        \tname = orchestrate worker
        \temail = worker@localhost

        """

    /// Returns a path in the syntax of `objects/info/alternates`: quoted if Git would misread it otherwise.
    private static func alternatesLine(_ path: String) -> [UInt8] {
        if !path.contains("\n"), !path.hasPrefix("\""), !path.hasPrefix("#") { return Array("\(path)\n".utf8) }
        var quoted = "\""
        for character in path {
            switch character {
            case "\"", "\\": quoted += "\\\(character)"
            case "\n": quoted += "\\n"
            default: quoted.append(character)
            }
        }
        return Array("\(quoted)\"\n".utf8)
    }
}
