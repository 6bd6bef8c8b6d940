package import Model
import Synchronization

/// A place where a worker works: a checkout with a `.git` of its own, outside the target repository.
///
/// On disk it is a directory with two parts. `tree` is the worker's: a checkout whose `.git` borrows the target's
/// objects; git may be used freely in it. `control` is the coordinator's: what was checked out, and in which state each
/// file was left. Nothing in `tree/.git` is ever read, so what a worker plants there (configuration, hooks, excludes,
/// index flags, replaced objects) has no effect here.
///
/// Calls on one slot run one after another. A slot belongs to one coordinator at a time; no worker may be running in it
/// while it is moved or captured.
package final class Slot: Sendable {
    /// The slot's own directory.
    package let directory: String
    /// The worker's checkout.
    package var treePath: String { "\(directory)/tree" }

    private let state: Mutex<SlotState>

    /// Opens a slot, making what is missing; one that is half made or damaged is made anew around the files it has.
    ///
    /// - Parameters:
    ///   - directory: outside the target repository; made where it does not exist.
    ///   - target: where commits come from and captured files go.
    package init(at directory: String, target: Repository) throws(GitError) {
        self.directory = directory
        state = Mutex(try SlotState(directory: directory, target: target))
    }

    /// The commit the slot was last moved to; nil where that did not end well, or never happened.
    package var commit: ObjectID? { state.withLock { $0.position?.commit.objectID } }

    /// Makes the checkout exactly a commit, except that ignored files stay.
    ///
    /// Edits are undone, other files and nested repositories deleted; only files that differ are written, so build
    /// output stays warm. What is ignored is decided by the commit's own `.gitignore` files alone; an ignored file in
    /// the way of one of the commit's is deleted. `tree/.git` is made anew: HEAD detached at the commit, no branches,
    /// no hooks. Submodules are empty directories.
    ///
    /// - Throws: `filterUnavailable`, `missingObject`, `unsafePath`, `fileSystem`. The slot then has no commit, and the
    ///   next move puts everything right.
    @discardableResult
    package func move(to commit: ObjectID) throws(GitError) -> SlotMove {
        try state.withLock { (state) throws(GitError) in try state.move(to: RawID(commit)) }
    }

    /// Records what a worker did: the tree that `git add --all` would give, stored in the target repository.
    ///
    /// Ignore rules and attributes are those of the commit moved to, whatever the worker did to them. Submodules stay as
    /// they are.
    ///
    /// - Parameters:
    ///   - forced: files, or directories with all below them, that are recorded although they are ignored.
    ///   - counting: whether lines are counted.
    /// - Throws: `unsafePath` where a file's name cannot be recorded, `fileTooLarge`, `filterUnavailable`,
    ///   `fileSystem`; `unknownRevision` where the slot has no commit.
    package func capture(including forced: [String] = [], counting: Bool = true) throws(GitError) -> Capture {
        try state.withLock { (state) throws(GitError) in
            try state.capture(forced: forced.map { Array($0.utf8) }, counting: counting)
        }
    }

    /// Makes `tree/.git` anew, as `move` does, and touches nothing else: what a worker has configured, committed or
    /// hidden there is gone.
    /// - Throws: `unknownRevision` where the slot has no commit; `fileSystem`.
    package func renewRepository() throws(GitError) {
        try state.withLock { (state) throws(GitError) in
            guard let position = state.position else { throw .unknownRevision("HEAD", repository: directory) }
            try state.writeWorkerRepository(commit: position.commit)
            try state.placeWorkerIndex()
        }
    }

    /// Deletes every file that is not of the slot's commit, and with `ignored` also build output.
    package func clean(ignored: Bool) throws(GitError) {
        try state.withLock { (state) throws(GitError) in try state.clean(ignored: ignored) }
    }
}

/// How much a move had to do.
package struct SlotMove: Sendable, Equatable {
    package var written: Int
    package var deleted: Int
}

/// What a worker did to a slot's checkout.
package struct Capture: Sendable {
    package var tree: ObjectID
    /// Against the commit moved to. A nested repository is among them as an added submodule without an id, although
    /// `tree` does not have it.
    package var changes: [FileChange]
    /// Directories that the worker made into repositories of their own, and submodules it put something into. Their
    /// content is not recorded.
    package var repositories: [String]
    /// Pipes, sockets and devices; they cannot be recorded.
    package var special: [String]
    /// New directories with an ignore file of their own that says `*`, as caches have it. Not recorded.
    package var selfIgnored: [String]
    /// Whether the checkout holds nothing beside the tree: no ignored file, and nothing that could not be recorded.
    package var isWhole: Bool
}
