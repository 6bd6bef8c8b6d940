import CGit2
import Foundation
import Synchronization

/// The user's target repository: read freely, written only by adding objects and by compare-and-swap of references.
///
/// Its index, its working directory, its configuration and its hooks are never used or changed. Instances are cheap;
/// calls on one instance run one after another, so a caller that wants to work side by side opens several.
package final class Repository: Sendable {
    /// The private Git directory of the checkout that the path lies in; `.git/worktrees/NAME` for a linked worktree.
    package let gitDirectory: String
    /// The directory that all worktrees share: objects, branches, configuration.
    package let commonDirectory: String
    /// nil for a bare repository.
    package let workingDirectory: String?
    package let isBare: Bool
    /// History ends before its beginning.
    package let isShallow: Bool
    /// Objects were left out when it was cloned; they are missing here.
    package let isPartialClone: Bool

    /// What the git command line gets where it is used.
    let environment: [String: String]
    private let handle: Mutex<RepositoryHandle>

    /// Opens the repository that contains a path.
    ///
    /// Ownership is checked as Git does (`safe.directory`): the git command line, used where libgit2 is not right,
    /// obeys the repository's configuration, and that can name programs.
    ///
    /// - Parameters:
    ///   - path: a directory inside a working directory, a linked worktree or a bare repository.
    ///   - environment: the caller's environment; `PATH` and `HOME` matter to the git command line and to the filters
    ///     it starts. `GIT_*` is dropped.
    /// - Throws: `notARepository`, `foreignOwner`, `unsupportedRepository`.
    package init(
        at path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(GitError) {
        let owner = try RepositoryPointer(opening: path)
        let found = try RepositoryLocation(of: owner, path: path)
        gitDirectory = found.gitDirectory
        commonDirectory = found.commonDirectory
        workingDirectory = found.workingDirectory
        isBare = found.workingDirectory == nil
        isShallow = FileSystem.size("\(found.commonDirectory)/shallow").map { $0 > 0 } ?? false
        self.environment = environment
        let opened = try RepositoryHandle(owner, found)
        isPartialClone = opened.objects.isPartialClone
        handle = Mutex(opened)
    }

    /// The repository's objects.
    var objectsDirectory: String { "\(commonDirectory)/objects" }

    /// A short name for messages: the working directory, or the repository where it is bare.
    package var location: String { workingDirectory ?? gitDirectory }

    func withHandle<Result: Sendable>(
        _ body: (borrowing RepositoryHandle) throws(GitError) -> Result
    ) throws(GitError) -> Result {
        try handle.withLock { (handle) throws(GitError) -> Result in try body(handle) }
    }

    func withObjects<Result: Sendable>(
        _ body: (borrowing ObjectDatabase) throws(GitError) -> Result
    ) throws(GitError) -> Result {
        try handle.withLock { (handle) throws(GitError) -> Result in try body(handle.objects) }
    }
}

/// A libgit2 repository and its objects, freed together.
struct RepositoryHandle: ~Copyable {
    private let owner: RepositoryPointer
    let objects: ObjectDatabase

    var pointer: OpaquePointer { owner.pointer }

    init(_ owner: consuming RepositoryPointer, _ location: RepositoryLocation) throws(GitError) {
        objects = try ObjectDatabase(
            objects: "\(location.commonDirectory)/objects",
            repository: location.workingDirectory ?? location.gitDirectory,
            isPartialClone: try RepositoryLocation.isPartialClone(owner.pointer))
        self.owner = owner
    }
}
