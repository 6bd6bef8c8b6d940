import Model

/// The events of one undisturbed task after another.
enum Synthetic {
    static func object(_ number: Int) -> ObjectID? {
        let digits = String(number, radix: 16)
        return ObjectID(hex: String(repeating: "0", count: 40 - digits.count) + digits)
    }

    static func runStarted(tasks count: Int) -> LoggedEvent.Body? {
        guard let base = object(1) else { return nil }
        let tasks = (0..<count).map { number in
            MigrationTask(
                id: TaskID("src-package-module-\(number)"), title: "Migrate src/package/module_\(number).py",
                files: ["src/package/module_\(number).py"],
                dependencies: number < 10 ? [] : [1, 3, 7].map { TaskID("src-package-module-\(number - $0)") })
        }
        let worker = Worker(name: "codemod", run: "pyupgrade {files}")
        let plan = Plan(
            name: "bench", goal: "g", repository: "/repo", workers: WorkerRules(ladder: [Rung(worker: worker)]))
        return .fact(.runStarted(.init(plan: plan, base: base, tip: base, tasks: tasks)))
    }

    /// Seven events: started, its worker too, verified, checked, passed, decided, landed.
    static func life(of number: Int) -> [LoggedEvent.Body] {
        let task = TaskID("src-package-module-\(number)")
        guard let base = object(number + 1), let commit = object(number + 2) else { return [] }
        let check = CheckResult(name: "tests", command: "pytest -q", outcome: .passed, status: 0, seconds: 1.25)
        let commits = [Fact.Landed.Commit(task: task, commit: commit)]
        return [
            .decision(.start(.init(task: task, attempt: 1, rung: 0, reason: "every dependency is done"))),
            .fact(.workerStarted(.init(task: task, attempt: 1, worker: "codemod", slot: number % 4, base: base))),
            .fact(
                .attemptVerified(
                    .init(
                        task: task, attempt: 1, worker: "codemod", commit: commit, base: base, tree: commit,
                        changes: [ChangedPath(path: "src/package/module_\(number).py", added: 4, removed: 4)],
                        checks: [check, check], seconds: 2.5, reason: "Uses builtin generics."))),
            .decision(.check(.init(candidate: number + 1, tasks: [task], after: nil, reason: "built on the tip"))),
            .fact(
                .candidatePassed(
                    .init(
                        candidate: number + 1, tip: base, commits: commits, tree: commit, checks: [check], seconds: 3))),
            .decision(.land(.init(candidate: number + 1, commits: commits))),
            .fact(.landed(.init(candidate: number + 1, commits: commits))),
        ]
    }
}
