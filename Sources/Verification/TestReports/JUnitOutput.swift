/// JUnit XML in the output of a command.
struct JUnitOutput: TestOutputReader {
    private var text: [UInt8] = []
    private var isInside = false

    /// Bytes. A longer report counts as cut off.
    private static let limit = 32 << 20

    mutating func read(_ line: String) {
        if !isInside, !line.contains("<testsuite") { return }
        isInside = true
        if text.count < Self.limit { text += Array(line.utf8) + [UInt8(ascii: "\n")] }
    }

    func report() -> TestReport? { JUnitReport.read(text) }
}

/// A file of JUnit XML, reduced to what all its writers share: `testcase` with `failure` or `error` inside.
enum JUnitReport {
    /// Reads a report; nil if the file has no `testsuite`.
    static func read(_ bytes: [UInt8]) -> TestReport? {
        var reader = Reader()
        var scanner = XMLScanner(bytes)
        while let tag = scanner.next() { reader.take(tag) }
        return reader.report
    }

    private struct Reader {
        private var depth = 0
        private var hasEnded = false
        private var isSeen = false
        private var testcase: String?
        private var suite = ""
        private var isFailure = false
        private var failed: [String] = []
        private var names = TestNames()
        private var ran = 0
        /// Sum of failures and errors in the attributes of the outermost suites.
        private var counted = 0
        private var outer = 0

        mutating func take(_ tag: XMLScanner.Tag) {
            switch tag {
            case .start(let name, let attributes, let isEmpty):
                start(name, attributes)
                if isEmpty { end(name) }
            case .end(let name): end(name)
            }
        }

        private mutating func start(_ name: String, _ attributes: [String: String]) {
            switch name {
            case "testsuites", "testsuite":
                isSeen = true
                depth += 1
                if name == "testsuite" {
                    suite = attributes["name"] ?? ""
                    if outer == 0 {
                        counted += TestReport.count(attributes["failures"]) ?? 0
                        counted += TestReport.count(attributes["errors"]) ?? 0
                    }
                    outer += 1
                }
            case "testcase" where isSeen:
                let place = attributes["classname"].flatMap { $0.isEmpty ? nil : $0 } ?? suite
                let name = attributes["name"] ?? ""
                testcase = place.isEmpty ? name : "\(place).\(name)"
                isFailure = false
                ran += 1
            case "failure", "error":
                guard let test = testcase, !isFailure else { return }
                isFailure = true
                let full = name == "error" ? "\(test) (error)" : test
                failed.append(full)
                names.add(full)
            default: break
            }
        }

        private mutating func end(_ name: String) {
            switch name {
            case "testsuites", "testsuite":
                depth -= 1
                if name == "testsuite" { outer -= 1 }
                if depth == 0 { hasEnded = true }
            case "testcase":
                if let testcase, !isFailure { names.add(testcase) }
                testcase = nil
            default: break
            }
        }

        var report: TestReport? {
            guard isSeen else { return nil }
            var gap = names.gap(among: failed)
            if failed.isEmpty, counted > 0 { gap = "the report counts \(counted) failures without naming one" }
            if !hasEnded || depth != 0 { gap = "the report is cut off" }
            return TestReport(failed: failed, ran: ran, gap: gap)
        }
    }
}
