/// Output of `swift test`: XCTest, on Linux and on macOS, and Swift Testing.
struct SwiftTestOutput: TestOutputReader {
    private var failed: [String] = []
    /// Tests with the arguments with which they failed.
    private var issues: Set<String> = []
    private var names = TestNames()
    private var ran = 0
    private var gap: String?
    /// Whether a run of XCTest (`old`) and of Swift Testing (`new`) has started and not ended.
    private var isOpen = (old: false, new: false)
    private var isSeen = false

    mutating func read(_ line: String) {
        if let rest = line.dropping("Test Case '") {
            readCase(rest)
        } else if let rest = line.dropping("Test Suite '") {
            readSuite(rest)
        } else if let text = Self.message(line) {
            readMessage(text)
        } else if line.contains("Exited with unexpected signal") {
            gap = gap ?? "the test program crashed"
        }
    }

    func report() -> TestReport? {
        guard isSeen else { return nil }
        let cut = isOpen.old || isOpen.new ? "the output ends before the tests do" : nil
        return TestReport(failed: failed + issues.sorted(), ran: ran, gap: gap ?? cut ?? names.gap(among: failed))
    }

    /// `OldTests.testArea' failed (0.001 seconds)`; on macOS `-[Module.OldTests testArea]' failed (…)`.
    private mutating func readCase(_ rest: Substring) {
        guard let end = rest.lastIndex(of: "'") else { return }
        let name = rest[..<end].trimmed("-[]").replacing(" ", by: ".")
        let tail = rest[end...].dropFirst()
        isSeen = true
        if tail.hasPrefix(" started") { isOpen.old = true }
        if tail.hasPrefix(" passed") || tail.hasPrefix(" failed") || tail.hasPrefix(" skipped") { ran += 1 }
        if tail.hasPrefix(" failed") { failed.append(name) }
    }

    private mutating func readSuite(_ rest: Substring) {
        for name in ["All tests", "Selected tests"] {
            guard let tail = rest.dropping(name + "'") else { continue }
            isSeen = true
            isOpen.old = tail.hasPrefix(" started")
        }
    }

    /// Returns the text after the symbol and `Test ` of a line such as `✘ Test area() failed after …`.
    private static func message(_ line: String) -> Substring? {
        guard let mark = line.unicodeScalars.first, !mark.isASCII, let space = line.firstIndex(of: " ") else {
            return nil
        }
        return line[space...].drop { $0 == " " }.dropping("Test ")
    }

    private mutating func readMessage(_ text: Substring) {
        if text.hasPrefix("run started") {
            (isSeen, isOpen.new) = (true, true)
        } else if text.hasPrefix("run with ") {
            isOpen.new = false
        } else if text.hasSuffix(" started."), !text.hasPrefix("case ") {
            names.add(String(text.dropLast(" started.".count)))
            ran += 1
        } else if let name = text.before(last: " failed after ") {
            failed.append(Self.withoutCases(name))
        } else if let name = text.before(last: " recorded an issue with ") {
            // Each argument with which a test fails counts as a separate test.
            // `… with 1 argument size → 3 at File.swift:6:57: …`
            guard let values = text.after(" recorded an issue with ")?.after(" argument")?.after(" "),
                let place = values.firstRange(of: " at ")
            else { return }
            issues.insert("\(name) [\(values[..<place.lowerBound])]")
        }
    }

    /// Removes ` with 3 test cases`.
    private static func withoutCases(_ name: Substring) -> String {
        guard name.hasSuffix(" test cases") || name.hasSuffix(" test case"), let head = name.before(last: " with ")
        else { return String(name) }
        return String(head)
    }
}

extension StringProtocol {
    fileprivate func replacing(_ old: Character, by new: Character) -> String {
        String(map { $0 == old ? new : $0 })
    }
}
