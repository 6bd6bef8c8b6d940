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

    /// Records what a worker did.
    /// - Parameter files: recorded although they are ignored.
    func capture(including files: [String]) async throws(GitError) -> Capture {
        try await slot { (slot) throws(GitError) in try slot.capture(including: files) }
    }

    /// Makes the checkout exactly a commit again before a check is run again. Returns whether that succeeded.
    func restore(_ commit: ObjectID) async -> Bool {
        do {
            try await move(to: commit)
            return true
        } catch {
            return false
        }
    }
}
