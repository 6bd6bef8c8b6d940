extension SlotState {
    /// Bytes. Content is held in memory, so larger files are rewritten without comparing them and are never recorded.
    static let contentLimit = 512 << 20

    func move(to commit: RawID) throws(GitError) -> SlotMove {
        let tree = try treeOf(commit)
        let before = position
        unsettle()
        try makeTree()
        var writer = try CheckoutWriter(root: treePath)
        var deleted = try followTree(from: before?.tree, to: tree, &writer)
        renewRules()

        let scan = TreeScan(cache: cache, rules: rules)
        guard let root = Directory(path: treePath) else {
            throw .fileSystem(operation: "enter", path: treePath, code: 0)
        }
        root.makeAccessible()
        try scan.run(root, objects)
        deleted += try removeUntracked(scan, &writer)
        let differing = try differing(scan, &writer)
        try writeFiles(differing, &writer)
        try writeWorkerRepository(commit: commit)
        try settle(Position(commit: commit, tree: tree))
        try placeWorkerIndex()
        return SlotMove(written: differing.count, deleted: deleted)
    }

    private func treeOf(_ commit: RawID) throws(GitError) -> RawID {
        try objects.read(commit, as: .commit) { (bytes) throws(GitError) in
            // A commit object begins with "tree " and the tree's id.
            let line = String(decoding: UnsafeRawBufferPointer(rebasing: bytes.prefix(45)), as: UTF8.self)
            guard line.hasPrefix("tree "), let tree = RawID(hex: String(line.dropFirst(5))) else {
                throw .malformedObject(commit.hex, reason: "it does not begin with its tree")
            }
            return tree
        }
    }

    /// Updates the cache to the new tree's paths and deletes files that only the old tree had. Returns their number.
    private func followTree(
        from old: RawID?, to new: RawID, _ writer: inout CheckoutWriter
    ) throws(GitError) -> Int {
        guard let old, objects.contains(old) else {
            try rebuildCache(new)
            return 0
        }
        var deleted = 0
        let differences = try TreeComparison.differences(from: old, to: new, in: objects)
        for difference in differences where difference.new == nil {
            cache.remove(difference.path)
            // The new tree may ignore the path, and the file would stay like build output.
            if let status = try writer.status(difference.path), status.isPlain || difference.old?.mode == .submodule {
                try writer.remove(difference.path)
                deleted += 1
            }
            var directory = difference.path.parent
            while !directory.isEmpty, try writer.removeEmpty(directory) { directory = directory.parent }
        }
        for difference in differences {
            guard let side = difference.new else { continue }
            try PathSafety.check(difference.path)
            try cache.set(difference.path, side)
        }
        return deleted
    }

    /// Fills the cache from the tree alone. Keeps the recorded state of files whose content is the same.
    private func rebuildCache(_ tree: RawID) throws(GitError) {
        let old = try replaceCache()
        try TreeComparison.walk(from: nil, to: tree, in: objects) { (difference) throws(GitError) in
            guard let side = difference.new else { return }
            try PathSafety.check(difference.path)
            let place = old.find(difference.path)
            let state = place.flatMap { old.side($0) == side ? old.state($0) : nil }
            try cache.set(difference.path, side, state: state ?? FileState())
        }
    }

    /// Deletes what is neither part of the commit nor ignored. Returns the number of deleted paths.
    private func removeUntracked(_ scan: TreeScan, _ writer: inout CheckoutWriter) throws(GitError) -> Int {
        for untracked in scan.untracked { try writer.remove(untracked.path) }
        for mark in scan.repositoryMarks { try writer.remove(mark) }
        for submodule in scan.filledSubmodules {
            try writer.remove(submodule)
            try writer.makeDirectory(at: submodule)
        }
        for directory in scan.untrackedDirectories { _ = try writer.removeEmpty(directory) }
        return scan.untracked.count + scan.repositoryMarks.count + scan.filledSubmodules.count
    }

    /// Returns the places whose files must be written: missing files, and doubtful ones that do differ.
    private func differing(_ scan: TreeScan, _ writer: inout CheckoutWriter) throws(GitError) -> [Int] {
        var places = scan.found.indices.filter { !scan.found[$0] }
        var same: [Int] = []
        for place in scan.doubtful {
            guard let side = cache.side(place) else { continue }
            let isSame = try isAsCheckedOut(cache.path(place), as: side, &writer)
            if isSame { same.append(place) } else { places.append(place) }
        }
        try recordStates(same, &writer)
        return places.sorted()
    }

    /// Returns whether a file's content equals what a checkout would write, and corrects its permissions if so.
    private func isAsCheckedOut(
        _ path: RawPath, as side: TreeDifference.Side, _ writer: inout CheckoutWriter
    ) throws(GitError) -> Bool {
        guard let status = try writer.status(path), status.isLink == (side.mode == .symbolicLink) else { return false }
        let conversion = side.mode.isFile ? try rules.conversion(of: path, objects) : Conversion()
        if conversion.needsCommandLine { return false }
        if conversion.isNone, status.bytes != (try objects.size(side.id)) { return false }
        guard let content = try writer.read(path, mode: side.mode, limit: Self.contentLimit) else { return false }
        if conversion.isNone {
            guard try ObjectDatabase.hash(content) == side.id else { return false }
        } else {
            let expected = conversion.toCheckout(try objects.bytes(side.id), id: side.id)
            guard content == expected else { return false }
        }
        if side.mode.isFile, status.isExecutable != (side.mode == .executable) || !status.isReadableAndWritable {
            try writer.setExecutable(path, side.mode == .executable)
        }
        return true
    }

    /// Records the present state of files that are known to match the commit.
    func recordStates(_ places: [Int], _ writer: inout CheckoutWriter) throws(GitError) {
        if places.isEmpty { return }
        let stamp = try stamp()
        for place in places {
            let path = cache.path(place)
            guard let side = cache.side(place), side.mode != .submodule, let status = try writer.status(path) else {
                continue
            }
            let state = FileState(status)
            // Setting an existing path does not shift other places.
            try cache.set(path, side, state: state.isRacy(since: stamp) ? FileState() : state)
        }
    }
}
