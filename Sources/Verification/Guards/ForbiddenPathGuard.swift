import Git
import Model

/// Rejects changes of paths that no task may change, even if another rule allows them.
struct ForbiddenPathGuard: DiffGuard {
    private let globs: GlobSet
    let rule: String

    init(_ patterns: [String]) throws(GlobError) {
        globs = try GlobSet(patterns)
        rule = patterns.isEmpty ? "" : "Never change \(GlobWords.list(patterns))."
    }

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.compactMap { change in
            globs.first(matching: change.path).map {
                Objection(path: change.path, reason: "is forbidden by '\($0)' and must not be changed")
            }
        }
    }
}
