import Git
import Jobs
import Model

/// The branch that a run lands on. Nothing else moves it.
///
/// Its calls block.
struct IntegrationBranch: Sendable {
    /// Without `refs/heads/`.
    let name: String
    let repository: Repository

    /// What a move came to.
    enum Movement: Sendable, Equatable {
        case moved
        /// Somebody else has added commits to the branch; it was left alone.
        case overtaken(by: ObjectID)
    }

    /// The commit that the branch points at; nil if there is no branch.
    func tip() throws(GitError) -> ObjectID? { try repository.branchTip(name) }

    /// Moves the branch by compare-and-swap.
    ///
    /// - Parameters:
    ///   - old: where the branch has to be now; nil for a branch that does not exist yet.
    ///   - reason: for the reflog, without the program's name.
    /// - Throws: `integrationCheckedOut` where a checkout shows the branch; `integrationRewound` where it no longer
    ///   holds `old`.
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

    /// - Throws: `integrationCheckedOut`.
    func refuseCheckout() throws(CoordinatorError) {
        if let path = repository.checkedOutPath(ofBranch: name) {
            throw .integrationCheckedOut(branch: name, path: path)
        }
    }
}
