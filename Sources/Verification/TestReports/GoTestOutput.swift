import Foundation

/// Output of `go test`: plain, with `-v`, or with `-json` (`test2json`).
struct GoTestOutput: TestOutputReader {
    private var failed: [String] = []
    private var ran: Int?
    private var gap: String?
    private var isSeen = false
    /// Failed tests of the current package, whose name comes after its tests.
    private var open: [String] = []
    private var hasPanicked = false
    /// With `-json`: packages with a failed test.
    private var packagesWithFailures: Set<String> = []

    mutating func read(_ line: String) {
        if line.hasPrefix("{"), line.contains("\"Action\":\"") {
            readEvent(line)
        } else if let test = Self.mark(line) {
            isSeen = true
            open.append(test)
        } else if line.hasPrefix("panic: ") {
            hasPanicked = true
        } else if let rest = line.dropping("FAIL\t") {
            endPackage(rest)
        } else if line.hasPrefix("ok  \t") {
            isSeen = true
            open = []
            hasPanicked = false
        }
    }

    func report() -> TestReport? {
        guard isSeen else { return nil }
        let cut = open.isEmpty ? nil : "the output ends within a package"
        return TestReport(failed: failed + open, ran: ran, gap: gap ?? cut)
    }

    private mutating func endPackage(_ rest: Substring) {
        isSeen = true
        let name = rest.prefix { $0 != "\t" && $0 != " " }
        if rest.hasSuffix("[build failed]") || rest.hasSuffix("[setup failed]") {
            gap = gap ?? "package \(name) could not be built"
        } else if hasPanicked {
            gap = gap ?? "a panic ended the tests of package \(name)"
        } else if open.isEmpty {
            gap = gap ?? "package \(name) failed without naming a test"
        }
        failed += open.map { "\(name) \($0)" }
        open = []
        hasPanicked = false
    }

    /// The name in `    --- FAIL: TestX/sub (0.00s)`.
    private static func mark(_ line: String) -> String? {
        guard let rest = line.drop(while: { $0 == " " }).dropping("--- FAIL: ") else { return nil }
        return String(rest.before(last: " (") ?? rest)
    }

    private struct Event: Decodable {
        var action: String
        var package: String?
        var test: String?

        enum CodingKeys: String, CodingKey {
            case action = "Action"
            case package = "Package"
            case test = "Test"
        }
    }

    private mutating func readEvent(_ line: String) {
        if line.contains("\"Action\":\"output\"") {
            if let package = Self.field("Package", line), line.contains("\"Output\":\"panic: ") {
                gap = gap ?? "a panic ended the tests of package \(package)"
            }
            return
        }
        guard let event = try? JSONDecoder().decode(Event.self, from: Data(line.utf8)) else { return }
        isSeen = true
        if event.action == "build-fail" { gap = gap ?? "a package could not be built" }
        guard ["pass", "fail", "skip"].contains(event.action), let package = event.package else { return }
        if let test = event.test {
            ran = (ran ?? 0) + 1
            if event.action == "fail" {
                failed.append("\(package) \(test)")
                packagesWithFailures.insert(package)
            }
        } else if event.action == "fail", !packagesWithFailures.contains(package) {
            gap = gap ?? "package \(package) failed without naming a test"
        }
    }

    private static func field(_ name: String, _ line: String) -> Substring? {
        line.after("\"\(name)\":\"")?.prefix { $0 != "\"" }
    }
}
