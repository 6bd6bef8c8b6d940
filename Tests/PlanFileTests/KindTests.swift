import Model
import Testing

@testable import PlanFile

@Suite struct QuantityTests {
    @Test(
        arguments: [
            ("0", 0), ("7", 7), ("2_000", 2000), ("10", 10), ("01", nil), ("_1", nil), ("1_", nil), ("", nil),
            ("-1", nil),
            ("1.0", nil), ("1000000000000000", 1_000_000_000_000_000), ("1000000000000001", nil),
            ("99999999999999999999", nil),
        ] as [(String, Int?)])
    func `whole numbers are digits without a leading zero`(_ text: String, _ number: Int?) {
        #expect(Quantity.whole(text) == number)
    }

    @Test(
        arguments: [
            ("0.5", 0.5), ("2_0.25", 20.25), ("3", 3), (".5", nil), ("1.", nil), ("1.2.3", nil), ("1e3", nil),
            ("1.5_0", nil),
        ] as [(String, Double?)])
    func `decimal numbers have digits on both sides of the point`(_ text: String, _ number: Double?) {
        #expect(Quantity.decimal(text) == number)
    }

    @Test(
        arguments: [
            ("1d", 86_400), ("1h1s", 3601), ("2m", 120), ("1m1h", nil), ("1m1m", nil), ("m", nil), ("1", 1),
            ("1x", nil),
            ("1h2", nil), ("", nil),
        ] as [(String, Double?)])
    func `durations have each unit once, in order`(_ text: String, _ seconds: Double?) {
        #expect(Quantity.seconds(text) == seconds)
    }

    @Test(
        arguments: [
            ("512K", 524_288), ("10M", 10_485_760), ("1G", 1_073_741_824), ("3", 3), ("1k", nil), ("0", nil),
        ] as [(String, Int?)])
    func `sizes count by 1024`(_ text: String, _ bytes: Int?) throws {
        let plan = try? PlanText.plan("guards: {max_binary: \(text)}")
        #expect(plan?.guards.maxBinary == bytes)
    }

    @Test(
        arguments: [("1%", 0.01), ("100%", 1), ("12.5%", 0.125), ("0%", nil), ("100.5%", nil), ("30", nil)]
            as [(String, Double?)])
    func `percentages are above 0 and at most 100`(_ text: String, _ share: Double?) {
        let plan = try? PlanText.plan("checkpoints: [{after: {failure_rate: \(text)}}]")
        #expect(plan?.checkpoints.map(\.after) == share.map { [.failureRate($0)] })
    }

    @Test func `the longest duration is a leap year`() throws {
        #expect(try PlanText.plan("budget: {wall: 366d}").budget.wall == 31_622_400)
        #expect(PlanText.errors(PlanText.start + "budget: {wall: 367d}").count == 1)
    }

    @Test func `retries may be 0 and attempts may not`() throws {
        #expect(try PlanText.plan("verify: {task: [{run: a, retries: 0}]}").verify.task[0].retries == 0)
        #expect(PlanText.errors(PlanText.start + "landing: {max_batch: 0}").count == 1)
    }
}

@Suite struct SuggestionTests {
    @Test(arguments: [
        ("verify", "verify", 0), ("verfy", "verify", 1), ("evrify", "verify", 1), ("Verify", "verify", 0),
        ("max-files", "max_files", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("abcd", "acbd", 1),
    ])
    func `a distance counts insertions, deletions, replacements and swaps`(_ a: String, _ b: String, _ distance: Int) {
        #expect(Suggestion.distance(a, b) == distance)
        #expect(Suggestion.distance(b, a) == distance)
    }

    @Test func `only a near candidate is suggested`() {
        #expect(Suggestion.closest(to: "verfy", among: ["verify", "version"]) == "verify")
        #expect(Suggestion.closest(to: "ab", among: ["cd"]) == nil)
        #expect(Suggestion.closest(to: "abcdef", among: ["abcdxy"]) == "abcdxy")
        #expect(Suggestion.closest(to: "abcdef", among: ["abcxyz"]) == nil)
        #expect(
            Suggestion.closest(to: String(repeating: "a", count: 41), among: [String(repeating: "a", count: 41)]) == nil
        )
        #expect(Suggestion.closest(to: "ab", among: ["ac", "ad"]) == "ac")
    }
}

@Suite struct BranchNameTests {
    @Test(
        arguments: [
            ("a", nil), ("a/b", nil), ("a.b", nil), ("é", nil), ("a b", 1), ("a\u{7F}", 1), ("a~", 1), ("a^", 1),
            ("a:", 1),
            ("a?", 1), ("a*", 1), ("a[", 1), ("a\\", 1), ("a..b", 1), ("a@{b", 1), ("a//b", 1), ("@", 0), ("HEAD", 0),
            ("-a", 0), ("/a", 0), ("a/", 2), (".a", 0), ("a/.b", 2), ("a.", 0), ("a.lock", 0), ("a/b.lock/c", 2),
        ] as [(String, Int?)])
    func `names follow the rules of Git`(_ name: String, _ offset: Int?) {
        #expect(BranchName.problem(with: name)?.offset == offset)
    }

    @Test func `a name has at most 200 bytes`() {
        #expect(BranchName.problem(with: String(repeating: "a", count: 200)) == nil)
        #expect(BranchName.problem(with: String(repeating: "a", count: 201)) != nil)
    }

    @Test func `a part has no slash`() {
        #expect(BranchName.partProblem(with: "ab/c")?.offset == 2)
        #expect(BranchName.partProblem(with: "abc") == nil)
        #expect(BranchName.partProblem(with: "a b")?.hint?.contains("modernise-typing") == true)
    }
}

@Suite struct CheckNameTests {
    @Test func `an unnamed check is called by the first words of its command`() {
        var names = CheckNames(taken: ["make test"])
        #expect(names.next(for: "make test -j", otherwise: "x") == "make test -j")
        #expect(names.next(for: "make test", otherwise: "x") == "make test (2)")
        #expect(names.next(for: "make test", otherwise: "x") == "make test (3)")
        #expect(names.next(for: "a b c d", otherwise: "x") == "a b c")
        #expect(names.next(for: "a b c e", otherwise: "x") == "a b c (2)")
        #expect(names.next(for: "run 'x'", otherwise: "x") == "run")
        #expect(names.next(for: "! grep", otherwise: "x") == "x")
        #expect(names.next(for: "[ -e a ]", otherwise: "x") == "x (2)")
        #expect(names.next(for: String(repeating: "a", count: 50), otherwise: "x") == String(repeating: "a", count: 40))
    }

    @Test func `a name is one line of at most 72 characters`() {
        #expect(CheckNames.problem(String(repeating: "a", count: 72)) == nil)
        #expect(CheckNames.problem(String(repeating: "a", count: 73)) != nil)
        #expect(CheckNames.problem("ab\u{1F}")?.offset == 2)
        #expect(CheckNames.problem("a\u{7F}")?.offset == 1)
    }
}

@Suite struct JSONValueTests {
    private let value: JSONValue = ["a": [1, "x\"\\\n\t\u{1}"], "b": ["c": true]]

    @Test func `text has one line or an indent`() {
        #expect(value.text() == #"{"a": [1, "x\"\\\n\t\u0001"], "b": {"c": true}}"#)
        #expect(
            (["b": ["c": true], "d": 1] as JSONValue).text(indent: 0)
                == "{\n  \"b\": {\n    \"c\": true\n  },\n  \"d\": 1\n}")
        #expect((JSONValue.object([])).text(indent: 0) == "{}")
    }

    @Test func `a value is read like one of a file`() {
        guard case .mapping(let entries) = value.node.content else {
            Issue.record("expected a mapping")
            return
        }
        #expect(entries.map(\.key) == ["a", "b"])
        #expect(JSONValue.bool(true).node.found == "'true'" && JSONValue.integer(3).node.found == "'3'")
    }
}

@Suite struct SourceNodeTests {
    private func node(_ text: String, _ style: SourceNode.Scalar.Style = .plain) -> SourceNode {
        SourceNode(place: .wholeFile, content: .scalar(.init(text: text, style: style)))
    }

    @Test func `an unquoted empty value is null`() {
        for text in ["", "~", "null", "Null", "NULL"] {
            #expect(node(text).isNull && node(text).found == "nothing")
            #expect(!node(text, .quoted).isNull)
        }
        #expect(!node("nil").isNull)
    }

    @Test func `a long text is shortened to its start`() {
        #expect(SourceNode.shortened(String(repeating: "a", count: 60)).count == 60)
        #expect(SourceNode.shortened(String(repeating: "a", count: 61)) == String(repeating: "a", count: 57) + "...")
        #expect(SourceNode.shortened("a\nb") == "a...")
    }

    @Test func `a mapping takes only missing values from another`() {
        let key = Key.required("a", Kind<String>.text("a text"), meaning: "")
        let other = Key.required("b", Kind<String>.text("a text"), meaning: "")
        var first = MappingDraft(place: .wholeFile)
        first.nodes["a"] = node("1")
        first.values["a"] = "1"
        var second = first
        second.nodes = ["a": node("2"), "b": node("3")]
        second.values = ["a": "2", "b": "3"]
        #expect(first.has(key) && !first.has(other))
        let merged = first.inheriting(second)
        #expect(merged.values["a"] as? String == "1" && merged.values["b"] as? String == "3")
        #expect(!first.inheriting(second, excluding: [other]).has(other))
        // A value that could not be read is not replaced by an inherited one.
        first.values["a"] = nil
        #expect(first.inheriting(second).values["a"] == nil)
    }
}

@Suite struct PlanProblemsTests {
    @Test func `problems of the plan come first, each file sorted by place`() {
        func problem(_ file: String, _ line: Int, _ column: Int, _ message: String) -> Diagnostic {
            Diagnostic(file: file, line: line, column: column, message: message)
        }
        let problems = PlanProblems([
            problem("p", 2, 1, "c"), problem("w", 1, 1, "e"), problem("p", 1, 9, "b"), problem("p", 1, 2, "a"),
            problem("p", 2, 1, "d"),
        ])
        #expect(problems.diagnostics.map(\.message) == ["a", "b", "c", "d", "e"])
    }
}
