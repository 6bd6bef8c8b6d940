import Model
import Testing

@testable import Reporting
@testable import Store

struct TaskRowTests {
    private func report(_ sample: SampleRun, activity: ActivitySource = .none) throws -> StatusReport {
        try StatusReport(sample.reader, run: nil, owner: SampleRun.owner, now: SampleRun.now, activity: activity)
    }

    @Test func `rows are grouped by who has to act`() throws {
        let rows = try report(SampleRun()).rows
        let groups = rows.map(\.group)
        let order = TaskRow.Group.allCases.flatMap { group in groups.filter { $0 == group } }
        #expect(groups == order)
        let names = Dictionary(grouping: rows, by: \.group).mapValues { $0.map(\.task) }
        #expect(names[.failing] == ["lib-broken.py", "app-plugin.py"])
        #expect(names[.working] == ["app-api.py", "app-web.py"])
        #expect(names[.landing] == ["app-main.py", "app-cli.py"])
        #expect(names[.queued] == ["app-end.py"])
        #expect(Set(names[.landed] ?? []) == ["lib-old.py", "lib-errors.py", "lib-paths.py", "lib-légende-図.py"])
        // The last landing comes first.
        #expect(names[.landed]?.first == "lib-légende-図.py")
    }

    @Test func `a row says what happens to its task now`() throws {
        let activity = ActivitySource(
            attempt: { task, number in
                task == TaskID("app-api.py")
                    ? LiveActivity(phase: .working, action: "edits app/api.py\u{1B}[2J (\(number))")
                    : LiveActivity(phase: .checking)
            },
            candidate: { number, _ in LiveActivity(phase: .checkingCandidate, action: "check tests of \(number)") })
        let rows = Dictionary(
            uniqueKeysWithValues: try report(SampleRun(), activity: activity).rows.map { ($0.task, $0) })
        #expect(rows["app-api.py"]?.action == "edits app/api.py (1)")
        #expect(rows["app-api.py"]?.phase == "working")
        #expect(rows["app-api.py"]?.worker == "codemod")
        #expect(rows["app-web.py"]?.action == "running task checks")
        #expect(rows["app-main.py"]?.action == "candidate 4: check tests of 4")
        #expect(rows["app-main.py"]?.phase == "checking-candidate")
        #expect(rows["app-cli.py"]?.action == "app-main.py is before it in line on the same paths")
        #expect(rows["app-end.py"]?.action == "waits for 2 tasks")
        #expect(rows["lib-broken.py"]?.action == "compiles failed")
        #expect(rows["lib-broken.py"]?.attempt == 2)
        #expect(rows["app-plugin.py"]?.cause == "lib-broken.py")
        #expect(rows["lib-paths.py"]?.action == "was already done")
        #expect(rows["lib-errors.py"]?.action.hasPrefix("commit ") == true)
    }

    @Test func `a question and an approval need you, whatever the state of the task`() throws {
        var started = try SampleRun.started()
        started.tasks = ["a", "b"].map { MigrationTask(id: TaskID($0), title: $0, files: [$0]) }
        let store = SmallStore()
        try store.add(.fact(.runStarted(started)))
        try store.add(.fact(.coordinatorStarted(.init(processID: 1, tip: started.tip))))
        let message = Message(
            id: 1, kind: .question, sender: .task(TaskID("b")), audience: .human, body: "Which name?\nA or B",
            time: Timestamp(seconds: SampleRun.start + 5))
        try store.add(.decision(.start(.init(task: TaskID("b"), attempt: 1, rung: 0, reason: "ready"))))
        try store.add(.fact(.message(.init(message))))
        let document = try StatusReport(store.reader, run: nil, owner: SampleRun.owner, now: SampleRun.now).document
        let row = try #require(document.rows.first)
        #expect(row.task == "b" && row.group == .needsYou && row.need == .answer && row.question == 1)
        #expect(row.action == "asks: Which name? …")
        #expect(row.since == SampleRun.start + 5)
        #expect(document.questions.map(\.text) == ["Which name?\nA or B"])
        #expect(document.questions.first?.task == "b")
    }

    /// A run in which `big` was split into three parts: one has landed, one is at work, one waits for that.
    private func splitRun() throws -> SmallStore {
        var started = try SampleRun.started()
        let (big, base) = (TaskID("big"), started.tip)
        started.tasks = [
            MigrationTask(id: TaskID("a"), title: "a", files: ["a"]),
            MigrationTask(id: big, title: "big", files: ["b", "c", "d", "e"]),
        ]
        let store = SmallStore()
        try store.add(.fact(.runStarted(started)))
        try store.add(.fact(.coordinatorStarted(.init(processID: 1, tip: base))))
        try store.add(.decision(.start(.init(task: big, attempt: 1, rung: 0, reason: "ready"))))
        let parts = ["b", "c", "d"].enumerated().map { number, file in
            var part = MigrationTask(
                id: TaskID("big.\(number + 1)"), title: file, files: [file],
                dependencies: number == 2 ? [TaskID("big.2")] : [])
            part.partOf = big
            return part
        }
        try store.add(.decision(.split(.init(task: big, attempt: 1, request: "split-1", parts: parts))))
        try store.add(.fact(.attemptSplit(.init(task: big, attempt: 1, worker: "w", base: base, seconds: 1))))
        try store.add(.decision(.join(.init(task: big, reason: "split into 3 parts; its last turn follows them"))))
        for (task, isDone) in [("a", false), ("big.1", true), ("big.2", false)] {
            try store.add(.decision(.start(.init(task: TaskID(task), attempt: 1, rung: 0, reason: "ready"))))
            guard isDone else { continue }
            try store.add(
                .fact(.foundDone(.init(task: TaskID(task), attempt: 1, base: base, checks: [], seconds: 1))))
        }
        return store
    }

    @Test func `parts stand below their task, which is worked on while one of them is`() throws {
        let store = try splitRun()
        let report = try StatusReport(store.reader, run: nil, owner: SampleRun.owner, now: SampleRun.now)
        #expect(try report.render(.text, Layout()).contains("\nsplit\n  big  1 of 3 parts over\n"))
        let rows = report.rows
        #expect(rows.map(\.task) == ["a", "big", "big.2", "big.3", "big.1"])
        #expect(rows.map(\.group) == [.working, .working, .working, .queued, .landed])
        #expect(rows[1].action == "split: 1 of 3 parts over")
        #expect(rows.map(\.name) == ["a", "big", "└ big.2", "└ big.3", "└ big.1"])
        #expect(rows.map(\.partOf) == [nil, nil, "big", "big", "big"])
    }

    @Test func `a split task is explained by its parts, and a part names its task`() throws {
        let store = try splitRun()
        func explain(_ task: String) throws -> String {
            try ExplainReport(store.reader, run: nil, task: task, owner: SampleRun.owner, now: SampleRun.now).text(
                Layout(), now: SampleRun.now)
        }
        let whole = try explain("big")
        #expect(
            whole.contains("its last turn starts when these are over: big.2 (running), big.3 (waiting)"), "\(whole)")
        #expect(whole.contains("\nparts\n  big.1  already done  b"))
        #expect(whole.contains("split the task; its changes were dropped"))
        let part = try explain("d")
        #expect(part.hasPrefix("big.3  waiting") && part.contains("\npart of\n  big  waiting"), "\(part)")
    }

    @Test func `a file of a split task belongs to the part with it`() throws {
        let store = try splitRun()
        let run = try store.reader.read { try $0.runs() }[0]
        let graph = RepositoryGraph(
            files: ["a", "b", "c", "d", "e"].map { SampleGraph.file($0) }, edges: [])
        let tasks = try GraphTasks(store.reader, run: run)
        let report = GraphReport(graph: graph, commit: run.base, name: "r", tasks: tasks)
        #expect((0..<5).map { report.task(of: $0)?.id.rawValue } == ["a", "big.1", "big.2", "big.3", "big"])
        var planned = GraphTasks(
            plan: "p", tasks: [MigrationTask(id: TaskID("big"), title: "big", files: ["b", "c", "d", "e"])])
        try planned.takeStates(store.reader, run: run)
        #expect(planned.entries.map(\.id.rawValue) == ["big", "big.1", "big.2", "big.3"])
    }

    @Test func `what is done now is taken in without the store`() throws {
        var document = try report(SampleRun()).document
        let before = document
        document.refresh(.none)
        #expect(document == before)
        document.refresh(
            ActivitySource(
                attempt: { task, number in LiveActivity(phase: .working, action: "edits \(task) (\(number))") },
                candidate: { number, task in
                    LiveActivity(phase: .checkingCandidate, action: "check \(number) of \(task)")
                }))
        let rows = Dictionary(uniqueKeysWithValues: document.rows.map { ($0.task, $0) })
        #expect(rows["app-api.py"]?.action == "edits app-api.py (1)")
        #expect(rows["app-api.py"]?.phase == "working")
        #expect(rows["app-main.py"]?.action == "candidate 4: check 4 of app-main.py")
        // It waits for its turn, and nothing of it runs.
        #expect(rows["app-cli.py"] == before.rows.first { $0.task == "app-cli.py" })
        document.refresh(
            ActivitySource(
                attempt: { _, _ in LiveActivity(phase: .checking) },
                candidate: { _, _ in LiveActivity(phase: .merging) }))
        #expect(document.rows.first { $0.task == "app-main.py" }?.action == "candidate 4: building the candidate")
    }

    @Test func `a row has the owners of its files`() throws {
        let owners = CodeOwners("app/ @app\nlib/errors.py @core @app", dialect: .gitHub)
        let rows = try StatusReport(
            SampleRun().reader, run: nil, owner: SampleRun.owner, now: SampleRun.now, owners: owners
        ).rows
        #expect(rows.first { $0.task == "app-api.py" }?.owners == ["@app"])
        #expect(rows.first { $0.task == "lib-errors.py" }?.owners == ["@core", "@app"])
        #expect(rows.first { $0.task == "lib-old.py" }?.owners == [])
    }

    @Test func `without a coordinator nothing is said to run`() throws {
        let report = try StatusReport(SampleRun().reader, run: nil, owner: nil, now: SampleRun.now)
        let row = try #require(report.rows.first { $0.task == "app-api.py" })
        #expect(row.action == "interrupted; no coordinator works on the run")
    }

    @Test(arguments: [
        ("Edit", "src/a.py", "edits src/a.py"), ("str_replace_editor", "src/a.py", "edits src/a.py"),
        ("file_change", "a.py", "edits a.py"), ("Bash", "pytest -q", "runs pytest -q"),
        ("command", "ls", "runs ls"), ("Read", "b.py", "reads b.py"), ("Grep", "old", "looks for old"),
        ("mcp__orchestrate__lesson", "x", "mcp__orchestrate__lesson x"), ("think", "", "calls think"),
    ])
    func `a call of a tool is said in words`(_ name: String, input: String, words: String) {
        #expect(ActionText.tool(name, input) == words)
    }
}

struct RunPaceTests {
    @Test func `landings of the last half hour count, per hour`() throws {
        let pace = try StatusReport(SampleRun().reader, run: nil, owner: SampleRun.owner, now: SampleRun.now).pace
        // Two of the run landed within its 725 seconds; one had landed before it.
        #expect(abs(pace.landedPerHour - 2 / 725.0 * 3600) < 0.001)
        let later = Timestamp(seconds: SampleRun.start + 3600)
        let quiet = try StatusReport(SampleRun().reader, run: nil, owner: SampleRun.owner, now: later).pace
        #expect(quiet.landedPerHour == 0)
        // lib-légende-図.py needed two attempts.
        #expect(pace.firstAttemptShare == 0.5)
        #expect(pace.limits.isEmpty && pace.range == nil)
    }

    @Test func `the range follows the spread of the attempts`() {
        let samples = [10.0, 20, 30, 40, 50, 60].map {
            RestForecast.Sample(lines: 10, worker: "w", attempts: 1, seconds: $0)
        }
        let forecast = RestForecast(samples, open: [10, 10])
        let range = RunPace.range(100, forecast)
        #expect((range?.lowerBound ?? 100) < 90)
        #expect((range?.upperBound ?? 100) > 110)
        #expect(RunPace.range(100, nil) == nil)
        #expect(RunPace.range(0, forecast) == nil)
        let even = RestForecast(
            samples.map { _ in .init(lines: 10, worker: "w", attempts: 1, seconds: 30) }, open: [10])
        #expect(RunPace.range(100, even) == 100...100)
    }

    @Test func `each limit of the plan is shown with what is used`() throws {
        var started = try SampleRun.started()
        started.landedBefore = []
        started.plan.budget = Budget(usd: 10, tokens: 1000, wall: 3600, workers: 5)
        started.tasks = [MigrationTask(id: TaskID("a"), title: "a", files: ["a"])]
        let store = SmallStore()
        try store.add(.fact(.runStarted(started)))
        try store.add(.fact(.coordinatorStarted(.init(processID: 1, tip: started.tip))))
        try store.add(.decision(.start(.init(task: TaskID("a"), attempt: 1, rung: 0, reason: "ready"))))
        try store.add(
            .fact(.workerStarted(.init(task: TaskID("a"), attempt: 1, worker: "w", slot: 0, base: started.base))))
        try store.add(
            .fact(
                .usage(.init(task: TaskID("a"), attempt: 1, usage: Usage(inputTokens: 200, outputTokens: 50, usd: 2.5)))
            ))
        let report = try StatusReport(store.reader, run: nil, owner: SampleRun.owner, now: SampleRun.now)
        #expect(
            report.pace.limits.map { "\($0.name) \($0.used) of \($0.limit)" } == [
                "usd 2.5 of 10.0", "tokens 250.0 of 1000.0",
                "wall \(report.elapsed) of 3600.0", "workers 1.0 of 5.0",
            ])
        #expect(report.rows.first?.tokens == 250)
        #expect(report.rows.first?.usd == 2.5)
    }
}
