package import Model

/// A failure of an operation on a repository or a slot.
///
/// `message` says what happened and where, `hint` says what to do next, and `description` has both.
package enum GitError: Error, Sendable, Equatable, CustomStringConvertible {
    case notARepository(path: String)
    /// The repository belongs to another user, and Git's `safe.directory` does not name it.
    case foreignOwner(path: String)
    /// The repository uses a format that is not supported, such as SHA-256 object ids.
    case unsupportedRepository(path: String, feature: String)
    /// The repository has no commits at all.
    case noCommits(path: String)
    case unknownRevision(String, repository: String)
    /// A required object does not exist, as in a partial clone, a shallow clone or a damaged repository.
    case missingObject(String, repository: String, partialClone: Bool)
    case malformedObject(String, reason: String)
    /// A reference does not have the value that the caller expected, and was not changed. `nil` means "does not exist".
    case moved(reference: String, expected: ObjectID?, actual: ObjectID?)
    /// Another process holds a lock file or left it behind.
    case locked(file: String)
    /// `a` and `a/b` cannot both be references.
    case referenceInTheWay(reference: String, existing: String)
    case invalidReference(String, reason: String)
    /// A file needs a filter program that is not configured or cannot be run.
    case filterUnavailable(path: String, filter: String, reason: String)
    /// A path that must not be checked out, such as one that reaches into `.git`.
    case unsafePath(String, reason: String)
    case fileTooLarge(path: String, bytes: Int, limit: Int)
    case fileSystem(operation: String, path: String, code: Int32)
    case command(String, status: Int32, output: String)
    case library(operation: String, message: String)

    package var description: String { hint.map { "\(message); \($0)" } ?? message }
}
