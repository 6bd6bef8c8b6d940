import CGit2
import Foundation
import Synchronization

/// The user's target repository: read freely, written only by adding objects and by compare-and-swap of references.
///
/// Its index, working directory, configuration and hooks are never used or changed. Calls on one instance run one after
/// another; for concurrent work, open several instances, which are cheap.
package final class Repository: Sendable {
    /// The private Git directory of the checkout that contains the path; `.git/worktrees/NAME` for a linked worktree.
    package let gitDirectory: String
    /// The directory that all worktrees share: objects, branches, configuration.
    package let commonDirectory: String
    /// nil for a bare repository.
    package let workingDirectory: String?
    package let isBare: Bool
    /// The history is incomplete (`git clone --depth`).
    package let isShallow: Bool
    /// Some objects are missing (`git clone --filter`).
    package let isPartialClone: Bool

    /// Seconds to wait for another process that holds the lock of a reference.
    let lockPatience: Double
    /// The environment for the git command line.
    let environment: [String: String]
    private let handle: Mutex<RepositoryHandle>

    /// Opens the repository that contains a path.
    ///
    /// Checks ownership as Git does (`safe.directory`): the git command line obeys the repository's configuration, which can
    /// name programs.
    ///
    /// - Parameters:
    ///   - path: a directory inside a working directory, a linked worktree or a bare repository.
    ///   - environment: the caller's environment, for the git command line and the filters it starts. `GIT_*` is dropped.
    ///   - lockPatience: seconds to wait for another process that holds the lock of a reference.
    /// - Throws: `notARepository`, `foreignOwner`, `unsupportedRepository`.
    package init(
        at path: String, environment: [String: String] = ProcessInfo.processInfo.environment,
        lockPatience: Double = 30
    ) throws(GitError) {
        let owner = try RepositoryPointer(opening: path)
        let found = try RepositoryLocation(of: owner, path: path)
        gitDirectory = found.gitDirectory
        commonDirectory = found.commonDirectory
        workingDirectory = found.workingDirectory
        isBare = found.workingDirectory == nil
        isShallow = FileSystem.size("\(found.commonDirectory)/shallow").map { $0 > 0 } ?? false
        self.environment = environment
        self.lockPatience = lockPatience
        let opened = try RepositoryHandle(owner, found)
        isPartialClone = opened.objects.isPartialClone
        handle = Mutex(opened)
    }

    /// The directory of the repository's objects.
    var objectsDirectory: String { "\(commonDirectory)/objects" }

    /// The path for messages: the working directory, or the Git directory of a bare repository.
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
