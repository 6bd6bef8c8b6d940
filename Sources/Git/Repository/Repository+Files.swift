package import Model
import Synchronization

extension Repository {
    /// Returns all files of a tree.
    ///
    /// - Throws: `missingObject`, `malformedObject`.
    package func files(inTree tree: ObjectID) throws(GitError) -> TreeListing {
        try withObjects { (objects) throws(GitError) in
            var listing = TreeListing(entries: [], undecodable: [])
            try TreeComparison.walk(from: nil, to: RawID(tree), in: objects) { (difference) throws(GitError) in
                guard let file = difference.new else { return }
                if let path = difference.path.decoded {
                    listing.entries.append(TreeEntry(path: path, mode: file.mode, id: file.id.objectID))
                } else {
                    listing.undecodable.append(difference.path.display)
                }
            }
            return listing
        }
    }

    /// Returns the content of a blob.
    package func blob(_ id: ObjectID) throws(GitError) -> [UInt8] {
        try withObjects { (objects) throws(GitError) in try objects.bytes(RawID(id)) }
    }

    /// Stores a blob and returns its id.
    package func writeBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID {
        try withObjects { (objects) throws(GitError) in try objects.write(bytes, as: .blob).objectID }
    }

    /// Returns the file, link or submodule at a path of a tree; nil for a directory or a path that does not exist.
    package func entry(_ path: String, inTree tree: ObjectID) throws(GitError) -> TreeEntry? {
        let found = try withObjects { (objects) throws(GitError) in
            try RawTree.lookUp(Array(path.utf8), in: RawID(tree), objects)
        }
        guard let found, let mode = found.fileMode else { return nil }
        return TreeEntry(path: path, mode: mode, id: found.id.objectID)
    }

    /// Returns the tree of a directory; nil if it is missing or is no directory.
    package func directory(_ path: String, inTree tree: ObjectID) throws(GitError) -> ObjectID? {
        let found = try withObjects { (objects) throws(GitError) in
            try RawTree.lookUp(Array(path.utf8), in: RawID(tree), objects)
        }
        return found.flatMap { $0.isDirectory ? $0.id.objectID : nil }
    }

    /// Builds and stores a tree from another by setting and deleting paths.
    ///
    /// - Parameters:
    ///   - base: nil for the empty tree.
    ///   - changes: the new entry of each path. A nil entry deletes the path if it exists. Setting a file replaces a
    ///     directory at its path, and the other way round.
    /// - Throws: `unsafePath` for a path that must not be checked out.
    package func tree(
        base: ObjectID?, applying changes: [(path: String, entry: (mode: FileMode, id: ObjectID)?)]
    ) throws(GitError) -> ObjectID {
        let edits = changes.map { change in
            TreeEditor.Edit(
                path: Array(change.path.utf8),
                entry: change.entry.map { TreeDifference.Side(mode: $0.mode, id: RawID($0.id)) })
        }
        return try withObjects { (objects) throws(GitError) in
            try TreeEditor.apply(edits, to: base.map { RawID($0) }, in: objects).objectID
        }
    }
}

/// Reads blobs of a repository. Each thread uses one, so that threads do not wait for each other.
package final class GitBlobReader: Sendable {
    private let objects: Mutex<ObjectDatabase>

    package init(_ repository: Repository) throws(GitError) {
        objects = Mutex(
            try ObjectDatabase(
                objects: repository.objectsDirectory, repository: repository.location,
                isPartialClone: repository.isPartialClone))
    }

    /// Returns the content of a blob.
    package func read(_ id: ObjectID) throws(GitError) -> [UInt8] {
        try objects.withLock { (objects) throws(GitError) in try objects.bytes(RawID(id)) }
    }

    /// Returns the size of a blob in bytes. Reads only the object's header if the storage format allows it.
    package func size(of id: ObjectID) throws(GitError) -> Int {
        try objects.withLock { (objects) throws(GitError) in try objects.size(RawID(id)) }
    }
}
