#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension SlotState {
    /// Creates `tree/.git` from scratch: HEAD detached at the commit, objects borrowed from the target, and copies of the
    /// target's branches and tags, which `git describe` and `git merge-base` need.
    ///
    /// Deletes what was there before, be it a directory, a file or a link, with everything a worker put into it.
    func writeWorkerRepository(commit: RawID) throws(GitError) {
        guard let root = Directory(path: treePath) else {
            throw .fileSystem(operation: "enter", path: treePath, code: errno)
        }
        try root.remove(".git", display: "\(treePath)/.git")
        let git = "\(treePath)/.git"
        for directory in ["", "/objects", "/objects/info", "/objects/pack", "/refs", "/refs/heads", "/info"] {
            if mkdir(git + directory, 0o777) != 0 {
                throw .fileSystem(operation: "make the directory", path: git + directory, code: errno)
            }
        }
        try FileSystem.write(Array("\(commit.hex)\n".utf8), to: "\(git)/HEAD")
        try FileSystem.write(Array(Self.configuration.utf8), to: "\(git)/config")
        try FileSystem.write(Self.alternatesLine(target.objects), to: "\(git)/objects/info/alternates")
        try FileSystem.write(
            TargetReferences(commonDirectory: target.commonDirectory).packed, to: "\(git)/packed-refs")
        if let attributes = target.attributes { try FileSystem.write(attributes, to: "\(git)/info/attributes") }
        if let shallow = FileSystem.read("\(target.commonDirectory)/shallow"), !shallow.isEmpty {
            try FileSystem.write(shallow, to: "\(git)/shallow")
        }
    }

    /// Copies the slot's index, in which every file is up to date, into the worker's repository.
    func placeWorkerIndex() throws(GitError) {
        guard let index = FileSystem.read("\(controlPath)/index") else { return }
        try FileSystem.write(index, to: "\(treePath)/.git/index")
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
