#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension SlotState {
    /// Bytes. Content is held in memory, so larger files are never recorded.
    static let contentLimit = 512 << 20

    func move(to commit: RawID, with template: SlotTemplate? = nil) throws(GitError) -> SlotMove {
        let tree = try treeOf(commit)
        do throws(GitError) {
            return try place(Position(commit: commit, tree: tree), template)
        } catch {
            // What a worker left may belong to a user that this one may not act for.
            guard case .fileSystem(_, _, let code) = error, [EPERM, EACCES, EBUSY].contains(code), setAside() else {
                throw error
            }
            return try place(Position(commit: commit, tree: tree), template)
        }
    }

    private func place(_ new: Position, _ template: SlotTemplate?) throws(GitError) -> SlotMove {
        let before = position
        unsettle()
        // What the move itself touches is looked at by the next one, and so is everything if this one fails.
        var touched = watch.take()
        if before == nil { touched = nil }
        var isSettled = false
        defer { if !isSettled { watch.forget() } }
        if try makeTree() {
            watch.stop()
            touched = nil
        }
        let directories = try NewDirectory(in: controlPath, since: before == nil ? nil : lastStamp)
        var writer = try CheckoutWriter(root: treePath)
        var deleted = try followTree(from: before?.tree, to: new.tree, &touched, &writer)
        renewRules()

        let scan = try scan(&touched, besides: template, directories)
        deleted += try removeUntracked(scan, besides: template, &writer)
        // Writing a file is the only way to be sure of its owner, times, links and attributes. So whatever was touched is
        // written, without a look at its content.
        let differing = (scan.doubtful + scan.found.indices.filter { !scan.found[$0] }).sorted()
        try writeFiles(differing, &writer)
        let laid = try lay(template, in: directories, touched: touched, &writer)
        try placeWorkerRepository(commit: new.commit)
        try settle(new)
        isSettled = true
        return SlotMove(written: differing.count, deleted: deleted, copied: laid, looked: scan.looked)
    }

    /// Finds how the checkout differs from the cache.
    /// - Parameter touched: the only paths that may differ; nil for all. Becomes nil if a file has a second name.
    private func scan(
        _ touched: inout TouchedPaths?, besides template: SlotTemplate?, _ directories: NewDirectory
    ) throws(GitError) -> TreeScan {
        guard let root = Directory(path: treePath) else {
            throw .fileSystem(operation: "enter", path: treePath, code: errno)
        }
        if touched == nil { watch.restart() }
        let scan = TreeScan(
            cache: cache, rules: rules, owned: template?.rootSet ?? [], directories: directories, touched: touched,
            watch: watch)
        try scan.run(root, objects)
        if !scan.hasLinks { return scan }
        touched = nil
        watch.distrustRepository()
        return try self.scan(&touched, besides: template, directories)
    }

    /// Renames a checkout that cannot be restored, so that a new one can be made. Returns whether that succeeded.
    private func setAside() -> Bool {
        for number in 0..<Self.mostAside {
            let path = "\(directory)/aside-\(number)"
            // What cannot be deleted, now or at an earlier time, is left for `orchestrate clean`.
            _ = try? Folder.remove(at: path)
            if FileSystem.exists(path) { continue }
            guard rename(treePath, path) == 0 else { return false }
            _ = try? Folder.remove(at: path)
            return true
        }
        return false
    }

    private static let mostAside = 100

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
    /// - Parameter touched: gets the paths that the new tree has changed; becomes nil if all may have to be written.
    private func followTree(
        from old: RawID?, to new: RawID, _ touched: inout TouchedPaths?, _ writer: inout CheckoutWriter
    ) throws(GitError) -> Int {
        guard let old, objects.contains(old) else {
            try rebuildCache(new)
            touched = nil
            return 0
        }
        var deleted = 0
        let differences = try TreeComparison.differences(from: old, to: new, in: objects)
        for difference in differences where difference.new == nil {
            cache.remove(difference.path)
            touched?.add(name: difference.path)
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
            touched?.add(name: difference.path)
        }
        for difference in differences where difference.path.name.elementsEqual(".gitattributes".utf8) {
            try forgetStates(below: difference.path.parent)
            touched = nil
        }
        return deleted
    }

    /// Has the files below a directory written again: their attributes may have changed, and with them their content on
    /// disk.
    private func forgetStates(below directory: RawPath) throws(GitError) {
        let prefix = directory.isEmpty ? [] : directory + [RawPath.slash]
        for place in cache.range(below: prefix, in: 0..<cache.count) {
            if let side = cache.side(place) { try cache.set(cache.path(place), side) }
        }
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

    /// Deletes what is not part of the commit. Returns the number of deleted paths.
    private func removeUntracked(
        _ scan: TreeScan, besides template: SlotTemplate?, _ writer: inout CheckoutWriter
    ) throws(GitError) -> Int {
        let ignored = template.map { kept in scan.ignored.filter { !kept.owns($0) } } ?? scan.ignored
        let deleted = scan.untracked.map(\.path) + ignored + scan.repositoryMarks
        for path in deleted { try writer.remove(path) }
        for submodule in scan.filledSubmodules {
            try writer.remove(submodule)
            try writer.makeDirectory(at: submodule)
        }
        for directory in scan.untrackedDirectories { _ = try writer.removeEmpty(directory) }
        return deleted.count + scan.filledSubmodules.count
    }

    /// Records the present state of files that have just been written.
    func recordStates(_ places: [Int], _ writer: inout CheckoutWriter) throws(GitError) {
        var states: [(path: RawPath, side: TreeDifference.Side, state: FileState)] = []
        for place in places {
            let path = cache.path(place)
            guard let side = cache.side(place), side.mode != .submodule, let status = try writer.status(path) else {
                continue
            }
            states.append((path, side, FileState(status)))
        }
        guard let last = states.map(\.state).max(by: { $0.isRacy(since: $1) == false }) else { return }
        let stamp = try stamp(after: last)
        for (path, side, state) in states {
            // Setting an existing path does not shift other places.
            try cache.set(path, side, state: state.isRacy(since: stamp) ? FileState() : state)
        }
    }
}
