import CGit2
import Foundation
package import Model

extension Repository {
    /// Returns the paths that differ between two trees, in Git's order. A renamed file is a deletion and an addition.
    ///
    /// - Parameters:
    ///   - old: nil for the empty tree.
    ///   - paths: files, or directories with everything below them; nil for everything.
    ///   - counting: whether to count lines, which reads every file that differs.
    package func diff(
        from old: ObjectID?, to new: ObjectID, paths: [String]? = nil, counting: Bool = true
    ) throws(GitError) -> [FileChange] {
        let wanted = paths.map { $0.map { Array($0.utf8) } }
        return try withObjects { (objects) throws(GitError) in
            var changes: [FileChange] = []
            try TreeComparison.walk(from: old.map { RawID($0) }, to: RawID(new), in: objects) {
                (difference) throws(GitError) in
                if let wanted, !wanted.contains(where: { difference.path == $0 || difference.path.isBelow($0) }) {
                    return
                }
                var change = FileChange(difference)
                if counting { try LineCount.fill(&change, difference, from: objects) }
                changes.append(change)
            }
            return changes
        }
    }

    /// Returns the difference between two trees as a unified diff for `git apply`. Binary files are only named.
    ///
    /// - Parameters:
    ///   - old: nil for the empty tree.
    ///   - paths: files, or directories with everything below them; nil for everything.
    ///   - context: unchanged lines around a change.
    package func patch(
        from old: ObjectID?, to new: ObjectID, paths: [String]? = nil, context: Int = 3
    ) throws(GitError) -> String {
        try withObjects { (objects) throws(GitError) in
            let view = try objects.makeBareView()
            let before = try TreeHandle(old, in: view, objects)
            let after = try TreeHandle(new, in: view, objects)
            var options = git_diff_options()
            git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
            options.flags = GIT_DIFF_DISABLE_PATHSPEC_MATCH.rawValue | GIT_DIFF_INDENT_HEURISTIC.rawValue
            options.context_lines = UInt32(max(0, context))
            var strings = (paths ?? []).map { strdup($0) }
            defer { strings.forEach { free($0) } }
            var difference: OpaquePointer?
            let count = strings.count
            let status = strings.withUnsafeMutableBufferPointer { buffer in
                options.pathspec = git_strarray(strings: buffer.baseAddress, count: count)
                return git_diff_tree_to_tree(&difference, view.pointer, before.pointer, after.pointer, &options)
            }
            try Library.check(status, "compare two trees of '\(location)'")
            defer { git_diff_free(difference) }
            var text = git_buf()
            defer { git_buf_dispose(&text) }
            try Library.check(git_diff_to_buf(&text, difference, GIT_DIFF_FORMAT_PATCH), "print a diff")
            return String(decoding: UnsafeRawBufferPointer(start: text.ptr, count: text.size), as: UTF8.self)
        }
    }
}

/// A tree of libgit2, freed with its owner. The pointer is nil for the empty tree.
private struct TreeHandle: ~Copyable {
    let pointer: OpaquePointer?

    init(
        _ id: ObjectID?, in view: borrowing RepositoryPointer, _ objects: borrowing ObjectDatabase
    ) throws(GitError) {
        guard let id, id.hex != RawTree.emptyHex else {
            pointer = nil
            return
        }
        var oid = RawID(id).oid
        var tree: OpaquePointer?
        let status = git_tree_lookup(&tree, view.pointer, &oid)
        if status == GIT_ENOTFOUND.rawValue {
            throw .missingObject(id.hex, repository: objects.repository, partialClone: objects.isPartialClone)
        }
        try Library.check(status, "read tree \(id.short)")
        pointer = tree
    }

    deinit { git_tree_free(pointer) }
}

extension FileChange {
    init(_ difference: TreeDifference) {
        let status: Status =
            switch (difference.old?.mode, difference.new?.mode) {
            case (nil, _): .added
            case (_, nil): .deleted
            case (let old?, let new?): old.isFile == new.isFile && (old.isFile || old == new) ? .modified : .typeChanged
            }
        self.init(
            path: difference.path.display, status: status, oldMode: difference.old?.mode,
            newMode: difference.new?.mode, oldID: difference.old?.id.objectID, newID: difference.new?.id.objectID)
    }
}

/// Counts the lines that a change adds and removes.
enum LineCount {
    static func fill(
        _ change: inout FileChange, _ difference: TreeDifference, from objects: borrowing ObjectDatabase
    ) throws(GitError) {
        let old = try content(difference.old, objects)
        let new = try content(difference.new, objects)
        if difference.old?.id == difference.new?.id { return }
        var patch: OpaquePointer?
        // Works without a repository, so that no attribute of the checkout decides what is binary.
        let status = old.withUnsafeBytes { old in
            new.withUnsafeBytes { new in
                git_patch_from_buffers(&patch, old.baseAddress, old.count, nil, new.baseAddress, new.count, nil, nil)
            }
        }
        try Library.check(status, "compare two versions of '\(change.path)'")
        defer { git_patch_free(patch) }
        change.isBinary = git_patch_get_delta(patch).pointee.flags & GIT_DIFF_FLAG_BINARY.rawValue != 0
        var added = 0
        var removed = 0
        try Library.check(git_patch_line_stats(nil, &added, &removed, patch), "count lines of '\(change.path)'")
        change.added = added
        change.removed = removed
    }

    private static func content(
        _ side: TreeDifference.Side?, _ objects: borrowing ObjectDatabase
    ) throws(GitError) -> [UInt8] {
        guard let side, side.mode != .submodule else { return [] }
        return try objects.bytes(side.id)
    }
}
