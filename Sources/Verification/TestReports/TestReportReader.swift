package import Foundation
package import Jobs
package import Model

/// Reads from the output or the files of a failed check which tests failed.
package struct TestReportReader: Sendable {
    private let checkout: String

    /// Bytes of one report.
    private static let largestFile = 64 << 20
    private static let mostFiles = 20_000
    /// Bytes of a line that are read. A test's name may be long.
    private static let longestLine = 8_192

    /// - Parameter checkout: absolute path of the checkout in which the check ran.
    package init(checkout: String) { self.checkout = checkout }

    /// Returns the report of a check, or nil if it names no tests.
    ///
    /// - Parameters:
    ///   - source: nil to detect the format.
    ///   - log: absolute path of the check's output.
    ///   - start: when the check started. Older files are left over from another run and ignored.
    /// - Throws: `JobsError` for a log or a report that cannot be read.
    package func report(
        _ source: TestReportSource?, log: String, since start: Date
    ) throws(JobsError) -> TestReport? {
        switch source {
        case .files(let pattern): try files(pattern, since: start)
        case .output(let format): try output(of: [format], log)
        case nil: try output(of: TestReportFormat.allCases, log)
        }
    }

    /// Returns how many tests a check ran, whatever became of them; nil if it does not tell.
    ///
    /// Parameters are as in `report`.
    package func testsRun(
        _ source: TestReportSource?, log: String, since start: Date
    ) throws(JobsError) -> Int? {
        if let known = try report(source, log: log, since: start)?.ran { return known }
        var counts = TestCounts()
        try LogLines.read(log, window: Self.largestFile, longest: Self.longestLine) { line, _ in
            counts.read(String(decoding: line, as: UTF8.self))
        }
        return counts.ran
    }

    private func output(of formats: [TestReportFormat], _ log: String) throws(JobsError) -> TestReport? {
        var readers = formats.map(\.reader)
        var hasGap = false
        try LogLines.read(log, window: Self.largestFile, longest: Self.longestLine) { line, gap in
            let text = String(decoding: line, as: UTF8.self)
            hasGap = hasGap || gap || Self.isGap(text)
            for index in readers.indices { readers[index].read(text) }
        }
        var report = TestReport.merged(readers.compactMap { $0.report() })
        if hasGap { report?.gap = "the output is too long to be read whole" }
        return report
    }

    /// Whether a line is the one by which `LogTrimmer` marks a part that it left out.
    private static func isGap(_ line: String) -> Bool { line.hasPrefix("[") && line.hasSuffix(" bytes left out]") }

    private func files(_ pattern: String, since start: Date) throws(JobsError) -> TestReport? {
        guard let glob = try? Glob(pattern) else { return nil }
        var reports: [TestReport] = []
        for path in ReportFiles(root: checkout).matching(glob, since: start).prefix(Self.mostFiles) {
            guard let bytes = try UntrustedFile.read("\(checkout)/\(path)", limit: Self.largestFile) else { continue }
            let cut = TestReport(failed: [], gap: "\(path) is not a JUnit report")
            reports.append(JUnitReport.read(bytes) ?? cut)
        }
        return TestReport.merged(reports)
    }
}
