#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The state of a slot, used under the slot's lock.
final class SlotState {
    /// The commit that the stat cache describes.
    struct Position {
        var commit: RawID
        var tree: RawID
    }

    let directory: String
    let target: Target
    let objects: ObjectDatabase
    private(set) var cache: StatCache
    private(set) var rules: CommitRules
    /// nil during a move and after one that failed; the paths of the cache are unreliable then.
    var position: Position?

    var treePath: String { "\(directory)/tree" }
    var controlPath: String { "\(directory)/control" }
    private var positionPath: String { "\(controlPath)/position" }
    private var cachePath: String { "\(controlPath)/index" }

    /// The properties of the target repository that a slot needs.
    struct Target {
        var commonDirectory: String
        var objects: String
        var location: String
        var environment: [String: String]
        /// `info/attributes`: the user's overrides of how files are converted.
        var attributes: [UInt8]?
    }

    init(directory: String, target repository: Repository) throws(GitError) {
        self.directory = directory
        target = Target(
            commonDirectory: repository.commonDirectory, objects: repository.objectsDirectory,
            location: repository.location, environment: repository.environment,
            attributes: FileSystem.read("\(repository.commonDirectory)/info/attributes"))
        objects = try ObjectDatabase(
            objects: repository.objectsDirectory, repository: repository.location,
            isPartialClone: repository.isPartialClone)
        try FileSystem.makeDirectories("\(directory)/control")
        cache = try StatCache(path: "\(directory)/control/index")
        rules = CommitRules(cache: cache, info: target.attributes.map { AttributeFile($0) })
        try makeTree()
        if cache.wasStored, let stored = FileSystem.text(positionPath) {
            position = Self.position(stored, target: target.objects)
        }
    }

    /// Creates the root of the checkout unless it is a directory.
    func makeTree() throws(GitError) {
        if Directory(path: treePath) != nil { return }
        if FileSystem.exists(treePath) {
            guard let parent = Directory(path: directory) else {
                throw .fileSystem(operation: "enter", path: directory, code: errno)
            }
            try parent.remove("tree", display: treePath)
        }
        try FileSystem.makeDirectories(treePath)
    }

    /// Forgets the position. A crash before `settle` leaves a slot without one.
    func unsettle() {
        position = nil
        unlink(positionPath)
    }

    /// Stores the cache and the position that it describes.
    func settle(_ position: Position) throws(GitError) {
        try cache.write()
        try FileSystem.replace(
            positionPath,
            with: Array("\(position.commit.hex) \(position.tree.hex)\n\(target.objects)\n".utf8))
        self.position = position
    }

    /// Starts with an empty cache and returns the old one. `settle` writes the new cache to its file.
    func replaceCache() throws(GitError) -> StatCache {
        let old = cache
        cache = try StatCache(path: cachePath)
        try cache.removeAll()
        return old
    }

    /// Reads the rules again; must be called whenever the paths of the cache have changed.
    func renewRules() {
        rules = CommitRules(cache: cache, info: target.attributes.map { AttributeFile($0) })
    }

    /// Returns a time stamp of the slot's file system. A file with an earlier change time has not changed since then.
    func stamp() throws(GitError) -> FileState {
        let path = "\(controlPath)/stamp"
        try FileSystem.write([], to: path)
        var status = stat()
        if lstat(path, &status) != 0 { throw .fileSystem(operation: "look at", path: path, code: errno) }
        return FileState(status)
    }

    private static func position(_ stored: String, target: String) -> Position? {
        let lines = stored.split(separator: "\n", maxSplits: 1)
        guard lines.count == 2, lines[1] == target else { return nil }
        let ids = lines[0].split(separator: " ").compactMap { RawID(hex: String($0)) }
        return ids.count == 2 ? Position(commit: ids[0], tree: ids[1]) : nil
    }
}
