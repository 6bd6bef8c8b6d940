import Foundation
import Model
import TestSupport
import Testing

@testable import Verification

@Suite struct CoverageTests {
    private static let lcov = """
        TN:
        SF:/checkout/src/a.py
        DA:1,1
        DA:2,0
        DA:4,12
        LF:3
        LH:2
        end_of_record
        SF:src/b.py
        LF:10
        LH:4
        end_of_record
        """
    private static let cobertura = """
        <?xml version="1.0" ?>
        <coverage line-rate="0.5"><sources><source>/checkout/src</source></sources>
        <packages><package name="."><classes>
        <class name="a.py" filename="a.py" line-rate="0.66"><methods><method name="f"><lines>
        <line number="1" hits="1"/></lines></method></methods>
        <lines><line number="1" hits="1"/><line number="2" hits="0"/><line number="4" hits="3" branch="true"/></lines></class>
        </classes></package></packages></coverage>
        """
    private static let coveragePy = """
        {"meta": {"format": 3, "version": "7.6.1"}, "files": {"src/a.py": {"executed_lines": [1, 4],
        "summary": {"covered_lines": 2, "num_statements": 3}, "missing_lines": [2], "excluded_lines": []}},
        "totals": {"covered_lines": 2}}
        """
    private static let llvmCov = """
        {"data": [{"files": [{"filename": "/checkout/src/a.py", "segments": [[1, 2, 3, true, true, false]],
        "summary": {"lines": {"count": 3, "covered": 2, "percent": 66.6}, "functions": {"count": 1}}}],
        "totals": {}}], "type": "llvm.coverage.json.export", "version": "2.0.1"}
        """

    @Test(arguments: [lcov, cobertura, coveragePy, llvmCov])
    func `each format tells the lines of a file that were run`(_ text: String) throws {
        let folder = try ScratchDirectory("coverage")
        let text = text.replacingOccurrences(of: "/checkout", with: folder.path)
        try text.write(toFile: folder.appending("report.x"), atomically: true, encoding: .utf8)
        let report = try CoverageReader(checkout: folder.path).read("*.x", since: .distantPast)
        let counts = try #require(report.coverage(of: "src/a.py")).counts
        #expect(counts.covered == 2 && counts.of == 3)
        #expect(report.coverage(of: "src/c.py") == nil)
    }

    @Test func `figures without lines count, and reports of several programs add up`() {
        var report = CoverageReader.parse(Array(Self.lcov.utf8))
        #expect(report.coverage(of: "src/b.py")?.counts ?? (0, 0) == (4, 10))
        report.merge(CoverageReader.parse(Array("SF:/checkout/src/a.py\nDA:2,1\nDA:4,0\nend_of_record\n".utf8)))
        #expect(report.coverage(of: "/checkout/src/a.py")?.counts ?? (0, 0) == (3, 3))
    }

    @Test(arguments: ["", "{}", "<a>", "SF:a", "{\"files\": 3}", "no report", "<class filename='a'><line number='x'/>"])
    func `another file is an empty report or one without lines`(_ text: String) {
        #expect(CoverageReader.parse(Array(text.utf8)).files.values.allSatisfy { $0.counts.of == 0 })
    }

    @Test func `a report older than the check is not read`() throws {
        let folder = try ScratchDirectory("coverage")
        try Self.lcov.write(toFile: folder.appending("report.x"), atomically: true, encoding: .utf8)
        let later = Date().addingTimeInterval(60)
        #expect(try CoverageReader(checkout: folder.path).read("*.x", since: later).isEmpty)
    }

    private func report(_ files: [String: (Int, Int)]) -> CoverageReport {
        var report = CoverageReport()
        for (path, figures) in files { report.add(FileCoverage(summary: figures), of: path) }
        return report
    }

    @Test func `a fall by more than the points is refused with the file, before and after`() {
        let rule = CoverageRule(.init(drop: 0.5))
        let before = report(["a.py": (9, 10), "b.py": (200, 1000), "new.py": (0, 0)])
        #expect(rule.judge(["a.py", "b.py"], before: before, after: before) == nil)
        let little = report(["a.py": (9, 10), "b.py": (195, 1000)])
        #expect(rule.judge(["a.py", "b.py", "new.py", "none.py"], before: before, after: little) == nil)
        let failure = rule.judge(
            ["a.py", "b.py"], before: before, after: report(["a.py": (8, 10), "b.py": (194, 1000)]))
        #expect(failure?.kind == .guardRule && failure?.places == ["a.py", "b.py"])
        #expect(
            failure?.summary
                == "a.py: tests run 80.0 % of its lines and ran 90.0 % on the base; 'guards.coverage' allows a fall by "
                + "0.5 points, and 1 more")
    }

    @Test func `a file that no test runs any more is refused, one that none ran is not`() {
        let rule = CoverageRule(.init(drop: 100))
        let before = report(["a.py": (9, 10), "b.py": (0, 10)])
        let failure = rule.judge(["a.py", "c.py"], before: before, after: report(["x.py": (1, 1)]))
        #expect(failure?.summary == "a.py: no test runs it any more: 90.0 % of its lines were run on the base")
        #expect(rule.judge(["b.py"], before: before, after: report(["b.py": (0, 5)])) == nil)
    }

    @Test func `a short name counts if it ends one path only`() {
        let report = report(["a.py": (1, 2), "x/c.py": (1, 1), "y/x/c.py": (0, 1)])
        #expect(report.coverage(of: "src/a.py")?.counts ?? (0, 0) == (1, 2))
        #expect(report.coverage(of: "src/aa.py") == nil && report.coverage(of: "src/y/x/c.py") == nil)
    }
}
