/// Limits on tasks that workers split.
package struct SplitRules: Codable, Sendable, Equatable {
    /// Maximum parts of one task.
    package var most: Int
    /// How often a task may be divided: with 1, a part is not split again.
    package var depth: Int
    /// Maximum parts of all tasks of a run.
    package var mostInRun: Int

    package static let defaultMost = 8
    package static let defaultDepth = 1
    package static let defaultMostInRun = 50
    /// Maximum value of `depth`: the name of a part grows with each division.
    package static let deepest = 5
    /// Maximum value of `most`.
    package static let mostAllowed = 100

    package init(
        most: Int = SplitRules.defaultMost, depth: Int = SplitRules.defaultDepth,
        mostInRun: Int = SplitRules.defaultMostInRun
    ) {
        self.most = most
        self.depth = depth
        self.mostInRun = mostInRun
    }
}
