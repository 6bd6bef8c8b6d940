import Model

/// Where the builder gets file contents from: a Git object database, or a directory in tests.
package protocol BlobSource: Sendable {
    /// Makes a reader for one worker thread, which alone uses it.
    func makeReader() throws -> any BlobReader
}

/// Reads blobs, one at a time; never used from two threads at once.
package protocol BlobReader {
    /// Calls `body` once with the blob's bytes, which need not outlive the call.
    ///
    /// - Parameter limit: of a blob larger than this many bytes the first `limit` will do.
    /// - Throws: whatever says why the blob cannot be read; the builder names the file.
    func read(_ file: GraphBuilder.Entry, limit: Int, _ body: (UnsafeRawBufferPointer, _ size: Int) -> Void) throws
}

/// Why a graph could not be built.
package enum GraphError: Error, Equatable, CustomStringConvertible {
    /// A file's contents could not be had.
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
