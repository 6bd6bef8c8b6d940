import Foundation
import Jobs
import Model
import TestSupport
import Testing
import Verification

/// What the output of a test runner says.
struct ReportExpectation: Sendable, CustomTestStringConvertible {
    let file: String
    var failed: [String] = []
    var ran: Int?
    /// Words of why more may have failed; nil where nothing can be missing.
    var gap: String?

    var testDescription: String { file }

    private static let pytest = [
        "tests/test_shapes.py::test_area", "tests/test_shapes.py::test_words[x - y]",
        "tests/test_shapes.py::test_words[p]q]", "tests/test_shapes.py::TestBox::test_load",
        "tests/test_shapes.py::test_setup (error)",
    ]
    private static let cargo = [
        "shapes src/lib.rs tests::area", "shapes src/lib.rs tests::panics", "whole tests/whole.rs area",
        "doc-tests of shapes src/lib.rs - area (line 3)",
    ]

    static let all: [ReportExpectation] = [
        .init(file: "pytest", failed: pytest, ran: 10),
        .init(file: "pytest-quiet", failed: pytest, ran: 10),
        .init(file: "pytest-verbose", failed: pytest, ran: 10),
        .init(file: "pytest-colour", failed: pytest, ran: 10),
        .init(file: "pytest-qq", failed: pytest, ran: 0, gap: "without pytest's counts"),
        .init(
            file: "pytest-first", failed: ["tests/test_shapes.py::test_area"], ran: 3,
            gap: "stopping after 1 failures"),
        .init(
            file: "pytest-collection", failed: ["tests/test_import.py (error)"], ran: 0,
            gap: "Interrupted: 1 error during collection"),
        .init(file: "pytest-green", ran: 2),
        .init(
            file: "tap-perl", failed: ["second is two", "inner > deep two", "inner"], ran: 6),
        .init(file: "tap-perl-cut", ran: 1, gap: "3 tests were planned and 1 ran"),
        .init(file: "tap-node", failed: ["area", "outer > inner two", "outer"], ran: 7),
        .init(
            file: "tap-prove-verbose",
            failed: ["t/a.t: second is two", "t/a.t: inner > deep two", "t/a.t: inner"], ran: 9,
            gap: "3 tests were planned and 1 ran in t/c.t"),
        .init(
            file: "go",
            failed: [
                "example.com/shapes TestArea", "example.com/shapes TestTable",
                "example.com/shapes TestTable/two_by_three", "example.com/shapes/box TestArea",
            ]),
        .init(
            file: "go-build", failed: ["example.com/shapes/box TestArea"],
            gap: "package example.com/shapes could not be built"),
        .init(
            file: "go-panic", failed: ["example.com/shapes TestArea"],
            gap: "a panic ended the tests of package example.com/shapes"),
        .init(file: "go-json", failed: ["example.com/shapes TestArea"], ran: 2),
        .init(file: "cargo", failed: cargo, ran: 7),
        .init(file: "cargo-first", failed: Array(cargo.prefix(2)), ran: 4, gap: "--no-fail-fast"),
        .init(
            file: "swift",
            failed: [
                "OldTests.testArea", "OldTests.testThrows", "sized(size:) [size → 1]", "sized(size:) [size → 3]",
                "area2()", "\"area of a \"box\", in words\"", "sized(size:)",
            ], ran: 9),
        .init(
            file: "swift-same-name",
            failed: [
                "OldTests.testArea", "OldTests.testThrows", "sized(size:) [size → 1]", "sized(size:) [size → 3]",
                "area2()", "\"area of a \"box\", in words\"", "sized(size:)",
            ], ran: 10, gap: "two tests are called 'area2()'"),
    ]
}

@Suite struct TestReportTests {
    private let directory: ScratchDirectory

    init() throws { directory = try ScratchDirectory("reports") }

    private func report(_ source: TestReportSource? = nil, of text: String) throws -> TestReport? {
        let log = directory.appending("log")
        try text.write(toFile: log, atomically: true, encoding: .utf8)
        return try TestReportReader(checkout: directory.path).report(source, log: log, since: Date())
    }

    private func write(_ text: String, to path: String) throws {
        let file = URL(fileURLWithPath: directory.appending(path))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: false, encoding: .utf8)
    }

    private func files(_ pattern: String, since start: Date) throws -> TestReport? {
        try TestReportReader(checkout: directory.path).report(.files(pattern), log: "", since: start)
    }

    @Test(arguments: ReportExpectation.all) func `failed tests are named`(expected: ReportExpectation) throws {
        let report = try #require(try report(of: Fixture.text("reports/\(expected.file)")))
        #expect(Set(report.failed) == Set(expected.failed))
        #expect(report.failed.count == expected.failed.count)
        #expect(report.ran == expected.ran)
        #expect(report.gap == nil ? expected.gap == nil : report.gap?.contains(expected.gap ?? "none") == true)
    }

    @Test(arguments: ["tap-prove", "cargo-compile", "../make", "../unittest", "../tsc", "../python-traceback"])
    func `what names no tests has no report`(file: String) throws {
        #expect(try report(of: Fixture.text("reports/\(file)")) == nil)
    }

    @Test func `a format that is named is the only one that is read`() throws {
        let text = try Fixture.text("reports/pytest") + Fixture.text("reports/go")
        #expect(try report(.output(.go), of: text)?.failed.count == 4)
        #expect(try report(.output(.pytest), of: text)?.failed.count == 5)
        #expect(try report(of: text)?.failed.count == 9)
    }

    @Test(arguments: ["junit-pytest", "junit-swift"]) func `files of JUnit XML are read`(file: String) throws {
        let start = Date()
        let fixture = try Fixture.text("reports/\(file)", extension: "xml")
        try write(fixture, to: "build/a b/TEST-x.xml")
        try write("nothing", to: "build/other.txt")
        let report = try #require(try files("build/**/*.xml", since: start))
        #expect(report.gap == nil)
        #expect(
            report.failed
                == (file == "junit-pytest"
                    ? [
                        "tests.test_shapes.test_area", "tests.test_shapes.test_words[x - y]",
                        "tests.test_shapes.test_words[p]q]", "tests.test_shapes.test_setup (error)",
                        "tests.test_shapes.TestBox.test_load",
                    ]
                    : [
                        "ShapesTests.NewTests.words()", "ShapesTests.NewTests.area2()",
                        "ShapesTests.NewTests.sized(size:)", "ShapesTests.OtherTests.area2()",
                    ]))
        // The same in the output.
        #expect(try self.report(.output(.junit), of: "noise\n" + fixture + "\nmore")?.failed == report.failed)
        // And cut off.
        try write(String(fixture.dropLast(40)), to: "build/a b/TEST-x.xml")
        #expect(try files("build/**/*.xml", since: start)?.gap == "the report is cut off")
    }

    @Test func `files that an earlier check has left are not read, whatever time they bear`() throws {
        try write(Fixture.text("reports/junit-swift", extension: "xml"), to: "r.xml")
        let later = Date().addingTimeInterval(5)
        try FileManager.default.setAttributes(
            [.modificationDate: Date().addingTimeInterval(3600)], ofItemAtPath: directory.appending("r.xml"))
        #expect(try files("r.xml", since: later) == nil)
        #expect(try files("r.xml", since: later.addingTimeInterval(-10)) != nil)
    }

    @Test func `links are not followed`() throws {
        let start = Date()
        try write(Fixture.text("reports/junit-swift", extension: "xml"), to: "elsewhere/r.xml")
        try directory.makeDirectory("checkout")
        for (link, target) in [("checkout/r.xml", "elsewhere/r.xml"), ("checkout/sub", "elsewhere")] {
            try FileManager.default.createSymbolicLink(
                atPath: directory.appending(link), withDestinationPath: directory.appending(target))
        }
        let reader = TestReportReader(checkout: directory.appending("checkout"))
        #expect(try reader.report(.files("**/*.xml"), log: "", since: start) == nil)
    }

    @Test func `entities that a document declares are not expanded`() throws {
        let text = """
            <?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;">]>
            <testsuite name="s"><testcase name="&b; &lt;&#65;&#x42;"><failure/></testcase>
            <testcase name="fine"><system-out><![CDATA[<failure/>]]></system-out></testcase></testsuite>
            """
        #expect(try report(.output(.junit), of: text)?.failed == ["s.&b; <AB"])
    }

    @Test func `on macOS the names of XCTest are the same`() throws {
        let text = """
            Test Suite 'All tests' started at 2026-11-21 04:41:24.218
            Test Case '-[ShapesTests.OldTests testArea]' started.
            Test Case '-[ShapesTests.OldTests testArea]' failed (0.001 seconds).
            Test Suite 'All tests' failed at 2026-11-21 04:41:24.221
            """
        #expect(try report(of: text) == TestReport(failed: ["ShapesTests.OldTests.testArea"], ran: 1))
    }

    @Test(arguments: ReportExpectation.all)
    func `an output that ends early is not taken for a whole one`(expected: ReportExpectation) throws {
        guard expected.gap == nil, !expected.failed.isEmpty else { return }
        let lines = try Fixture.text("reports/\(expected.file)").split(
            separator: "\n", omittingEmptySubsequences: false)
        let whole = try #require(try report(of: lines.joined(separator: "\n")))
        for end in stride(from: 1, to: lines.count, by: 1) {
            guard let cut = try report(of: lines[..<end].joined(separator: "\n")) else { continue }
            #expect(cut.gap != nil || cut == whole || isEnd(expected.file, lines[end...]), "\(end): \(lines[end - 1])")
        }
    }

    /// Where nothing tells a whole output from one that ends here: between two packages, or two test programs.
    private func isEnd(_ file: String, _ rest: ArraySlice<Substring>) -> Bool {
        file.hasPrefix("go") || rest.contains { $0.hasSuffix(" Test run started.") }
    }

    /// Whatever a test program prints, reading it ends and gives bounded names.
    @Test(arguments: 0..<8) func `garbled output is survived`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed) + 1)
        let names = ReportExpectation.all.map(\.file)
        for _ in 0..<40 {
            var bytes = Array(try Fixture.text("reports/\(names.randomElement(using: &random) ?? "go")").utf8)
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0..<80, using: &random)))
                }
                if bytes.isEmpty { bytes = [0x0A] }
            }
            let log = directory.appending("garbled")
            try Data(bytes).write(to: URL(fileURLWithPath: log))
            for source in [nil] + TestReportFormat.allCases.map({ TestReportSource.output($0) }) {
                let report = try TestReportReader(checkout: directory.path).report(source, log: log, since: Date())
                #expect(report.map { Set($0.failed).count == $0.failed.count } ?? true)
            }
        }
    }
}
