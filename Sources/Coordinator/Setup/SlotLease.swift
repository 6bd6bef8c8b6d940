import Git
import Model

/// A slot that is lent to one attempt or one check. Its calls run where they may block.
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

    /// Makes the checkout exactly a commit.
    func move(to commit: ObjectID) async throws(GitError) {
        _ = try await slot { (slot) throws(GitError) in try slot.move(to: commit) }
    }

    /// Records what a worker did.
    /// - Parameters:
    ///   - files: recorded although they are ignored.
    ///   - counting: whether lines are counted.
    func capture(including files: [String], counting: Bool = true) async throws(GitError) -> Capture {
        try await slot { (slot) throws(GitError) in try slot.capture(including: files, counting: counting) }
    }

    /// Makes the checkout's own `.git` anew.
    func renewRepository() async throws(GitError) {
        try await slot { (slot) throws(GitError) in try slot.renewRepository() }
    }

    /// Puts a commit's files back before a check is run again. Returns whether that succeeded.
    func restore(_ commit: ObjectID) async -> Bool {
        do {
            try await move(to: commit)
            return true
        } catch {
            return false
        }
    }

    /// Returns whether the files are those of a tree, as they would be captured.
    func holds(_ tree: ObjectID, including files: [String]) async -> Bool {
        (try? await capture(including: files, counting: false).tree) == tree
    }
}
