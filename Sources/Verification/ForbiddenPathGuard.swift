package import Git
package import Model

/// Paths that no task may change, whatever else allows them.
package struct ForbiddenPathGuard: DiffGuard {
    private let globs: GlobSet
    package let rule: String

    package init(_ patterns: [String]) throws(GlobError) {
        globs = try GlobSet(patterns)
        rule = patterns.isEmpty ? "" : "Never change \(GlobWords.list(patterns))."
    }

    package func objections(to changes: [FileChange], of task: MigrationTask) -> [Objection] {
        changes.compactMap { change in
            globs.first(matching: change.path).map {
                Objection(path: change.path, reason: "is forbidden by '\($0)' and may not be changed")
            }
        }
    }
}
