import Git
import Jobs
import Model

/// The branch that a run lands on. Only this type moves it.
///
/// Its calls block.
struct IntegrationBranch: Sendable {
    /// Without `refs/heads/`.
    let name: String
    let repository: Repository

    /// The result of a move.
    enum Movement: Sendable, Equatable {
        case moved
        /// Someone else has added commits to the branch. It was not moved.
        case overtaken(by: ObjectID)
    }

    /// Returns the commit that the branch points at; nil if there is no branch.
    func tip() throws(GitError) -> ObjectID? { try repository.branchTip(name) }

    /// Moves the branch by compare-and-swap.
    ///
    /// - Parameters:
    ///   - old: the expected tip; nil if the branch must not exist.
    ///   - reason: the text for the reflog, without the program's name.
    /// - Throws: `integrationCheckedOut` if the branch is checked out; `integrationRewound` if it no longer contains
    ///   `old`.
    func move(from old: ObjectID?, to new: ObjectID, reason: String) throws -> Movement {
        try refuseCheckout()
        do throws(GitError) {
            try repository.compareAndSwap(
                reference: "refs/heads/\(name)", from: old, to: new, reason: "orchestrate: \(reason)")
        } catch {
            guard case .moved(_, _, let found) = error else { throw error }
            guard let old, let found, try repository.isAncestor(old, of: found) else {
                throw CoordinatorError.integrationRewound(branch: name, expected: old ?? new, found: found)
            }
            return .overtaken(by: found)
        }
        CrashPoint.moved.pass()
        return .moved
    }

    /// Throws `integrationCheckedOut` if the branch is checked out.
    func refuseCheckout() throws(CoordinatorError) {
        if let path = repository.checkedOutPath(ofBranch: name) {
            throw .integrationCheckedOut(branch: name, path: path)
        }
    }
}
