package import Git
package import Model

/// An attempt may change so many lines and no more.
package struct SizeGuard: DiffGuard {
    private let mostLines: Int

    package init(mostLines: Int) { self.mostLines = mostLines }

    package var rule: String { "Change at most \(mostLines) lines, added plus removed." }

    package func objections(to changes: [FileChange], of task: MigrationTask) -> [Objection] {
        let lines = changes.reduce(0) { $0 + $1.added + $1.removed }
        guard lines > mostLines, let largest = changes.max(by: { $0.added + $0.removed < $1.added + $1.removed })
        else { return [] }
        let share = largest.added + largest.removed
        return [
            Objection(
                reason: "\(lines) changed lines are more than the \(mostLines) allowed; "
                    + "most of them, \(share), are in \(largest.path)")
        ]
    }
}
