import Git
import Model

/// A slot that is lent to one attempt or check. Its calls run on threads that may block.
struct SlotLease: Sendable {
    /// Counted from 0.
    let number: Int
    /// Absolute path of the checkout.
    let treePath: String
    private let slot: Blocking<Slot>

    init(_ slot: Slot, number: Int) {
        self.number = number
        treePath = slot.treePath
        self.slot = Blocking(slot)
    }

    /// Makes the checkout equal to a commit.
    func move(to commit: ObjectID) async throws(GitError) {
        _ = try await slot { (slot) throws(GitError) in try slot.move(to: commit) }
    }

    /// Captures the worker's changes.
    /// - Parameters:
    ///   - files: files to capture even if they are ignored.
    ///   - counting: whether to count changed lines.
    func capture(including files: [String], counting: Bool = true) async throws(GitError) -> Capture {
        try await slot { (slot) throws(GitError) in try slot.capture(including: files, counting: counting) }
    }

    /// Recreates the checkout's own `.git`.
    func renewRepository() async throws(GitError) {
        try await slot { (slot) throws(GitError) in try slot.renewRepository() }
    }

    /// Restores a commit's files before a check is repeated. Returns whether this succeeded.
    func restore(_ commit: ObjectID) async -> Bool {
        do {
            try await move(to: commit)
            return true
        } catch {
            return false
        }
    }

    /// Returns whether a capture of the files would equal a tree.
    func holds(_ tree: ObjectID, including files: [String]) async -> Bool {
        (try? await capture(including: files, counting: false).tree) == tree
    }
}
