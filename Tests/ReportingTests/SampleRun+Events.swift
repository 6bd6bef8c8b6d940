import Model
import Testing

extension SampleRun {
    static func object(_ number: Int) throws -> ObjectID {
        let digits = String(number, radix: 16)
        return try #require(ObjectID(hex: "c0de\(digits)" + String(repeating: "0", count: 36 - digits.count)))
    }

    static func check(_ name: String, _ seconds: Double) -> CheckResult {
        CheckResult(name: name, command: "true", outcome: .passed, status: 0, seconds: seconds)
    }

    static func started() throws -> Fact.RunStarted {
        let needs: [(String, [String])] = [
            ("lib-old.py", []), ("lib-errors.py", []), ("lib-paths.py", []), ("lib-légende-図.py", []),
            ("lib-broken.py", []), ("app-main.py", ["lib-errors.py"]), ("app-cli.py", ["lib-errors.py"]),
            ("app-api.py", ["lib-old.py"]), ("app-web.py", ["lib-légende-図.py", "lib-paths.py"]),
            ("app-plugin.py", ["lib-broken.py"]), ("app-end.py", ["app-main.py", "app-cli.py"]),
        ]
        let tasks = needs.map { name, needs in
            let file = name.replacing("-", with: "/", maxReplacements: 1)
            return MigrationTask(
                id: TaskID(name), title: "Use builtin generics in \(file)", files: [file],
                dependencies: needs.map { TaskID($0) })
        }
        let worker = Worker(name: "codemod", run: "pyupgrade {files}")
        let plan = Plan(
            name: "modernise-typing", goal: "Use builtin generics.", repository: "/repo",
            workers: WorkerRules(ladder: [Rung(worker: worker)]))
        return Fact.RunStarted(
            plan: plan, base: try object(1), tip: try object(1), tasks: tasks,
            landedBefore: [.init(task: TaskID("lib-old.py"), commit: try object(7))])
    }

    func start(_ task: String, _ attempt: Int = 1) -> LoggedEvent.Body {
        .decision(.start(.init(task: TaskID(task), attempt: attempt, rung: 0, reason: "depends on no other task")))
    }

    func working(_ task: String, _ attempt: Int = 1, slot: Int) throws -> LoggedEvent.Body {
        .fact(
            .workerStarted(
                .init(
                    task: TaskID(task), attempt: attempt, worker: "codemod", slot: slot, base: try Self.object(1))))
    }

    func verified(_ task: String, _ seconds: Double) throws -> LoggedEvent.Body {
        let attempt = events.count { $0.body == start(task, 1) || $0.body == start(task, 2) }
        let file = task.replacing("-", with: "/", maxReplacements: 1)
        return .fact(
            .attemptVerified(
                .init(
                    task: TaskID(task), attempt: attempt, worker: "codemod", commit: try Self.object(500 + attempt),
                    base: try Self.object(1), tree: try Self.object(600 + attempt),
                    changes: [
                        ChangedPath(path: file, added: 4, removed: 3),
                        ChangedPath(path: "CHANGES.md", added: 1, removed: 0),
                    ], checks: [Self.check("ruff", 0.3), Self.check("compiles", 1.25)], seconds: seconds,
                    reason: "List and Dict are aliases.\nThe builtins behave alike.\u{1B}[2J")))
    }

    func failed(_ task: String, _ attempt: Int) throws -> LoggedEvent.Body {
        let check = CheckResult(
            name: "compiles", command: "python3 -m compileall -q lib/broken.py", outcome: .failed, status: 1,
            seconds: 0.8, digest: "SyntaxError: invalid syntax")
        return .fact(
            .attemptFailed(
                .init(
                    task: TaskID(task), attempt: attempt, worker: "codemod", base: try Self.object(1),
                    failure: Failure(
                        kind: .taskCheck, summary: "compiles failed",
                        detail: "  File \"lib/broken.py\", line 3\n    def f(:\u{1B}[31m\nSyntaxError: invalid syntax",
                        places: ["lib/broken.py:3"]), checks: [check], seconds: 48)))
    }

    func retry(_ task: String, _ reason: String) -> LoggedEvent.Body {
        .decision(.retry(.init(task: TaskID(task), reason: reason)))
    }

    func fail(_ task: String, _ reason: String) -> LoggedEvent.Body {
        .decision(.fail(.init(task: TaskID(task), reason: reason)))
    }

    func check(_ candidate: Int, _ tasks: [String]) -> LoggedEvent.Body {
        .decision(
            .check(
                .init(
                    candidate: candidate, tasks: tasks.map { TaskID($0) }, after: nil, reason: "merged onto the new tip"
                ))
        )
    }

    func passed(_ candidate: Int, _ tasks: [String]) throws -> LoggedEvent.Body {
        .fact(
            .candidatePassed(
                .init(
                    candidate: candidate, tip: try Self.object(1000 + candidate - 1),
                    commits: try commits(candidate, tasks), tree: try Self.object(2000 + candidate),
                    checks: [Self.check("tests", 6.4)], seconds: 6.6)))
    }

    func landed(_ candidate: Int, _ tasks: [String]) throws -> LoggedEvent.Body {
        .fact(.landed(.init(candidate: candidate, commits: try commits(candidate, tasks))))
    }

    private func commits(_ candidate: Int, _ tasks: [String]) throws -> [Fact.Landed.Commit] {
        try tasks.map { .init(task: TaskID($0), commit: try Self.object(1000 + candidate)) }
    }
}
