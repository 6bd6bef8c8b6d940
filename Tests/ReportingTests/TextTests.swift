import Model
import Store
import Testing

@testable import Reporting

struct TimeTextTests {
    @Test(
        arguments: [
            (0.0, "0.0 s"), (2.04, "2.0 s"), (2.06, "2.1 s"), (59.94, "59.9 s"), (59.96, "1 m 00 s"),
            (65, "1 m 05 s"), (3599.4, "59 m 59 s"), (3600, "1 h 00 m"), (7380, "2 h 03 m"), (-1, "0.0 s"),
            (.infinity, "0.0 s"),
        ])
    func `a duration has tenths below a minute`(seconds: Double, text: String) {
        #expect(TimeText.span(seconds) == text)
    }

    @Test(arguments: [(0.4, "0 s"), (2.6, "3 s"), (59.4, "59 s"), (59.5, "59.5 s"), (61, "1 m 01 s"), (-3, "0 s")])
    func `an age has no tenths`(seconds: Double, text: String) { #expect(TimeText.age(seconds) == text) }

    @Test(
        arguments: [
            (0.0, "a minute"), (60, "a minute"), (61, "2 m"), (3540, "59 m"), (3541, "1 h 00 m"), (7500, "2 h 05 m"),
        ])
    func `an estimate is in minutes, rounded up`(seconds: Double, text: String) {
        #expect(TimeText.about(seconds) == text)
    }

    @Test(arguments: [1e300, .infinity, .nan, -1e300])
    func `no number is too large to be shown`(seconds: Double) {
        for text in [TimeText.span(seconds), TimeText.age(seconds), TimeText.about(seconds)] { #expect(!text.isEmpty) }
        #expect(!TimeText.clock(Timestamp(seconds: seconds), offset: 3600).isEmpty)
    }

    @Test func `a clock shows the reader's time of day`() {
        #expect(TimeText.clock(Timestamp(seconds: 3_661.9), offset: 0) == "01:01:01")
        #expect(TimeText.clock(Timestamp(seconds: 0), offset: -3600) == "23:00:00")
        #expect(TimeText.clock(Timestamp(seconds: 86_399), offset: 3600) == "00:59:59")
    }

    @Test func `a count has its noun`() {
        #expect(Count.text(0, "task") == "0 tasks" && Count.text(1, "task") == "1 task")
        #expect(Count.text(2, "task") == "2 tasks")
    }
}

struct TextTableTests {
    private func lines(_ rows: [[String]], width: Int? = nil, overflow: TextTable.Overflow = .wrap) -> [String] {
        TextTable(rows: rows.map { $0.map { .init($0) } }, overflow: overflow).lines(Layout(width: width))
    }

    @Test func `columns are aligned, and the last one widens nothing`() {
        #expect(
            lines([["a", "b"], ["long", "c"], ["a very long last cell"]]) == [
                "  a     b", "  long  c", "  a very long last cell",
            ])
    }

    @Test func `empty cells at the end of a row are left out`() {
        #expect(lines([["a", "", ""], ["b", "c", ""]]) == ["  a", "  b  c"])
    }

    @Test func `a last column that is too long is wrapped, or cut`() {
        let rows = [["key", "one two three four five six"]]
        #expect(lines(rows, width: 28) == ["  key  one two three four", "       five six"])
        #expect(lines(rows, width: 28, overflow: .cut) == ["  key  one two three four f…"])
        // With less than 20 columns for it, wrapping would give a tower of words.
        #expect(lines(rows, width: 26) == ["  key  one two three four…"])
    }

    @Test func `a section without rows is left out, and a long one is cut`() {
        #expect(Section.lines("title", Layout(), rows: []).isEmpty)
        let rows = (1...4).map { [TextTable.Cell("\($0)")] }
        #expect(Section.lines("title", Layout(), rows: rows, limit: 4) == ["", "title", "  1", "  2", "  3", "  4"])
        #expect(
            Section.lines("title", Layout(), rows: rows, limit: 3) == [
                "", "title", "  1", "  2", "  3", "  and 1 more",
            ])
    }
}

struct CheckTextTests {
    private func row(_ change: (inout CheckResult) -> Void) -> String {
        var check = SampleRun.check("tests", 1.5)
        change(&check)
        return CheckText.rows([check])[0].map(\.text).joined(separator: "|")
    }

    private func summary(_ change: (inout CheckResult) -> Void) -> String {
        var check = SampleRun.check("tests", 1.5)
        change(&check)
        return CheckText.summary([check])
    }

    @Test func `a check has its time and its result`() {
        #expect(row { _ in } == "tests|1.5 s|passed")
        #expect(
            row {
                $0.outcome = .failed
                $0.status = 3
            } == "tests|1.5 s|failed (exit status 3)")
        #expect(row { $0.outcome = .timedOut } == "tests|1.5 s|timed-out")
    }

    @Test func `a reviewer approves or rejects, and has no exit status`() {
        func review(_ outcome: CheckResult.Outcome) -> String {
            row {
                $0.name = CheckResult.reviewPrefix + "careful"
                $0.outcome = outcome
                $0.status = 1
                $0.digest = "a.py:3: the name is wrong\nmore"
            }
        }
        #expect(review(.passed) == "review: careful|1.5 s|approved")
        #expect(review(.failed) == "review: careful|1.5 s|rejected: a.py:3: the name is wrong")
        #expect(review(.infrastructure) == "review: careful|1.5 s|gave no answer")
        let rejected = summary {
            $0.name = CheckResult.reviewPrefix + "careful"
            $0.outcome = .failed
        }
        #expect(rejected == "review: careful 1.5 s rejected")
    }

    @Test(arguments: [
        (1, "test", "1 test"), (2, "test", "2 tests"), (0, "commit", "0 commits"), (3, "process", "3 processes"),
        (1, "process", "1 process"),
    ]) func `a number has a noun in the right form`(number: Int, noun: String, text: String) {
        #expect(Count.text(number, noun) == text)
    }

    @Test func `a check says whether it is cached or flaky`() {
        #expect(row { $0.isKnown = true } == "tests|1.5 s|passed, cached for this tree")
        #expect(row { $0.flakes = 2 } == "tests|1.5 s|passed after failing 2 times: flaky")
        #expect(summary { $0.isKnown = true } == "tests 1.5 s cached")
        #expect(summary { $0.flakes = 1 } == "tests 1.5 s flaky")
        #expect(summary { $0.outcome = .failed } == "tests 1.5 s failed")
        #expect(summary { _ in } == "tests 1.5 s")
    }

    @Test func `failed tests are named, or counted where the base has them too`() {
        #expect(
            row {
                $0.outcome = .failed
                $0.status = 1
                $0.failedTests = ["a", "b"]
            } == "tests|1.5 s|failed (exit status 1): a, b")
        #expect(row { $0.failedTests = ["a"] } == "tests|1.5 s|passed, except 1 test that failed on the base")
    }

    @Test func `at most five tests are named`() {
        #expect(VerdictText.names(["a", "b", "c", "d", "e"]) == "a, b, c, d, e")
        #expect(VerdictText.names(["a", "b", "c", "d", "e", "f"]) == "a, b, c, d, e and 1 more")
    }

    @Test func `a digest is cut after twenty lines`() {
        let detail = (1...21).map { "line \($0)" }.joined(separator: "\n")
        let failure = Failure(kind: .taskCheck, summary: "x", detail: detail, places: ["a.py:3"])
        let lines = DetailText.lines(failure, Layout())
        #expect(lines.count == 22)
        #expect(lines.first == "    | at a.py:3" && lines[20] == "    | line 20")
        #expect(lines.last == "    | … and 1 more line")
        #expect(DetailText.lines(nil, Layout()).isEmpty)
    }
}

struct UsageTextTests {
    @Test func `tokens have commas and money has cents`() {
        let usage = Usage(inputTokens: 1_200_000, cachedTokens: 300_000, outputTokens: 45_678, usd: 1.2)
        #expect(
            UsageText.words(usage).hasPrefix("1.20 USD, ")
                && UsageText.words(usage).contains(", 300,000 of them cached"))
        #expect(UsageText.words(Usage(inputTokens: 1, cachedTokens: 0, outputTokens: 0, usd: nil)) == "1 token")
        #expect(
            UsageText.words(Usage(inputTokens: 999, cachedTokens: 0, outputTokens: 1, usd: 0.0123))
                == "0.0123 USD, 1,000 tokens")
        #expect(
            UsageText.words(Usage(inputTokens: 100, cachedTokens: 0, outputTokens: 0, usd: 0.1))
                == "0.10 USD, 100 tokens")
    }
}

struct MessageTextTests {
    @Test func `a body is cut to its first line`() {
        #expect(MessageText.line("one") == "one")
        #expect(MessageText.line("one\ntwo") == "one …")
        #expect(MessageText.line("abcdef", limit: 3) == "abc …")
        #expect(MessageText.line("") == "")
    }

    @Test func `long lists are cut`() {
        #expect(MessageText.numbers([1, 2]) == "(1, 2)")
        #expect(MessageText.numbers(Array(1...8)) == "(1, 2, 3, 4, 5, 6, 7, 8)")
        #expect(MessageText.numbers(Array(1...9)) == "(1, 2, 3, 4, 5, 6, 7, 8, …)")
        let tasks = ["a", "b", "c", "d", "e"].map { MigrationTask(id: TaskID($0), title: $0, files: []) }
        #expect(MessageText.names(Array(tasks.prefix(4))) == "a, b, c, d")
        #expect(MessageText.names(tasks) == "a, b, c, d and 1 more")
    }

    @Test func `parties have names`() {
        #expect(MessageText.party(Message.Sender.task(TaskID("a"))) == "a")
        #expect(MessageText.party(Message.Sender.coordinator) == "coordinator")
        #expect(MessageText.party(Message.Sender.human) == "you")
        #expect(MessageText.party(Message.Audience.dependentsOf(TaskID("a"))) == "dependents of a")
        #expect(MessageText.party(Message.Audience.everyone) == "everyone")
        #expect(MessageText.party(Message.Audience.dependents) == "dependents")
        #expect(MessageText.party(Message.Audience.task(TaskID("a"))) == "a")
        #expect(MessageText.party(Message.Audience.human) == "you")
    }
}

struct TaskStateTextTests {
    @Test func `every state is reported once, with its own words`() {
        #expect(Set(TaskState.reported) == Set(TaskState.allCases))
        #expect(TaskState.reported.count == TaskState.allCases.count)
        for state in TaskState.allCases { #expect(state.words == state.rawValue.replacing("-", with: " ")) }
    }

    @Test func `colours tell done, busy, waiting and stuck apart`() {
        #expect(TaskState.landed.role == .good && TaskState.alreadyDone.role == .good)
        #expect(TaskState.running.role == .busy && TaskState.verified.role == .busy && TaskState.landing.role == .busy)
        #expect(TaskState.ready.role == .faint && TaskState.waiting.role == .faint)
        #expect(TaskState.failed.role == .bad && TaskState.blocked.role == .bad)
        #expect(GraphColor(nil) == .waiting && GraphColor(.ready) == .waiting && GraphColor(.verified) == .running)
        #expect(GraphColor(.alreadyDone) == .green && GraphColor(.failed) == .stuck && GraphColor(.blocked) == .stuck)
    }

    @Test func `every step of an attempt has words of its own`() {
        #expect(Set(RunPhase.allCases.map(\.words)).count == RunPhase.allCases.count)
    }
}

struct WorkersReportTests {
    @Test func `without an attempt the report says so`() throws {
        #expect(try WorkersReport([]).render(.text, Layout()) == "no worker has made an attempt yet\n")
    }
}

struct ForecastReportTests {
    @Test func `each landing policy has its row`() {
        let row = ForecastReport.Row(
            landing: "serial", seconds: 60, longest: 120, landed: 8, failed: 2, workers: 11, landingChecks: 9)
        let lines = ForecastReport(headline: "10 tasks", rows: [row]).text(Layout()).split(separator: "\n")
        #expect(lines[0] == "10 tasks")
        #expect(
            lines[1].split(separator: "  ").map { $0.trimmingPrefix(" ") }
                == ["landing", "time", "9 of 10 within", "landed", "failed", "workers", "checks"])
        #expect(
            lines[2].split(separator: "  ").map { $0.trimmingPrefix(" ") }
                == ["serial", "1 m 00 s", "2 m 00 s", "8", "2", "11", "9"])
    }
}

struct ScalingReportTests {
    private func row(_ workers: Int, _ seconds: Double, limit: (words: String, share: Double)?) -> ScalingReport.Row {
        ScalingReport.Row(
            workers: workers, seconds: seconds, longest: seconds * 1.2, landed: 90, failed: 1, checksPerTask: 1.25,
            usd: 12.5, limit: limit)
    }

    @Test func `it says from where on more workers gain nothing, and what holds them`() {
        let rows = [
            row(4, 3600, limit: ("graph", 0.01)), row(16, 1000, limit: ("graph", 0.4)),
            row(64, 950, limit: ("graph", 0.8)),
        ]
        let lines = ScalingReport(headline: "91 tasks", rows: rows).text(Layout(width: 80))
            .split(separator: "\n").map(String.init)
        #expect(lines[0] == "91 tasks")
        #expect(lines[1].split(separator: "  ").count == 8 && lines.allSatisfy { $0.count <= 80 })
        #expect(lines[2].hasSuffix("workers") && lines[2].contains("12.50"))
        #expect(lines[3].hasSuffix("graph 40 %"))
        #expect(lines.last == "More than 16 workers gain less than a tenth; what holds them: graph.")
    }

    @Test func `where all of them help, it says so`() {
        let rows = [row(4, 3600, limit: nil), row(16, 1000, limit: nil)]
        let text = ScalingReport(headline: "", rows: rows).text(Layout())
        #expect(text.hasSuffix("Each of these numbers of workers ends the run sooner than the one before."))
    }

    @Test func `the chart has a point for each row, and text of others cannot leave it`() {
        let rows = [row(4, 3600, limit: nil), row(16, 1000, limit: nil), row(64, 0, limit: nil)]
        let chart = ScalingReport(headline: "<script>", rows: rows).chart
        #expect(chart.split(separator: "<circle").count == 4)
        #expect(chart.contains("&lt;script&gt;") && !chart.contains("<script>"))
        #expect(!chart.contains("nan") && !chart.contains("inf"))
    }
}
