import Model
import Testing

@testable import Reporting
@testable import Store

struct AffectedReportTests {
    private static let check = Check(name: "tests", run: "pytest {affected_tests}", affected: AffectedRule())

    private func candidate(
        _ number: Int, _ state: CandidateRecord.State, _ command: String?, seconds: Double = 10,
        outcome: CheckResult.Outcome = .passed, failed: [String] = [], isKnown: Bool = false
    ) throws -> CandidateRecord {
        var record = try SampleRun().reader.read { view in
            try view.candidates(of: try #require(try view.latestRun()).id)[0]
        }
        record.number = number
        record.state = state
        record.checks =
            command.map {
                [
                    CheckResult(
                        name: "tests", command: $0, outcome: outcome, status: outcome == .passed ? 0 : 1,
                        seconds: seconds,
                        failedTests: failed, isKnown: isKnown)
                ]
            } ?? []
        return record
    }

    @Test func `runs in part and left out save what the whole check takes`() throws {
        let report = AffectedReport(
            [Self.check, Check(name: "build", run: "make")],
            [
                try candidate(1, .landed, "pytest ", seconds: 10),
                try candidate(2, .landed, "pytest tests/a.py", seconds: 4),
                try candidate(3, .landed, nil),
                // An earlier check was red, so this one was not left out.
                try candidate(4, .failed, nil),
                try candidate(5, .landed, "pytest ", seconds: 0, isKnown: true),
            ])
        let row = try #require(report.rows.first)
        #expect(report.rows.count == 1)
        #expect((row.whole, row.part, row.skipped) == (2, 1, 1))
        #expect(row.wholeSeconds == 10)
        #expect(row.saved == 16)
        #expect(row.misses.isEmpty)
        #expect(report.lines(Layout()).joined().contains("2 whole, 1 in part, 1 skipped, about 16.0 s saved"))
    }

    @Test func `a whole run that failed is named with its tests`() throws {
        let report = AffectedReport(
            [Self.check],
            [
                try candidate(1, .failed, "pytest ", outcome: .failed, failed: ["tests/z.py::one"]),
                // A part that fails is what the check is for.
                try candidate(2, .failed, "pytest tests/a.py", outcome: .failed, failed: ["tests/a.py::one"]),
            ])
        #expect(report.rows.first?.misses == ["candidate 1: tests/z.py::one"])
        #expect(report.lines(Layout()).joined(separator: " ").contains("candidate 1: tests/z.py::one"))
    }
}
