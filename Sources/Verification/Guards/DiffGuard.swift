import Git
import Model

/// A rule on what an attempt changed.
protocol DiffGuard: Sendable {
    /// The rule in one sentence, for prompts; empty for none.
    var rule: String { get }

    /// What the rule has against a diff; empty if nothing.
    func objections(to diff: AttemptDiff) -> [Objection]
}

/// What a guard has against a diff.
struct Objection: Sendable, Equatable {
    /// Nil where the diff as a whole is meant.
    var path: String?
    /// Counted from 1; nil where the whole file is meant.
    var line: Int?
    var reason: String

    init(path: String? = nil, line: Int? = nil, reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }

    /// `path` or `path:line`.
    var place: String? { path.map { path in line.map { "\(path):\($0)" } ?? path } }
}
