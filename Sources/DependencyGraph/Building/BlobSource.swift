import Model

/// Where the builder gets file contents from: a Git object database, or a directory in tests.
package protocol BlobSource: Sendable {
    /// Makes a reader for the exclusive use of one worker thread.
    func makeReader() throws -> any BlobReader
}

/// Reads blobs, one at a time; never used from two threads at once.
package protocol BlobReader {
    /// Calls `body` once with the blob's bytes, which are valid during the call only.
    ///
    /// - Parameter limit: the number of bytes to read at most; the rest of a larger blob is not needed.
    /// - Throws: any error with the reason. The builder adds the name of the file.
    func read(_ file: GraphBuilder.Entry, limit: Int, _ body: (UnsafeRawBufferPointer, _ size: Int) -> Void) throws
}

/// Why a graph could not be built.
package enum GraphError: Error, Equatable, CustomStringConvertible {
    /// The contents of a file could not be read.
    case unreadable(path: String, reason: String)
    /// A worker could not open the repository.
    case noReader(reason: String)
    /// Two entries have the same path.
    case duplicatePath(String)

    package var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read '\(path)' for the dependency graph: \(reason). Check that the commit is complete (git fsck)."
        case .noReader(let reason):
            "cannot open the repository for the dependency graph: \(reason)."
        case .duplicatePath(let path):
            "the commit lists '\(path)' twice. Check the tree with git fsck."
        }
    }
}
