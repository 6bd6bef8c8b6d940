import Git
import Model

extension RunRepository {
    /// Moves the integration branch to a candidate that has passed.
    ///
    /// Nothing but this landing refers to the commits of a candidate, so a `git gc --prune=now` removes them.
    /// - Returns: `landed`; `tipMoved` if someone else has added commits to the branch, or if the commits are gone and
    ///   have to be made again.
    func land(_ landed: Fact.Landed, from tip: ObjectID) throws -> Fact {
        // The tip already holds what its tasks change.
        guard let last = landed.commits.last else { return .landed(landed) }
        let tasks = landed.commits.map(\.task.rawValue).joined(separator: ", ")
        do {
            switch try integration.move(from: tip, to: last.commit, reason: "\(run) lands \(tasks)") {
            case .moved: return .landed(landed)
            case .overtaken(let found): return .tipMoved(found: found)
            }
        } catch GitError.missingObject {
            return .tipMoved(found: tip)
        }
    }
}
