import DependencyGraph
package import Model

/// The test files that a candidate's change reaches, by the dependency graph of the run's base.
package enum AffectedSelection: Sendable, Equatable {
    /// The graph cannot tell, so every check runs whole.
    case unknown
    case tests(Set<String>)

    /// - Parameter work: the tasks of a candidate, each with the paths that it changed.
    package init(_ work: [(task: MigrationTask, changed: [String])]) {
        var tests: Set<String> = []
        for (task, changed) in work {
            // The graph was asked for the task's files, and a task that was made later may lack its tests.
            guard Set(changed).isSubset(of: task.files), changed.allSatisfy(LanguageRegistry.isSource),
                task.tests.count < MigrationTask.mostTests, task.derivedFrom == nil || !task.tests.isEmpty
            else {
                self = .unknown
                return
            }
            tests.formUnion(task.tests)
        }
        self = .tests(tests)
    }

    /// Returns the checks to run. An `affected` check gets the tests that it runs; one without such tests is left out.
    package func checks(of list: [Check]) -> [Check] {
        guard case .tests(let reached) = self else { return list }
        return list.compactMap { check in
            guard var rule = check.affected else { return check }
            let globs = rule.tests.flatMap { try? GlobSet($0) }
            let chosen = reached.filter { globs?.matches($0) ?? true }.sorted()
            guard !chosen.isEmpty else { return nil }
            rule.selection = chosen
            var check = check
            check.affected = rule
            return check
        }
    }
}
