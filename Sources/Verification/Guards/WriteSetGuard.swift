import Git
import Model

/// Rejects changes outside the paths that a task may change.
struct WriteSetGuard: DiffGuard {
    private let write: GuardRules.WriteSet
    private let include: GlobSet
    private let exclude: GlobSet
    private let alsoAllow: GlobSet
    let rule: String

    init(
        _ write: GuardRules.WriteSet, scope: Plan.Scope, alsoAllow patterns: [String]
    ) throws(GlobError) {
        self.write = write
        include = try GlobSet(scope.include)
        exclude = try GlobSet(scope.exclude)
        alsoAllow = try GlobSet(patterns)
        let also = patterns.isEmpty ? "" : ", and \(GlobWords.list(patterns)) where needed"
        switch write {
        case .taskFiles:
            rule = "Change only the files of this task\(also)."
        case .scope:
            let except = scope.exclude.isEmpty ? "" : ", except \(GlobWords.list(scope.exclude))"
            rule = "Change only \(GlobWords.list(scope.include))\(except)\(also)."
        case .repository:
            rule = "Any file of the repository may be changed, but only where the task needs it."
        }
    }

    func objections(to diff: AttemptDiff) -> [Objection] {
        let files = Set(diff.task.files)
        return diff.changes.filter { !allows($0.path, files) }.map { Objection(path: $0.path, reason: reason) }
    }

    private func allows(_ path: String, _ files: Set<String>) -> Bool {
        switch write {
        case .repository: true
        case .taskFiles: files.contains(path) || alsoAllow.matches(path)
        case .scope: include.matches(path) && !exclude.matches(path) || alsoAllow.matches(path)
        }
    }

    private var reason: String {
        switch write {
        case .taskFiles: "is not a file of this task and must not be changed"
        case .scope: "is outside the scope of the plan and must not be changed"
        case .repository: ""
        }
    }
}
