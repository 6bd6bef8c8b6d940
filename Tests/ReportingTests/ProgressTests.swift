import Model
import TestSupport
import Testing

@testable import Reporting

@Suite("Progress is drawn to a string")
struct ProgressTests {
    static func snapshot() -> RunSnapshot {
        let start = Timestamp(seconds: SampleRun.start)
        let names = ["app-main.py", "lib-légende-図書館-with-a-very-long-name-indeed.py", "app-api.py", "app-web.py"]
        let phases: [RunPhase] = [.preparing, .working, .checking, .lookingFirst]
        return RunSnapshot(
            run: SampleRun.id, started: start,
            counts: [
                .landed: 131, .alreadyDone: 11, .running: 4, .verified: 2, .landing: 1, .waiting: 127, .failed: 3,
                .blocked: 8,
            ],
            activities: zip(names, phases).enumerated().map { index, pair in
                .init(
                    task: TaskID(pair.0), attempt: index + 1, worker: "codemod", phase: pair.1,
                    since: start + Double(600 + 31 * index))
            },
            landing: [
                .init(candidate: 4, tasks: [TaskID("app-cli.py")], phase: .checkingCandidate, since: start + 720)
            ],
            estimate: 1500,
            lastLanded: .init(task: TaskID("lib-errors.py"), text: "a1b2c3d4e5", time: start + 700),
            lastProblem: .init(task: TaskID("lib-broken.py"), text: "compiles\nfailed\u{1B}[2J", time: start + 110))
    }

    @Test(arguments: [(80, 24, false), (80, 24, true), (40, 12, false), (60, 6, false), (20, 3, false)])
    func `the live picture fits the terminal`(width: Int, height: Int, colored: Bool) throws {
        let view = ProgressView(width: width, height: height, style: Style(isColored: colored))
        let text = view.draw(Self.snapshot(), now: SampleRun.now)
        try expectGolden("progress-\(width)x\(height)\(colored ? "-colored" : "").txt", text + "\n")
        guard !colored else { return }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= height)
        for line in lines { #expect(TextWidth.of(String(line)) <= width) }
    }

    @Test(arguments: [40, 60, 80])
    func `what a person has to type is never cut off`(width: Int) {
        var snapshot = Self.snapshot()
        snapshot.notice =
            "paused at a checkpoint after 200 tasks, because the plan asks for it; "
            + "'orchestrate continue' goes on"
        snapshot.approvals = ["a.py", "b.py", "c.py", "d.py"].map { TaskID($0) }
        snapshot.questions = [
            Message(
                id: 7, kind: .question, sender: .task(TaskID("a.py")), audience: .human,
                body: String(repeating: "which one ", count: 12), time: snapshot.started)
        ]
        let text = ProgressView(width: width, height: 24, style: .plain).draw(snapshot, now: SampleRun.now)
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("'orchestrate continue' goes on"))
        #expect(words.contains("orchestrate answer 7 TEXT"))
        #expect(words.contains("orchestrate continue a.py approves it"))
        #expect(words.contains("and 1 more: orchestrate status"))
        for line in text.split(separator: "\n") { #expect(TextWidth.of(String(line)) <= width) }
    }

    @Test func `the ends of stages are neither counted nor shown`() throws {
        var lines = ProgressLines(clockOffset: 0)
        var started = try SampleRun.started()
        started.landedBefore = []
        started.tasks = [
            MigrationTask(id: TaskID("a"), title: "a", files: ["a"]),
            MigrationTask(id: TaskID("end"), title: "end", files: []),
        ]
        func text(_ body: LoggedEvent.Body) -> String {
            lines.lines(for: LoggedEvent(sequence: 1, run: SampleRun.id, time: SampleRun.now, body: body)).joined()
        }
        #expect(text(.fact(.runStarted(started))).contains("1 task from"))
        let done = Fact.FoundDone(task: TaskID("end"), attempt: 1, base: started.base, checks: [], seconds: 0)
        #expect(text(.fact(.foundDone(done))).isEmpty)
        #expect(text(.decision(.finish)).hasSuffix("(0/1)"))
    }

    @Test(arguments: 0...12)
    func `no terminal is too small to draw on`(size: Int) {
        let view = ProgressView(width: size, height: size, style: .plain)
        let lines = view.draw(Self.snapshot(), now: SampleRun.now).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= max(1, size))
        for line in lines { #expect(TextWidth.of(String(line)) <= max(1, size)) }
    }

    @Test func `without a terminal there is a line for each event that matters`() throws {
        let sample = try SampleRun(finished: true)
        var lines = ProgressLines(clockOffset: 3600)
        let text = sample.events.flatMap { lines.lines(for: $0) }.joined(separator: "\n")
        try expectGolden("lines.txt", text + "\n")
    }

    @Test(arguments: [[1, 0, 999, 1], [1, 1, 1, 1], [0, 0, 0, 7], [500, 1, 1, 1]])
    func `every task has its part of the bar`(counts: [Int]) {
        let columns = ProgressView.share(40, among: counts)
        #expect(columns.reduce(0, +) == 40)
        for (count, column) in zip(counts, columns) { #expect((count > 0) == (column > 0)) }
    }
}

@Suite("Text on a terminal")
struct TextWidthTests {
    @Test(arguments: [("abc", 3), ("légende", 7), ("e\u{301}", 1), ("図書館", 6), ("🙂", 2), ("", 0), ("a\u{200B}b", 2)])
    func `width counts columns, not characters`(text: String, width: Int) { #expect(TextWidth.of(text) == width) }

    @Test(arguments: 0...12)
    func `what does not fit ends in an ellipsis`(width: Int) {
        let text = TextWidth.fit("図書館 légende", width)
        #expect(TextWidth.of(text) <= width)
        #expect(width == 0 || text.hasSuffix("…"))
    }

    @Test func `nothing that a worker wrote reaches the terminal as a command`() {
        #expect(TextWidth.safe("a\u{1B}[2J\r\nb\u{202E}c\u{9B}d") == "a bc")
    }
}

@Suite("Estimating the rest of a run")
struct EstimateTests {
    private func estimate(
        unverified: Int, verified: Int = 0, chain: Int = 1, workers: Int = 4, slots: Int = 1, landing: Double = 1,
        batch: Int = 1
    ) -> Double? {
        Estimate.seconds(
            attemptSeconds: [9, 10, 30], landings: [.init(seconds: landing, tasks: batch, ended: 0)],
            rest: .init(unverified: unverified, verified: verified, chain: chain), workers: workers, slots: slots,
            now: 0)
    }

    @Test func `too few samples say nothing, and nothing left takes no time`() {
        let rest = Estimate.Rest(unverified: 5, verified: 0, chain: 1)
        #expect(
            Estimate.seconds(attemptSeconds: [1, 1], landings: [], rest: rest, workers: 1, slots: 1, now: 0) == nil)
        #expect(estimate(unverified: 0) == 0)
    }

    @Test func `the tightest of workers, chain and landing queue decides`() {
        #expect(estimate(unverified: 8) == 21)
        #expect(estimate(unverified: 8, chain: 6) == 66)
        #expect(estimate(unverified: 8, workers: 8, landing: 5) == 40)
    }

    @Test func `the landing queue is as fast as it has been lately`() {
        func estimate(_ ends: [Double], now: Double) -> Int? {
            Estimate.seconds(
                attemptSeconds: [1, 1, 1], landings: ends.map { .init(seconds: 10, tasks: 2, ended: $0) },
                rest: .init(unverified: 0, verified: 100, chain: 1), workers: 4, slots: 1, now: now
            ).map(\.whole)
        }
        // Six tasks in 60 s after the first of the four landings.
        #expect(estimate([100, 80, 60, 40], now: 100) == 1000)
        // The next one is due 10 s after the last one; a longer pause does not count.
        #expect(estimate([100, 80, 60, 40], now: 107) == 1117)
        #expect(estimate([100, 80, 60, 40], now: 500) == 1167)
        // Too few to measure: 10 s for two tasks.
        #expect(estimate([100, 80, 60], now: 100) == 500)
    }

    @Test func `batches and slots shorten the landing queue, and verified tasks need no worker`() {
        #expect(estimate(unverified: 0, verified: 320, landing: 60) == 19_200)
        #expect(estimate(unverified: 0, verified: 320, landing: 60, batch: 32) == 600)
        #expect(estimate(unverified: 0, verified: 320, slots: 2, landing: 60, batch: 32) == 300)
    }
}
