import Git
import Model

extension RunRepository {
    /// Moves the integration branch to a candidate that has passed.
    /// - Returns: `landed`, or `tipMoved` if somebody else has added commits to the branch.
    func land(_ landed: Fact.Landed, from tip: ObjectID) throws -> Fact {
        // The tip already holds what its tasks change.
        guard let last = landed.commits.last else { return .landed(landed) }
        let tasks = landed.commits.map(\.task.rawValue).joined(separator: ", ")
        switch try integration.move(from: tip, to: last.commit, reason: "\(run) lands \(tasks)") {
        case .moved: return .landed(landed)
        case .overtaken(let found): return .tipMoved(found: found)
        }
    }
}
