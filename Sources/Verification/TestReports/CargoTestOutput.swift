/// Output of `cargo test` with the standard harness.
struct CargoTestOutput: TestOutputReader {
    private var failed: [String] = []
    private var names = TestNames()
    private var ran = 0
    private var gap: String?
    private var isSeen = false
    /// The crate and file of the current tests.
    private var target = ""
    private var isRunning = false
    /// Names in the last list under `failures:`. The list before `test result:` counts.
    private var listed: [String] = []
    private var isListing = false
    /// Cargo listed the targets that failed, which it does only if it ran all of them.
    private var hasRunAll = false

    mutating func read(_ line: String) {
        if line.hasPrefix("running "), line.hasSuffix(" tests") || line.hasSuffix(" test") {
            if isRunning { gap = gap ?? "the tests of \(target) did not end" }
            (isSeen, isRunning, listed) = (true, true, [])
        } else if line == "failures:" {
            listed = []
            isListing = true
        } else if line.hasPrefix("test result: ") {
            end(line)
        } else if isListing, line.hasPrefix("    ") {
            listed.append(String(line.dropFirst(4)))
        } else if isListing, !line.isEmpty {
            isListing = false
        } else if let rest = line.trimmed(" ").dropping("Running ") {
            target = Self.target(rest)
        } else if let rest = line.trimmed(" ").dropping("Doc-tests ") {
            target = "doc-tests of \(rest)"
        } else if line.hasPrefix("error: ") {
            readError(line)
        }
    }

    func report() -> TestReport? {
        guard isSeen else { return nil }
        var cut: String?
        if isRunning {
            cut = "the tests of \(target) did not end"
        } else if !failed.isEmpty, !hasRunAll {
            cut = "cargo stops at the first target that fails; run it with --no-fail-fast"
        }
        return TestReport(failed: failed, ran: ran, gap: gap ?? cut ?? names.gap(among: failed))
    }

    private mutating func readError(_ line: String) {
        if line.hasPrefix("error: could not compile") {
            gap = gap ?? "not all tests could be compiled"
        } else if line.hasSuffix(" target failed:") || line.hasSuffix(" targets failed:") {
            hasRunAll = true
        }
    }

    /// `test result: FAILED. 1 passed; 2 failed; 1 ignored; …`.
    private mutating func end(_ line: String) {
        var counts: [Substring: Int] = [:]
        for item in line.components(between: "; ") {
            let words = item.split(separator: " ").suffix(2)
            if let word = words.last, let number = TestReport.count(words.first) { counts[word] = number }
        }
        let expected = counts["failed", default: 0]
        if expected == 0 { listed = [] }
        if listed.count != expected {
            gap = gap ?? "cargo counts \(expected) failures of \(target) and names \(listed.count)"
        }
        for word in ["passed", "failed", "ignored"] { ran += counts[Substring(word), default: 0] }
        for name in listed {
            let full = target.isEmpty ? name : "\(target) \(name)"
            names.add(full)
            failed.append(full)
        }
        (listed, isListing, isRunning) = ([], false, false)
    }

    /// `shapes src/lib.rs` of `unittests src/lib.rs (target/debug/deps/shapes-8dbf0753c22d4c02)`.
    private static func target(_ text: Substring) -> String {
        guard let open = text.lastIndex(of: "("), text.hasSuffix(")") else { return String(text) }
        let file = text[..<open].trimmed(" ").components(between: " ").last ?? ""
        let program = text[open...].dropFirst().dropLast().split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        return "\(program.before(last: "-") ?? program) \(file)"
    }
}
