extension SlotState {
    /// Files above this size are not compared but written anew, and not recorded: content is held in memory.
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

    func clean(ignored: Bool) throws(GitError) {
        let scan = TreeScan(cache: cache, rules: rules)
        guard let root = Directory(path: treePath) else { return }
        try scan.run(root, objects)
        var writer = try CheckoutWriter(root: treePath)
        _ = try removeUntracked(scan, &writer)
        if ignored {
            for path in scan.ignored { try writer.remove(path) }
        }
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

    /// Makes the cache hold the new tree's paths and deletes files that only the old tree had; returns their number.
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
            // It may be ignored by now, and would then stay as if it were build output.
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

    /// Takes the paths from the tree alone; what was known of a file is kept where its content is still the same.
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

    /// Deletes what is neither of the commit nor ignored.
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

    /// The places whose files must be written: those missing, and of the doubtful ones those that really differ.
    private func differing(_ scan: TreeScan, _ writer: inout CheckoutWriter) throws(GitError) -> [Int] {
        var places = scan.found.indices.filter { !scan.found[$0] }
        var same: [Int] = []
        for place in scan.doubtful {
            guard let side = cache.side(place) else { continue }
            if try isAsCheckedOut(cache.path(place), side, &writer) { same.append(place) } else { places.append(place) }
        }
        try recordStates(same, &writer)
        return places.sorted()
    }

    /// Whether a file holds what a checkout would write; its permissions are put right on the way.
    func isAsCheckedOut(
        _ path: RawPath, _ side: TreeDifference.Side, _ writer: inout CheckoutWriter
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

    /// Remembers the present state of files that are known to match the commit.
    func recordStates(_ places: [Int], _ writer: inout CheckoutWriter) throws(GitError) {
        if places.isEmpty { return }
        let stamp = try stamp()
        for place in places {
            let path = cache.path(place)
            guard let side = cache.side(place), side.mode != .submodule, let status = try writer.status(path) else {
                continue
            }
            let state = FileState(status)
            // Setting an existing path keeps every other place where it is.
            try cache.set(path, side, state: state.isRacy(since: stamp) ? FileState() : state)
        }
    }
}
