package import Git
package import Model

/// A rule on what an attempt changed.
package protocol DiffGuard: Sendable {
    /// The rule in one sentence, for prompts.
    var rule: String { get }

    /// What the rule has against a diff; empty if nothing.
    func objections(to changes: [FileChange], of task: MigrationTask) -> [Objection]
}

/// What a guard has against a diff.
package struct Objection: Sendable, Equatable {
    /// Nil where the diff as a whole is meant.
    package var path: String?
    /// Counted from 1; nil where the whole file is meant.
    package var line: Int?
    package var reason: String

    package init(path: String? = nil, line: Int? = nil, reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }

    /// `path` or `path:line`.
    package var place: String? { path.map { path in line.map { "\(path):\($0)" } ?? path } }
}
