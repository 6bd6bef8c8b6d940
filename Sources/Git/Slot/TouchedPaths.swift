/// The paths of a checkout that may differ from the last move.
struct TouchedPaths: Sendable {
    /// Files that were opened, written or changed in mode or owner, and every name that was created, deleted or moved.
    private(set) var names: Set<RawPath> = []
    /// Directories that had a name created or deleted in them, or were changed themselves.
    private(set) var directories: Set<RawPath> = []
    /// For each directory, what to look at in it: these paths, and the directories that lead to them.
    private var inside: [RawPath: Set<RawPath>] = [:]

    mutating func add(name: RawPath) { if names.insert(name).inserted { lead(to: name) } }

    mutating func add(directory: RawPath) { if directories.insert(directory).inserted { lead(to: directory) } }

    /// Returns what to look at in a directory.
    func paths(in directory: RawPath) -> Set<RawPath> { inside[directory] ?? [] }

    private mutating func lead(to path: RawPath) {
        var path = path
        while !path.isEmpty {
            let parent = path.parent
            guard inside[parent, default: []].insert(path).inserted else { return }
            path = parent
        }
    }
}
