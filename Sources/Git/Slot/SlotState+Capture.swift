import Foundation
import Model

extension SlotState {
    func capture(forced: [RawPath]) throws(GitError) -> Capture {
        guard let position else { throw .unknownRevision("HEAD", repository: directory) }
        var touched = watch.look()
        // What a template has put there is part of the work if the task owns it.
        for path in forced { touched?.add(name: path) }
        let scan = try scan(touched, forced)
        var writer = try CheckoutWriter(root: treePath)

        var edits = try changedFiles(scan, &writer)
        for place in scan.found.indices where !scan.found[place] {
            edits.append(TreeEditor.Edit(path: cache.path(place), entry: nil))
        }
        for untracked in scan.untracked {
            switch untracked.kind {
            case .file, .symbolicLink: edits.append(try newFile(untracked, &writer))
            case .tooDeep:
                throw .unsafePath(untracked.path.display, reason: "it is more than \(Directory.depthLimit) levels deep")
            case .repository, .selfIgnored, .special: break
            }
        }
        let tree = edits.isEmpty ? position.tree : try TreeEditor.apply(edits, to: position.tree, in: objects)
        return try report(scan, from: position.tree, to: tree)
    }

    /// - Parameter touched: the only paths that may differ from the commit; nil for all.
    private func scan(_ touched: TouchedPaths?, _ forced: [RawPath]) throws(GitError) -> TreeScan {
        guard let root = Directory(path: treePath) else {
            throw .fileSystem(operation: "enter", path: treePath, code: errno)
        }
        let scan = TreeScan(
            cache: cache, rules: rules, forced: forced, owned: laid?.template.rootSet ?? [], touched: touched,
            watch: watch)
        try scan.run(root, objects)
        return scan.hasLinks ? try self.scan(nil, forced) : scan
    }

    /// Returns the edits of the commit's files whose content or mode has changed.
    ///
    /// The state of the others is not recorded: a file that a worker touched may differ from the commit's in what no tree
    /// holds, such as its owner, and the next move has to write it again.
    private func changedFiles(_ scan: TreeScan, _ writer: inout CheckoutWriter) throws(GitError) -> [TreeEditor.Edit] {
        var edits: [TreeEditor.Edit] = []
        for place in scan.doubtful {
            guard let old = cache.side(place) else { continue }
            let path = cache.path(place)
            let new = try record(path, stored: old, &writer)
            if new != old { edits.append(TreeEditor.Edit(path: path, entry: new)) }
        }
        return edits
    }

    private func newFile(
        _ untracked: TreeScan.Untracked, _ writer: inout CheckoutWriter
    ) throws(GitError) -> TreeEditor.Edit {
        try PathSafety.check(untracked.path)
        return TreeEditor.Edit(path: untracked.path, entry: try record(untracked.path, stored: nil, &writer))
    }

    /// Stores a file as a blob of the target repository.
    ///
    /// - Parameter stored: the commit's entry at the path.
    /// - Returns: nil if the file was deleted in the meantime.
    private func record(
        _ path: RawPath, stored: TreeDifference.Side?, _ writer: inout CheckoutWriter
    ) throws(GitError) -> TreeDifference.Side? {
        guard let status = try writer.status(path), status.isPlain else { return nil }
        if status.isLink {
            guard let link = try writer.read(path, mode: .symbolicLink, limit: Self.contentLimit) else { return nil }
            return TreeDifference.Side(mode: .symbolicLink, id: try objects.write(link, as: .blob))
        }
        if status.bytes > Self.contentLimit {
            throw .fileTooLarge(path: path.display, bytes: status.bytes, limit: Self.contentLimit)
        }
        guard let content = try writer.read(path, mode: .regular, limit: Self.contentLimit) else {
            throw .fileSystem(operation: "read", path: path.display, code: errno)
        }
        let mode = status.isExecutable ? FileMode.executable : .regular
        let conversion = try rules.conversion(of: path, objects)
        if conversion.needsCommandLine {
            return TreeDifference.Side(mode: mode, id: try storeFiltered(content, at: path, conversion))
        }
        let before = stored.flatMap { $0.mode.isFile ? $0.id : nil }
        // What a checkout wrote counts as unchanged, even if converting it back would give another blob.
        if !conversion.isNone, let before,
            content == conversion.toCheckout(try objects.bytes(before), id: before)
        {
            return TreeDifference.Side(mode: mode, id: before)
        }
        let converted = try conversion.toRepository(content) { () throws(GitError) in
            if let before { try objects.bytes(before) } else { nil }
        }
        if let before, try ObjectDatabase.hash(converted) == before {
            return TreeDifference.Side(mode: mode, id: before)
        }
        return TreeDifference.Side(mode: mode, id: try objects.write(converted, as: .blob))
    }

    private func report(
        _ scan: TreeScan, from old: RawID, to new: RawID
    ) throws(GitError) -> Capture {
        var capture = Capture(
            tree: new.objectID, changes: [], repositories: [], special: [], looked: scan.looked, selfIgnored: [])
        try TreeComparison.walk(from: old, to: new, in: objects) { (difference) throws(GitError) in
            var change = FileChange(difference)
            try LineCount.fill(&change, difference, from: objects)
            capture.changes.append(change)
        }
        for untracked in scan.untracked {
            switch untracked.kind {
            case .repository:
                capture.repositories.append(untracked.path.display)
                capture.changes.append(
                    FileChange(
                        path: untracked.path.display, status: .added, oldMode: nil, newMode: .submodule, oldID: nil,
                        newID: nil))
            case .special: capture.special.append(untracked.path.display)
            case .selfIgnored: capture.selfIgnored.append(untracked.path.display)
            case .file, .symbolicLink, .tooDeep: break
            }
        }
        capture.repositories += scan.filledSubmodules.map(\.display)
        return capture
    }
}
