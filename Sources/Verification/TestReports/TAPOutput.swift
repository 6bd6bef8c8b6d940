import Model

/// The Test Anything Protocol, versions 12 to 14, with subtests. Also reads several streams in a row, as `prove -v` prints
/// them.
struct TAPOutput: TestOutputReader {
    private var failed: [String] = []
    private var names = TestNames()
    private var ran = 0
    private var gap: String?
    private var isSeen = false
    /// File of the stream, if a harness names it.
    private var stream = ""
    private var planned: Int?
    private var tests = 0
    /// The current subtest at each depth.
    private var subtests: [String] = []
    /// Indentation of the current YAML block.
    private var block: Int?

    private static let step = 4

    mutating func read(_ line: String) {
        let indent = line.prefix { $0 == " " }.count
        let text = line.dropFirst(indent)
        if let block {
            if indent == block, text == "..." { self.block = nil }
            return
        }
        let depth = indent / Self.step
        if text == "---", indent > 0 {
            block = indent
        } else if let name = text.dropping("# Subtest: ") {
            subtests = Array(subtests.prefix(depth)) + [String](repeating: "", count: max(0, depth - subtests.count))
            subtests.append(String(name))
        } else if text.hasPrefix("Bail out!") {
            gap = gap ?? "the tests bailed out"
        } else if depth == 0, text.hasPrefix("TAP version ") {
            endStream()
        } else if depth == 0, let name = Self.header(text) {
            endStream()
            stream = name
        } else if let count = Self.plan(text) {
            if depth == 0 { plan(count) }
        } else if text == "ok", !stream.isEmpty {
            // The harness reports the file as a whole.
            endStream()
        } else if let result = Self.result(text) {
            take(result, depth: depth)
        }
    }

    func report() -> TestReport? {
        guard isSeen else { return nil }
        var last = self
        last.endStream()
        return TestReport(failed: failed, ran: ran, gap: last.gap ?? names.gap(among: failed))
    }

    private mutating func plan(_ count: Int) {
        if planned != nil { endStream() }
        isSeen = true
        planned = count
        // A plan after the tests ends its stream.
        if tests > 0 { endStream() }
    }

    private mutating func take(_ result: (isFailure: Bool, name: String), depth: Int) {
        ran += 1
        if depth == 0 {
            if let planned, tests == planned { endStream() }
            tests += 1
        }
        let outer = subtests.prefix(depth).filter { !$0.isEmpty }
        let name = (stream.isEmpty ? "" : "\(stream): ") + (outer + [result.name]).joined(separator: " > ")
        names.add(name)
        if result.isFailure { failed.append(name) }
    }

    private mutating func endStream() {
        defer {
            planned = nil
            tests = 0
            subtests = []
        }
        guard planned != nil || tests > 0 else { return }
        guard planned != tests else { return }
        let plan = planned.map { "\(Count.text($0, "test")) \($0 == 1 ? "was" : "were") planned" } ?? "there is no plan"
        gap = gap ?? "\(plan) and \(tests) ran\(stream.isEmpty ? "" : " in \(stream)")"
    }

    /// `t/a.t .. ` of prove.
    private static func header(_ text: Substring) -> String? {
        let words = text.split(separator: " ")
        guard words.count == 2, words[1].count >= 2, words[1].allSatisfy({ $0 == "." }) else { return nil }
        return String(words[0])
    }

    private static func plan(_ text: Substring) -> Int? {
        guard let rest = text.dropping("1..") else { return nil }
        let digits = rest.prefix(while: \.isNumber)
        let tail = rest[digits.endIndex...].trimmed(" ")
        return tail.isEmpty || tail.hasPrefix("#") ? Int(digits) : nil
    }

    /// Reads a result such as `not ok 3 - name # TODO why`.
    ///
    /// `TODO` and `SKIP` are directives of TAP (https://testanything.org): a test that has one does not count as failed.
    private static func result(_ text: Substring) -> (isFailure: Bool, name: String)? {
        let isFailure = text.hasPrefix("not ok")
        guard isFailure || text.hasPrefix("ok") else { return nil }
        var rest = text.dropFirst(isFailure ? 6 : 2)
        guard rest.isEmpty || rest.first == " " else { return nil }
        rest = rest.drop { $0 == " " }
        let number = rest.prefix(while: \.isNumber)
        rest = rest[number.endIndex...].drop { $0 == " " }
        if let described = rest.dropping("- ") { rest = described }
        let parts = rest.components(between: " # ")
        var directive = parts.count > 1 ? parts[parts.count - 1] : ""
        var name = parts.count > 1 ? parts.dropLast().joined(separator: " # ") : String(rest)
        if parts.count == 1, rest.hasPrefix("# ") {
            directive = rest.dropFirst(2)
            name = ""
        }
        let word = directive.prefix(4).uppercased()
        if word != "TODO", word != "SKIP" {
            if !directive.isEmpty { name = String(rest) }
        } else {
            return (false, name.isEmpty ? "test \(number)" : name)
        }
        return (isFailure, name.isEmpty ? "test \(number)" : name)
    }
}
