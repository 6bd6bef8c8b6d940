import Model

/// What a run of tests says of its tests, by name.
package struct TestReport: Sendable, Equatable {
    /// Failed tests, each once, in the order of the report.
    package var failed: [String]
    /// Tests that the report speaks of; nil where it does not name those that passed.
    package var ran: Int?
    /// Why `failed` may not be all that failed; nil if it is.
    package var gap: String?

    package init(failed: [String], ran: Int? = nil, gap: String? = nil) {
        self.failed = failed
        self.ran = ran
        self.gap = gap
    }

    /// One report of several, as where a command runs several test programs.
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
    /// What was read; nil if nothing looked like this runner's.
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

/// Which names were given to tests, to find those that do not tell two tests apart.
struct TestNames {
    private var counts: [String: Int] = [:]

    mutating func add(_ name: String) { counts[name, default: 0] += 1 }

    /// A failed test could be taken for another of its name.
    func gap(among failed: [String]) -> String? {
        failed.first { counts[$0, default: 0] > 1 }.map { "two tests are called '\($0)'" }
    }
}
