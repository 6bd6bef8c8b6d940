import Model
import TestSupport
import Testing

@testable import Reporting

@Suite("Progress as lines")
struct ProgressTests {
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

    @Test func `without a terminal there is a line for each event that matters`() throws {
        let sample = try SampleRun(finished: true)
        var lines = ProgressLines(clockOffset: 3600)
        let text = sample.events.flatMap { lines.lines(for: $0) }.joined(separator: "\n")
        try expectGolden("lines.txt", text + "\n")
    }

    @Test(arguments: [[1, 0, 999, 1], [1, 1, 1, 1], [0, 0, 0, 7], [500, 1, 1, 1]])
    func `every task has its part of the bar`(counts: [Int]) {
        let columns = LiveView.share(40, among: counts)
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

    @Test(arguments: [-3, 0, 1, 2, 5, 40])
    func `wrapped text loses nothing, however narrow the lines`(width: Int) {
        let lines = TextWidth.wrap("図書館 légende of a long word", width)
        #expect(lines.joined().replacing(" ", with: "") == "図書館légendeofalongword")
        #expect(lines.allSatisfy { TextWidth.of($0) <= max(2, width) })
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
