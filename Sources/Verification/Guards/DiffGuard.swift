import Git
import Model

/// A rule that an attempt's diff must satisfy.
protocol DiffGuard: Sendable {
    /// The rule in one sentence, for prompts; empty if the guard restricts nothing.
    var rule: String { get }

    /// Returns the violations of the rule in a diff.
    func objections(to diff: AttemptDiff) -> [Objection]
}

/// A violation of a guard's rule.
struct Objection: Sendable, Equatable {
    /// nil for an objection to the diff as a whole.
    var path: String?
    /// Counted from 1; nil for an objection to the whole file.
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
