import Model

/// The failed tests of a test run, by name.
package struct TestReport: Sendable, Equatable {
    /// Failed tests, each once, in the order of the report.
    package var failed: [String]
    /// Number of tests in the report; nil if the report does not count tests that passed.
    package var ran: Int?
    /// Why `failed` may be incomplete; nil if it is complete.
    package var gap: String?

    package init(failed: [String], ran: Int? = nil, gap: String? = nil) {
        self.failed = failed
        self.ran = ran
        self.gap = gap
    }

    /// Returns a number of tests that a program has printed. It is bounded, so that sums do not overflow.
    static func count(_ text: (some StringProtocol)?) -> Int? {
        text.flatMap { Int($0) }.map { min(max($0, 0), 1_000_000_000) }
    }

    /// Combines the reports of several test programs; nil for no reports.
    static func merged(_ reports: [TestReport]) -> TestReport? {
        guard var whole = reports.first else { return nil }
        for report in reports.dropFirst() {
            whole.failed += report.failed
            whole.ran = whole.ran.flatMap { ran in report.ran.map { ran + $0 } }
            whole.gap = whole.gap ?? report.gap
        }
        var seen: Set<String> = []
        whole.failed = whole.failed.filter { seen.insert($0).inserted }
        return whole
    }
}

/// Reads one kind of test runner's output.
protocol TestOutputReader {
    init()
    /// - Parameter line: without control sequences and line break.
    mutating func read(_ line: String)
    /// Returns the report, or nil if no line looked like output of this runner.
    func report() -> TestReport?
}

extension TestReportFormat {
    var reader: any TestOutputReader {
        switch self {
        case .junit: JUnitOutput()
        case .tap: TAPOutput()
        case .pytest: PytestOutput()
        case .go: GoTestOutput()
        case .swift: SwiftTestOutput()
        case .cargo: CargoTestOutput()
        }
    }
}

/// Counts the names of tests, to find names that two tests share.
struct TestNames {
    private var counts: [String: Int] = [:]

    mutating func add(_ name: String) { counts[name, default: 0] += 1 }

    /// Returns a gap if a failed test shares its name with another one.
    func gap(among failed: [String]) -> String? {
        failed.first { counts[$0, default: 0] > 1 }.map { "two tests are called '\($0)'" }
    }
}
