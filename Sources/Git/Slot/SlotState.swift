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
    /// What was copied from a template, and the states in which it was left.
    var laid: LaidTemplate?
    /// What was touched since the last move.
    let watch = DirectoryWatch()
    /// The files of the worker's repository that differ between commits, as they were written.
    var placed: PlacedReferences?

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
            position = Self.position(stored, target: target.objects, journal: cache.journalSize)
        }
    }

    /// Creates the root of the checkout unless it is a directory. Returns whether it did.
    @discardableResult
    func makeTree() throws(GitError) -> Bool {
        if Directory(path: treePath) != nil { return false }
        if FileSystem.exists(treePath) {
            guard let parent = Directory(path: directory) else {
                throw .fileSystem(operation: "enter", path: directory, code: errno)
            }
            try parent.remove("tree", display: treePath)
        }
        try FileSystem.makeDirectories(treePath)
        return true
    }

    /// Deletes the checkout.
    func removeTree() throws(GitError) {
        unsettle()
        guard let parent = Directory(path: directory) else {
            throw .fileSystem(operation: "enter", path: directory, code: errno)
        }
        try parent.remove("tree", display: treePath)
    }

    /// Forgets the position. A crash before `settle` leaves a slot without one.
    func unsettle() {
        position = nil
        unlink(positionPath)
    }

    /// Stores the cache and the position that it describes.
    func settle(_ position: Position) throws(GitError) {
        try cache.keep()
        try stamp()
        try FileSystem.replace(
            positionPath,
            with: Array("\(position.commit.hex) \(position.tree.hex) \(cache.journalSize)\n\(target.objects)\n".utf8))
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

    /// Takes a time stamp of the slot's file system. A file with an earlier change time has not changed since then.
    ///
    /// - Parameter state: to be older than the stamp, if the clock of the file system ticks within `patience`.
    @discardableResult
    func stamp(after state: FileState = FileState()) throws(GitError) -> FileState {
        let start = ContinuousClock.now
        while true {
            try FileSystem.write([], to: stampPath)
            guard let stamp = lastStamp else {
                throw .fileSystem(operation: "look at", path: stampPath, code: errno)
            }
            if !state.isRacy(since: stamp) || start.duration(to: .now) > Self.patience { return stamp }
            usleep(Self.tick)
        }
    }

    /// The last stamp taken.
    var lastStamp: FileState? {
        var status = stat()
        return lstat(stampPath, &status) == 0 ? FileState(status) : nil
    }

    private var stampPath: String { "\(controlPath)/stamp" }

    /// The clock of a file system ticks every 1 to 10 ms on Linux; some file systems count whole seconds.
    private static let patience = Duration.milliseconds(50)
    /// Microseconds between two looks at that clock.
    private static let tick: UInt32 = 500

    /// - Parameter journal: bytes of the cache's journal. It is not whole if the position was stored with another size.
    private static func position(_ stored: String, target: String, journal: Int) -> Position? {
        let lines = stored.split(separator: "\n", maxSplits: 1)
        guard lines.count == 2, lines[1] == target else { return nil }
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.count == 3, Int(words[2]) == journal, let commit = RawID(hex: words[0]),
            let tree = RawID(hex: words[1])
        else { return nil }
        return Position(commit: commit, tree: tree)
    }
}
