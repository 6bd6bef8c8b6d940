import DependencyGraph
package import Git
package import Model

/// A source of a commit's files for the graph, read from the object database.
struct CommitBlobs: BlobSource {
    let repository: Repository

    func makeReader() throws -> any BlobReader {
        Reader(blobs: try GitBlobReader(repository))
    }

    private struct Reader: BlobReader {
        let blobs: GitBlobReader

        func read(
            _ file: GraphBuilder.Entry, limit: Int, _ body: (UnsafeRawBufferPointer, _ size: Int) -> Void
        ) throws {
            let bytes = try bytes(of: file)
            bytes.withUnsafeBytes { body($0, bytes.count) }
        }

        private func bytes(of file: GraphBuilder.Entry) throws(GitError) -> [UInt8] {
            do throws(GitError) {
                return try blobs.read(file.blob)
            } catch {
                // A picture that a partial clone left out has no dependencies anyway.
                guard case .missingObject(_, _, let isPartialClone) = error, isPartialClone,
                    LanguageRegistry.isNoSource(file.path)
                else { throw error }
                return []
            }
        }
    }
}

extension RepositoryGraph {
    /// Builds the graph of a commit.
    /// - Parameters:
    ///   - commit: the commit to read.
    ///   - cachePath: path of the cache for the facts of each blob; nil for no cache.
    /// - Throws: `GitError`, or `CoordinatorError.graph` if a file cannot be read.
    package static func load(
        from repository: Repository, commit: ObjectID, cachePath: String?
    ) throws -> RepositoryGraph {
        // Offline, what is there may be enough; else reading says what is missing.
        try? repository.fetchMissing(in: commit)
        let listing = try repository.files(inTree: repository.treeOf(commit))
        let entries = listing.entries.map {
            GraphBuilder.Entry(path: $0.path, blob: $0.id, mode: $0.mode.rawValue)
        }
        do {
            return try GraphBuilder(cachePath: cachePath).build(entries, from: CommitBlobs(repository: repository))
        } catch {
            throw CoordinatorError.graph(error.description)
        }
    }
}

extension Repository {
    /// Returns the content of a blob; nil if it is larger than the limit in bytes.
    func bytes(of blob: ObjectID, limit: Int) throws(GitError) -> [UInt8]? {
        let reader = try GitBlobReader(self)
        return try reader.size(of: blob) <= limit ? try reader.read(blob) : nil
    }
}
