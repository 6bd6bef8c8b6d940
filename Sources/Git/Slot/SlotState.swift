#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The parts of a slot that are used under its lock.
final class SlotState {
    /// The commit that the stat cache holds.
    struct Position {
        var commit: RawID
        var tree: RawID
    }

    let directory: String
    let target: Target
    let objects: ObjectDatabase
    private(set) var cache: StatCache
    private(set) var rules: CommitRules
    /// nil while a move is under way, and after one that failed: then the cache's paths are not to be trusted.
    var position: Position?

    var treePath: String { "\(directory)/tree" }
    var controlPath: String { "\(directory)/control" }
    private var positionPath: String { "\(controlPath)/position" }
    private var cachePath: String { "\(controlPath)/index" }

    /// What a slot needs of its target repository.
    struct Target {
        var commonDirectory: String
        var objects: String
        var location: String
        var environment: [String: String]
        /// `info/attributes`: the user's own word on how files are converted.
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

    /// Makes the checkout's root where it is not a directory.
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

    /// From here until `settle` a crash leaves a slot without a position.
    func unsettle() {
        position = nil
        unlink(positionPath)
    }

    /// Stores the cache and what it holds.
    func settle(_ position: Position) throws(GitError) {
        try cache.write()
        try FileSystem.replace(
            positionPath,
            with: Array("\(position.commit.hex) \(position.tree.hex)\n\(target.objects)\n".utf8))
        self.position = position
    }

    /// Starts over with an empty cache, whose file is written by `settle`.
    func replaceCache() throws(GitError) -> StatCache {
        let old = cache
        cache = try StatCache(path: cachePath)
        try cache.removeAll()
        return old
    }

    /// The rules follow the cache's paths; called whenever those have changed.
    func renewRules() {
        rules = CommitRules(cache: cache, info: target.attributes.map { AttributeFile($0) })
    }

    /// A time stamp of the slot's file system: a file whose change time comes before it was left alone since.
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
