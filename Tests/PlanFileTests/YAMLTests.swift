import Foundation
import Model
import Testing

@testable import PlanFile

/// What the format takes of YAML, and what it says of the rest.
@Suite struct YAMLTests {
    @Test func `anchors aliases and merge keys`() throws {
        let plan = try PlanText.plan(
            """
            x-shared:
              - &slow {timeout: 1h, exclusive: true}
              - &env [A, B=1]
              - &quick {timeout: 5s, environment: *env}
            verify:
              environment: *env
              task:
                - {<<: *slow, run: a}
                - {<<: *slow, run: b, timeout: 2h}
                - {<<: [*quick, *slow], run: c}
            """)
        #expect(plan.verify.environment == ["A", "B=1"])
        #expect(plan.verify.task.map(\.timeout) == [3600, 7200, 5])
        #expect(plan.verify.task.map(\.exclusive) == [true, true, true])
        #expect(plan.verify.task[2].environment == ["A", "B=1"])
    }

    @Test func `aliases of scalars and keys`() throws {
        let plan = try PlanText.plan("x-a: &k base\nx-b: &v v1\n*k : *v\n")
        #expect(plan.base == "v1")
    }

    @Test func `stars in texts are no aliases`() throws {
        let plan = try PlanText.plan(
            """
            scope: {include: ["*a", '**/*b*', src/*c]}
            verify: {task: [{run: ls *d "*e"}, {name: "f*g", run: "h"}]}  # *i
            guards:
              forbid:
                - |-
                  *j
            """)
        #expect(plan.scope.include == ["*a", "**/*b*", "src/*c"])
        #expect(plan.verify.task[0].run == "ls *d \"*e\"")
        #expect(plan.verify.task[1].name == "f*g")
        #expect(plan.guards.forbid == ["*j"])
    }

    @Test(arguments: [
        ("base: *nope", ["6:7: no anchor '&nope' comes before this alias"]),
        (
            "scope: {include: [*.py]}",
            [
                "6:20: not YAML: while scanning an alias, started at line 6: did not find expected alphabetic or numeric character"
            ]
        ),
        ("scope: {include: [*a/b]}", ["6:19: '*a/b' is not an alias"]),
        ("scope: &a {exclude: *a}", ["6:21: no anchor '&a' comes before this alias"]),
        ("scope: {<<: 3}", ["6:13: '<<' takes a mapping or a list of mappings, found '3'"]),
        (
            "scope: {<<: &a {x: 1}}\nguards: {<<: *a}",
            [
                "6:17: unknown key 'x' in 'scope'", "6:17: unknown key 'x' in 'guards'",
            ]
        ),
        (
            "base: a\nbase: b\nscope: {exclude: [], 'exclude': [], \"exclude\": []}",
            [
                "7:1: duplicate key 'base'", "8:22: duplicate key 'exclude'", "8:37: duplicate key 'exclude'",
            ]
        ),
        ("x-a:\n  *b: 1\n  *b: 2", ["7:3: duplicate key '*b'"]),
        ("? |\n  base\n: a\n? |\n  base\n: b\n", ["6:3: duplicate key 'base\n'"]),
        (
            "scope:\n\texclude: []",
            [
                "7:1: not YAML: while scanning for the next token, started at line 7: found character that cannot start any token"
            ]
        ),
        (
            "scope: {",
            ["7:1: not YAML: while parsing a flow node, started at line 7: did not find expected node content"]
        ),
        ("base: a: b", ["6:8: not YAML: mapping values are not allowed in this context"]),
        (
            "base: \"a",
            ["6:9: not YAML: while scanning a quoted scalar, started at line 6: found unexpected end of stream"]
        ),
        (
            "base: @a",
            [
                "6:7: not YAML: while scanning for the next token, started at line 6: found character that cannot start any token"
            ]
        ),
        ("---\nversion: 1", ["6:1: the file contains more than one document"]),
    ])
    func `a slip in the YAML is named`(_ more: String, _ expected: [String]) {
        #expect(PlanText.errors(PlanText.start + more) == expected)
    }

    @Test(arguments: [
        ("scope:\n\texclude: []", "indent with spaces instead of the tab"),
        ("base: @a", "put quotes around a text that starts with '@'"),
        ("scope: {include: [*.py]}", "put quotes around a text that starts with '*' or '&'"),
        ("scope: {include: [*py]}", "put quotes around a text that starts with '*'"),
        ("base: a: b", "put quotes around a text that contains ': ', or check the indentation"),
        ("verify: {task: [{run: {files}}]}", "put quotes around a text that starts with '{'"),
        ("scope: {include: [{a,b}]}", "put quotes around a text that starts with '{'"),
        ("base: a\nbase: b", "it first occurs on line 6"),
        ("---\nversion: 1", "remove the '---', or make two files"),
    ])
    func `a slip in the YAML gets a hint`(_ more: String, _ hint: String) {
        let problems = #expect(throws: PlanProblems.self) { try PlanText.load(PlanText.start + more).get() }
        #expect(problems?.diagnostics.first?.hint == hint)
    }

    @Test(arguments: [("", "the file is empty"), ("# nothing\n", "the file is empty")])
    func `empty files`(_ text: String, _ message: String) { #expect(PlanText.errors(text) == ["0:0: \(message)"]) }

    @Test(arguments: ["---\n", "a", "[]", "- a"])
    func `other than a mapping`(_ text: String) {
        #expect(PlanText.errors(text).first?.contains("expected a mapping with version, name") == true)
    }

    @Test func `a document may be marked`() throws {
        #expect(throws: Never.self) { try PlanText.load("---\n" + PlanText.start).get() }
    }

    @Test(arguments: ["\r\n", "\r"])
    func `other line ends`(_ end: String) {
        #expect(
            PlanText.errors((PlanText.start + "base: v\nbsae: w\n").replacing("\n", with: end)) == [
                "7:1: unknown key 'bsae'"
            ])
    }

    /// Each of these would take the memory or the age of the universe if it were written out.
    @Test(arguments: [
        "x-a: &a0 [a]\n"
            + (1...30).map {
                "x-a\($0): &a\($0) [" + Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ",") + "]"
            }.joined(separator: "\n"),
        "x-a: &a0 {a: 1}\n"
            + (1...60).map { "x-a\($0): &a\($0) {l: *a\($0 - 1), r: *a\($0 - 1)}" }.joined(separator: "\n"),
        "x-a: &a0 [a]\n"
            + (1...60).map { "x-a\($0): &a\($0) {? [*a\($0 - 1), *a\($0 - 1)] : 1}" }.joined(separator: "\n"),
        "x-a: &a0 {a: 1}\n"
            + (1...60).map { "x-a\($0): &a\($0) {<<: [*a\($0 - 1), *a\($0 - 1)], b\($0): 1}" }.joined(separator: "\n"),
    ])
    func `alias bombs`(_ more: String) {
        let errors = PlanText.errors(PlanText.start + more)
        #expect(
            errors.contains {
                $0.contains("values with its aliases expanded") || $0.contains("nested")
                    || $0.contains("a key must be")
            })
    }

    /// The limit holds for what could still be written out, and says where it is passed.
    @Test func `aliases have a limit`() {
        let tenfold = (1...4).map {
            "x-a\($0): &a\($0) [" + Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ",") + "]\n"
        }
        let few = PlanText.start + "x-a: &a0 [a]\n" + tenfold.joined()
        #expect(PlanText.errors(few) == [])
        let many = few + "x-b: [*a4, *a4]\n"
        #expect(PlanText.errors(many) == ["11:6: the file has more than 50000 values with its aliases expanded"])
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "{? "])
    func `deep nesting`(_ open: String) {
        #expect(!PlanText.errors(PlanText.start + "x-a:\n  " + String(repeating: open, count: 100_000)).isEmpty)
        let closed = "x-a: " + String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        #expect(PlanText.errors(PlanText.start + closed) == ["6:45: values are nested more than 40 deep"])
    }

    @Test func `duplicates without end`() {
        let text = PlanText.start + (0..<60).map { "x\($0): 1\nx\($0): 2\n" }.joined()
        #expect(PlanText.errors(text) == ["0:0: the file has 50 or more duplicate keys"])
    }

    @Test func `every private use character is taken`() throws {
        var text = PlanText.start + "x-a: \""
        for value in UInt32(0xE000)...0xF8FF { text.unicodeScalars.append(try #require(Unicode.Scalar(value))) }
        #expect(PlanText.errors(text + "\"") == ["0:0: the file uses almost every private-use character of Unicode"])
        #expect(try PlanText.plan("base: \"\u{E000}*a\"").base == "\u{E000}*a")
    }

    @Test func `places inside texts`() {
        let more = """
            verify:
              task:
                - run: a {x1} {x}
                - run: "é {x}"
                - run: "\\t {x}"
                - run: |
                    # ok
                      b {x}
                - run: >
                    c
                    {x}
            """
        let places = PlanText.errors(PlanText.start + more).map { $0.split(separator: " ")[0] }
        #expect(places == ["8:19:", "9:15:", "10:12:", "13:13:", "14:12:"])
    }
}
