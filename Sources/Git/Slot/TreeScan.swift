#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Scans a checkout once and finds how it differs from the commit in a stat cache.
///
/// It reads all files, or only the files that may have been touched. It makes a directory accessible that forbids access; the
/// next move restores the mode of that directory. It changes nothing else.
final class TreeScan {
    /// A path that the commit does not have.
    struct Untracked {
        enum Kind {
            case file
            case symbolicLink
            /// A nested repository; its content is not scanned.
            case repository
            /// A directory that contains a `.gitignore` with the line `*`.
            case selfIgnored
            /// A pipe, a socket or a device, which Git cannot record. It may stand where the commit has a file.
            case special
            /// A directory that is too deep to be scanned.
            case tooDeep
        }

        var path: RawPath
        var kind: Kind
    }

    /// For each place of the cache, whether it exists on disk as a file or link, or as the directory of a submodule.
    private(set) var found: [Bool]
    /// Places whose file exists but may differ from the commit.
    private(set) var doubtful: [Int] = []
    private(set) var untracked: [Untracked] = []
    /// Directories without a file of the commit, children before parents. Does not contain ignored directories.
    private(set) var untrackedDirectories: [RawPath] = []
    /// Ignored paths. A directory stands for everything below it.
    private(set) var ignored: [RawPath] = []
    /// `.git` entries inside directories of the commit.
    private(set) var repositoryMarks: [RawPath] = []
    /// Submodules whose directory is not empty.
    private(set) var filledSubmodules: [RawPath] = []
    /// Whether a file that was looked at has another name. It may have been changed under that one, so a scan of what was
    /// touched is not enough.
    private(set) var hasLinks = false
    /// Number of files whose status was read.
    private(set) var looked = 0

    private let cache: StatCache
    private let rules: CommitRules
    private let forced: [RawPath]
    private let directories: NewDirectory?
    private let owned: Set<RawPath>
    /// Directories above owned paths.
    private let aboveOwned: Set<RawPath>
    private let touched: TouchedPaths?
    private let watch: DirectoryWatch?

    /// - Parameters:
    ///   - forced: files, or directories with everything below them, that are scanned even if ignored.
    ///   - owned: paths of a template, which count as ignored whatever the rules say. They may be submodules.
    ///   - directories: how the commit's directories are restored; nil to leave them as they are.
    ///   - touched: the only paths that may differ; nil for all.
    ///   - watch: watches the directories that are restored.
    init(
        cache: StatCache, rules: CommitRules, forced: [RawPath] = [], owned: Set<RawPath> = [],
        directories: NewDirectory? = nil, touched: TouchedPaths? = nil, watch: DirectoryWatch? = nil
    ) {
        self.cache = cache
        self.owned = owned
        aboveOwned = owned.directoriesAbove
        self.rules = rules
        self.forced = forced
        self.directories = directories
        self.touched = touched
        self.watch = watch
        found = [Bool](repeating: touched != nil, count: cache.count)
    }

    func run(_ root: borrowing Directory, _ objects: borrowing ObjectDatabase) throws(GitError) {
        let level = Level(
            path: [], tracked: 0..<cache.count, rules: IgnoreRules(), isIgnored: false, depth: 0,
            isWhole: touched == nil || watch?.watches([]) != true)
        if level.isWhole { forget(level.tracked) }
        try scan(root, level, objects: objects)
    }

    /// The state of the scan in one directory.
    private struct Level {
        /// From the root.
        var path: RawPath
        /// Places of the commit's files below the directory.
        var tracked: Range<Int>
        var rules: IgnoreRules
        /// The directory or a parent is ignored, and so is everything in it that is not part of the commit.
        var isIgnored: Bool
        var depth: Int
        /// Whether everything in the directory is looked at.
        var isWhole: Bool
    }

    private func scan(
        _ directory: borrowing Directory, _ level: Level, objects: borrowing ObjectDatabase
    ) throws(GitError) {
        var level = level
        try prepare(directory, level.path, isTracked: !level.tracked.isEmpty)
        if !level.tracked.isEmpty, let file = try rules.ignoreFile(in: level.path, objects) {
            level.rules.add(file, at: level.path)
        }
        if let touched, !level.isWhole {
            // In order, so that equal calls find equal things.
            for path in touched.paths(in: level.path).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                try lookAgain(at: path, in: directory, level, touched, objects: objects)
            }
            return
        }
        let listing = try directory.listing(path: level.path)
        var child = level.path
        if !child.isEmpty { child.append(RawPath.slash) }
        let prefix = child.count
        for number in 0..<listing.count {
            child.removeLast(child.count - prefix)
            child.append(contentsOf: listing.name(number))
            var kind = Int32(listing.kind(number))
            if kind == Int32(DT_UNKNOWN) {
                kind = listing.withName(number) { directory.status($0) }.map { Self.kind(of: $0) } ?? kind
            }
            if kind == Int32(DT_DIR) {
                try listing.name(number).elementsEqual(".git".utf8)
                    ? noteRepositoryMark(child)
                    : scanDirectory(at: child, in: directory, level, isWhole: true, objects: objects)
            } else if listing.name(number).elementsEqual(".git".utf8) {
                noteRepositoryMark(child)
            } else {
                let status = listing.withName(number) { directory.status($0) }
                if let status {
                    if touched != nil, kind == Int32(DT_REG), status.st_nlink > 1 { hasLinks = true }
                    scanFile(at: child, kind: kind, status: status, level)
                }
            }
        }
    }

    /// Looks at a path that may have been touched, or that leads to one.
    private func lookAgain(
        at path: RawPath, in directory: borrowing Directory, _ level: Level, _ touched: TouchedPaths,
        objects: borrowing ObjectDatabase
    ) throws(GitError) {
        let status = path.name.withCPath { directory.status($0) }
        let below = cache.range(below: path + [RawPath.slash], in: level.tracked)
        let place = cache.lowerBound(path, in: level.tracked)
        if place < level.tracked.upperBound, cache.compare(place, path) == 0 { found[place] = false }
        let isMark = path.name.elementsEqual(".git".utf8)
        guard let status, status.isDirectory else {
            forget(below)
            guard let status else { return }
            if status.st_mode & S_IFMT == S_IFREG, status.st_nlink > 1 { hasLinks = true }
            if isMark {
                noteRepositoryMark(path)
            } else {
                scanFile(at: path, kind: Self.kind(of: status), status: status, level)
            }
            return
        }
        if isMark { return noteRepositoryMark(path) }
        let isWhole = touched.names.contains(path) || watch?.watches(path) != true
        if isWhole { forget(below) }
        try scanDirectory(at: path, in: directory, level, isWhole: isWhole, objects: objects)
    }

    private func forget(_ places: Range<Int>) {
        for place in places { found[place] = false }
    }

    private func prepare(_ directory: borrowing Directory, _ path: RawPath, isTracked: Bool) throws(GitError) {
        if directories != nil, isTracked || path.isEmpty || aboveOwned.contains(path) {
            watch?.add(directory, at: path)
        }
        if isTracked || path.isEmpty, let directories {
            try directories.restore(directory, path: path)
        } else {
            directory.makeAccessible()
        }
    }

    private func noteRepositoryMark(_ path: RawPath) {
        // The one at the root is the worker's and is created anew at every move.
        if path.count > 4 { repositoryMarks.append(path) }
    }

    private func scanFile(at path: RawPath, kind: Int32, status: stat, _ level: Level) {
        looked += 1
        let place = cache.lowerBound(path, in: level.tracked)
        let isPlain = kind == Int32(DT_REG) || kind == Int32(DT_LNK)
        let isTracked = place < level.tracked.upperBound && cache.compare(place, path) == 0
        if isTracked, cache.mode(place) != .submodule, isPlain {
            found[place] = true
            if !cache.agrees(place, with: status) { doubtful.append(place) }
            return
        }
        if !isPlain, isTracked || !cache.range(below: path + [RawPath.slash], in: level.tracked).isEmpty {
            untracked.append(Untracked(path: path, kind: .special))
            return
        }
        if isIgnored(path, isDirectory: false, level), !isForced(path) {
            ignored.append(path)
            return
        }
        switch kind {
        case Int32(DT_REG): untracked.append(Untracked(path: path, kind: .file))
        case Int32(DT_LNK): untracked.append(Untracked(path: path, kind: .symbolicLink))
        default: untracked.append(Untracked(path: path, kind: .special))
        }
    }

    private func scanDirectory(
        at path: RawPath, in parent: borrowing Directory, _ level: Level, isWhole: Bool,
        objects: borrowing ObjectDatabase
    ) throws(GitError) {
        if let place = place(ofSubmodule: path, in: level.tracked) {
            found[place] = true
            if owned.contains(path) {
                ignored.append(path)
                return
            }
            let isFilled = try path.name.withCPath { (name) throws(GitError) in
                guard let directory = try parent.child(name) else { return false }
                try prepare(directory, path, isTracked: true)
                return try directory.listing(path: path).count > 0
            }
            if isFilled { filledSubmodules.append(path) }
            return
        }
        let tracked = cache.range(below: path + [RawPath.slash], in: level.tracked)
        let ignored = isIgnored(path, isDirectory: true, level)
        if tracked.isEmpty, ignored, !isForced(path), !leadsToForced(path) {
            self.ignored.append(path)
            return
        }
        if level.depth >= Directory.depthLimit {
            untracked.append(Untracked(path: path, kind: .tooDeep))
            return
        }
        guard let directory = try path.name.withCPath({ (name) throws(GitError) in try parent.child(name) }) else {
            throw .fileSystem(operation: "enter", path: path.display, code: errno)
        }
        if tracked.isEmpty, let kind = try Self.special(directory, isForced: isForced(path) || leadsToForced(path)) {
            untracked.append(Untracked(path: path, kind: kind))
            return
        }
        let next = Level(
            path: path, tracked: tracked, rules: level.rules, isIgnored: ignored, depth: level.depth + 1,
            isWhole: isWhole)
        try scan(directory, next, objects: objects)
        if tracked.isEmpty, !ignored { untrackedDirectories.append(path) }
    }

    private func place(ofSubmodule path: RawPath, in range: Range<Int>) -> Int? {
        let place = cache.lowerBound(path, in: range)
        guard place < range.upperBound, cache.compare(place, path) == 0,
            cache.mode(place) == .submodule
        else { return nil }
        return place
    }

    private func isIgnored(_ path: RawPath, isDirectory: Bool, _ level: Level) -> Bool {
        level.isIgnored || owned.contains(path) || level.rules.ignores(path, isDirectory: isDirectory)
    }

    private func isForced(_ path: RawPath) -> Bool {
        forced.contains { path == $0 || path.isBelow($0) }
    }

    private func leadsToForced(_ path: RawPath) -> Bool {
        forced.contains { $0.isBelow(path) }
    }

    /// Returns the kind of a directory that is not entered; nil for one that is. Called for directories without files of
    /// the commit.
    private static func special(_ directory: borrowing Directory, isForced: Bool) throws(GitError) -> Untracked.Kind? {
        if try isRepository(directory) { return .repository }
        if !isForced, let own = directory.read(".gitignore", limit: 1 << 16),
            own.split(separator: UInt8(ascii: "\n")).contains(where: { Array($0).trimmed().elementsEqual("*".utf8) })
        {
            return .selfIgnored
        }
        return nil
    }

    /// Whether a directory has a `.git` file, or a `.git` directory with a HEAD, the least that Git asks for.
    private static func isRepository(_ directory: borrowing Directory) throws(GitError) -> Bool {
        guard let mark = directory.status(".git") else { return false }
        if mark.st_mode & S_IFMT != S_IFDIR { return mark.st_mode & S_IFMT == S_IFREG }
        guard let inner = try directory.child(".git") else { return false }
        return inner.contains("HEAD")
    }

    private static func kind(of status: stat) -> Int32 {
        switch status.st_mode & S_IFMT {
        case S_IFDIR: Int32(DT_DIR)
        case S_IFREG: Int32(DT_REG)
        case S_IFLNK: Int32(DT_LNK)
        default: Int32(DT_FIFO)
        }
    }
}
