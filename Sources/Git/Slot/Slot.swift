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

    /// Opens a slot and creates what is missing. An incomplete or damaged slot is rebuilt around the files it has.
    ///
    /// - Parameters:
    ///   - directory: outside the target repository; created if it does not exist.
    ///   - target: the source of commits and the destination of captured files.
    package init(at directory: String, target: Repository) throws(GitError) {
        self.directory = directory
        state = Mutex(try SlotState(directory: directory, target: target))
    }

    /// The commit the slot was last moved to; nil before the first move and after one that failed.
    package var commit: ObjectID? { state.withLock { $0.position?.commit.objectID } }

    /// Makes the checkout what a fresh one of a commit would be.
    ///
    /// Whatever is not part of the commit is deleted, ignored files and empty directories too. A file of the commit that
    /// was touched is written again, so content, mode, owner, times, hard links and extended attributes are those of a new
    /// file; other files stay as they are. Directories get the mode, owner and attributes of a new one. `tree/.git` is
    /// created anew: HEAD detached at the commit, copies of the target's branches and tags, no hooks. Submodules are empty
    /// directories, unless the template has their content.
    ///
    /// The paths of the template become copies of its files: what was touched is copied again.
    ///
    /// - Parameter template: files beside those of the commit; nil for none.
    /// - Throws: `filterUnavailable`, `missingObject`, `unsafePath`, `fileSystem`. The slot then has no commit, and the
    ///   next move repairs it.
    @discardableResult
    package func move(to commit: ObjectID, with template: SlotTemplate? = nil) throws(GitError) -> SlotMove {
        try state.withLock { (state) throws(GitError) in try state.move(to: RawID(commit), with: template) }
    }

    /// Has the next look at the checkout read every file: it may have been changed in a way that no watch sees.
    package func distrustWatch() { state.withLock { $0.watch.forget() } }

    /// Makes a template of what Git ignores in the checkout. The files are moved there, so the slot must be moved before
    /// it is used again.
    ///
    /// - Parameter request: what to make.
    package func makeTemplate(_ request: TemplateRequest) throws(GitError) -> SlotTemplate {
        try state.withLock { (state) throws(GitError) in try state.makeTemplate(request) }
    }

    /// Records a worker's changes: stores the tree that `git add --all` would give in the target repository.
    ///
    /// Uses the ignore rules and attributes of the commit moved to, not those the worker edited. Submodules keep their
    /// commits.
    ///
    /// - Parameter forced: files, or directories with everything below them, that are recorded even if ignored.
    /// - Throws: `unsafePath` for a file name that cannot be recorded, `fileTooLarge`, `filterUnavailable`, `fileSystem`;
    ///   `unknownRevision` if the slot has no commit.
    package func capture(including forced: [String] = []) throws(GitError) -> Capture {
        try state.withLock { (state) throws(GitError) in
            try state.capture(forced: forced.map { Array($0.utf8) })
        }
    }

    /// Leaves nothing in the checkout but a commit and the template of the last move; or nothing at all, if it cannot be
    /// moved there.
    ///
    /// - Throws: `fileSystem` if files are left that cannot be deleted.
    package func clear(at commit: ObjectID) throws(GitError) {
        try state.withLock { (state) throws(GitError) in
            do throws(GitError) {
                _ = try state.move(to: RawID(commit), with: state.laid?.template)
            } catch {
                try state.removeTree()
            }
        }
    }
}

/// The number of files that a move wrote, deleted and copied.
package struct SlotMove: Sendable, Equatable {
    package var written: Int
    package var deleted: Int
    /// Files and links that were copied from the template.
    package var copied = 0
    /// Files of the checkout whose status was read.
    package var looked = 0
}

/// A worker's changes to a slot's checkout.
package struct Capture: Sendable {
    package var tree: ObjectID
    /// Differences from the commit moved to. A nested repository is listed as an added submodule without an id, although
    /// `tree` does not contain it.
    package var changes: [FileChange]
    /// Nested repositories that the worker created, and submodules it put files into. Their content is not recorded.
    package var repositories: [String]
    /// Pipes, sockets and devices, also in place of a file of the commit; they cannot be recorded.
    package var special: [String]
    /// Files of the checkout whose status was read.
    package var looked = 0
    /// New directories that contain a `.gitignore` with the line `*`, as caches do. Not recorded.
    package var selfIgnored: [String]
}
