package import Model
import Synchronization

extension Repository {
    /// All files of a tree or of a commit's tree.
    ///
    /// - Throws: `unsafePath` for a tree that no checkout may have.
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

    /// The content of a blob.
    package func blob(_ id: ObjectID) throws(GitError) -> [UInt8] {
        try withObjects { (objects) throws(GitError) in try objects.bytes(RawID(id)) }
    }

    /// Stores a blob and returns its id.
    package func writeBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID {
        try withObjects { (objects) throws(GitError) in try objects.write(bytes, as: .blob).objectID }
    }

    /// What a path of a tree names, or nil where it is a directory or does not exist.
    package func entry(_ path: String, inTree tree: ObjectID) throws(GitError) -> TreeEntry? {
        let found = try withObjects { (objects) throws(GitError) in
            try RawTree.lookUp(Array(path.utf8), in: RawID(tree), objects)
        }
        guard let found, let mode = found.fileMode else { return nil }
        return TreeEntry(path: path, mode: mode, id: found.id.objectID)
    }

    /// Makes a tree out of another by setting and deleting paths.
    ///
    /// - Parameters:
    ///   - base: nil for the empty tree.
    ///   - changes: what becomes of each path; nil deletes it, which does nothing where it is not there. A file set
    ///     where a directory was replaces it, and the other way round.
    /// - Throws: `unsafePath` for a path no checkout may have.
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

/// Reads blobs; one for each thread, so that 55,000 files are read as fast as the machine allows.
package final class BlobReader: Sendable {
    private let objects: Mutex<ObjectDatabase>

    package init(_ repository: Repository) throws(GitError) {
        objects = Mutex(
            try ObjectDatabase(
                objects: repository.objectsDirectory, repository: repository.location,
                isPartialClone: repository.isPartialClone))
    }

    /// The content of a blob.
    package func read(_ id: ObjectID) throws(GitError) -> [UInt8] {
        try objects.withLock { (objects) throws(GitError) in try objects.bytes(RawID(id)) }
    }

    /// The size of a blob in bytes; reads only the object's header where it can.
    package func size(of id: ObjectID) throws(GitError) -> Int {
        try objects.withLock { (objects) throws(GitError) in try objects.size(RawID(id)) }
    }
}
