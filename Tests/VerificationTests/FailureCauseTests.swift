import Model
import Testing

@testable import Verification

/// The place and the message that a tool's output leads to, and lines that its digest keeps.
struct CauseExpectation: Sendable, CustomTestStringConvertible {
    let tool: String
    let place: String?
    let message: String
    var keeps: [String] = []

    var testDescription: String { tool }

    static let all: [CauseExpectation] = [
        .init(
            tool: "node-syntax", place: "src/a.js:3", message: "SyntaxError: Unexpected token ';'",
            keeps: ["src/a.js:3", "const x = ;", "          ^"]),
        .init(
            tool: "node-spec", place: "shapes.test.js:2",
            message: "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:"),
        .init(tool: "node-tap", place: "shapes.test.js:2", message: "Expected values to be strictly equal:"),
        .init(
            tool: "python-file", place: "b.py:4", message: "SyntaxError: invalid syntax",
            keeps: ["File \"b.py\", line 4", "    x = = 3", "        ^"]),
        .init(
            tool: "python-syntax", place: "broken.py:1", message: "SyntaxError: invalid syntax",
            keeps: ["File \"broken.py\", line 1", "    def f(:", "          ^"]),
        .init(tool: "python-traceback", place: "shapes.py:7", message: "KeyError: 'a'"),
        .init(tool: "compileall", place: "broken.py:1", message: "SyntaxError: invalid syntax"),
        .init(tool: "unittest", place: "shapes.py:7", message: "KeyError: 'square'"),
        .init(tool: "pytest", place: "tests/test_shapes.py:5", message: "assert 5 == 6"),
        .init(tool: "pytest-colour", place: "tests/test_shapes.py:5", message: "assert 5 == 6"),
        .init(
            tool: "reports/pytest-collection", place: "tests/test_import.py:1",
            message: "ModuleNotFoundError: No module named 'nothing_here'"),
        .init(tool: "go-test", place: "area_test.go:7", message: "Area(2, 3) = 5, want 6"),
        .init(
            tool: "go-panic-trace", place: "shapes.go:6",
            message: "panic: runtime error: index out of range [3] with length 2"),
        .init(tool: "reports/go-build", place: "shapes.go:3", message: "undefined: x"),
        .init(
            tool: "javac", place: "Area.java:2", message: "cannot find symbol",
            keeps: ["return width * hight;", "                ^"]),
        .init(tool: "rustc", place: "src/main.rs:1", message: "mismatched types", keeps: ["^^^^^^^^^^^^^^ expected"]),
        .init(
            tool: "clang", place: "src/area.c:2",
            message: "use of undeclared identifier 'hight'; did you mean 'height'?", keeps: ["^~~~~"]),
        .init(tool: "gcc", place: "src/area.c:2", message: "‘hight’ undeclared"),
        .init(
            tool: "swiftc", place: "src/area.swift:2",
            message: "cannot convert value of type 'String' to specified type 'Int'",
            keeps: ["2 | let x: Int = area(2, \"3\")"]),
        .init(
            tool: "tsc", place: "src/area.ts:1",
            message: "TS2322: Type 'number' is not assignable to type 'string'."),
        .init(
            tool: "tsc-pretty", place: "src/area.ts:1",
            message: "TS2322: Type 'number' is not assignable to type 'string'.", keeps: ["~~~~~~"]),
        .init(
            tool: "jest", place: "src/sum.test.js:4", message: "expect(received).toBe(expected) // Object.is equality",
            keeps: ["> 4 |", "^", "at Object.toBe (src/sum.test.js:4:21)"]),
        .init(
            tool: "junit", place: "AreaTest.java:9", message: "expected: <6> but was: <5>",
            keeps: ["AreaTest.area(AreaTest.java:9)"]),
        .init(tool: "ld", place: nil, message: "link.c:(.text+0xa): undefined reference to `missing_function'"),
        .init(tool: "missing-command", place: nil, message: "sh: 1: no_such_tool: not found"),
    ]
}

@Suite struct FailureCauseTests {
    private static func cause(_ log: String) -> FailureCause? {
        FailureCause(in: FailureDigest(checkout: "/state/slots/1").digest(of: log.utf8))
    }

    @Test(arguments: CauseExpectation.all)
    func `a tool's output leads to the place in the user's code`(expected: CauseExpectation) throws {
        let digest = FailureDigest(checkout: "/state/slots/1").digest(of: try Fixture.text(expected.tool).utf8)
        let cause = try #require(FailureCause(in: digest), "\(digest)")
        #expect(cause.place == expected.place, "\(digest)")
        #expect(cause.message.contains(expected.message), "\(cause.message)")
        for line in expected.keeps { #expect(digest.contains(line), "\(digest)") }
    }

    @Test(arguments: [
        ("[ERROR] /state/slots/1/src/main/java/A.java:[5,10] cannot find symbol", "src/main/java/A.java:5"),
        ("e: file:///state/slots/1/src/a.kt:3:5 Unresolved reference: x", "src/a.kt:3"),
        ("src/A.cs(3,5): error CS0103: The name 'x' does not exist", "src/A.cs:3"),
        ("PHP Parse error:  syntax error, unexpected '}' in /state/slots/1/src/a.php on line 3", "src/a.php:3"),
        ("lib/a.rb:3:in 'Shape#load': no such shape (KeyError)", "lib/a.rb:3"),
        ("./build.sh: line 7: npx: command not found", "build.sh:7"),
        ("thread 'main' panicked at src/lib.rs:3:5:\nassertion `left == right` failed", "src/lib.rs:3"),
        ("✘ Test \"area\" recorded an issue at AreaTests.swift:5:3: Expectation failed: a == b", "AreaTests.swift:5"),
        ("/state/slots/1/Tests/A.swift:5: error: A.test : XCTAssertEqual failed: (1) is not (2)", "Tests/A.swift:5"),
        ("SyntaxError: /state/slots/1/src/a.js: Unexpected token (3:5)", "src/a.js:3"),
        ("AssertionError: expected 3 to be 4\n ❯ src/a.test.ts:5:20", "src/a.test.ts:5"),
        (
            "java.lang.NullPointerException: x\n\tat java.base/java.util.Objects.f(Objects.java:2)\n\tat a.B.c(B.java:9)",
            "B.java:9"
        ),
        (
            "TypeError: x is not a function\n    at f (/state/slots/1/node_modules/m/i.js:1:1)\n    at src/b.js:4:2",
            "src/b.js:4"
        ),
        ("src/a.py:3: error: Incompatible types  [assignment]", "src/a.py:3"),
        ("src/a.py:1:8: F401 [*] `os` imported but unused", "src/a.py:1"),
        ("src/a.py:12:old = 1", "src/a.py:12"),
        ("src/a.c:1:1: warning: unused\nsrc/a.c:4:2: error: bad", "src/a.c:4"),
        (
            "Traceback (most recent call last):\n  File \"a.py\", line 2, in f\n    g()\n  File \"/usr/lib/python3.11/json/__init__.py\", line 4, in g\n    h()\nValueError: no",
            "a.py:2"
        ),
    ]) func `every form of a place is read`(log: String, place: String) {
        #expect(Self.cause(log)?.place == place)
    }

    @Test(arguments: ["", "exit status 1", "12 files are left", "see https://example.com:443/a", "at 12:30:05"])
    func `output without an error has no cause`(text: String) {
        #expect(FailureCause(in: text) == nil)
    }

    @Test func `a message is one line of bounded length`() throws {
        let cause = try #require(FailureCause(in: "a.c:1:1: error: " + String(repeating: "long ", count: 100)))
        #expect(cause.message.count == 200)
        #expect(cause.message.hasSuffix("…"))
    }
}
