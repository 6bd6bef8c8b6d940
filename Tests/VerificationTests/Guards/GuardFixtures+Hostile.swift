import Git
import Model

extension GuardFixture {
    private static let test = "def test_a():\n    assert f()\n    assert g()\n"
    private static let huge = String(repeating: "x", count: 2 << 20)

    /// Files as nobody writes them: none may be objected to, or only for what is wrong with them.
    static let hostile = [
        GuardFixture(
            key: "tests", name: "not: line ends became CRLF",
            files: [File("tests/test_a.py", test, test.replacing("\n", with: "\r\n"))]),
        GuardFixture(
            key: "tests", name: "not: no newline at the end",
            files: [File("tests/test_a.py", test, String(test.dropLast()))]),
        GuardFixture(
            key: "tests", name: "not: a byte order mark", files: [File("tests/test_a.py", test, "\u{FEFF}" + test)]),
        GuardFixture(
            key: "tests", name: "not: bytes that are no UTF-8",
            files: [File("tests/test_a.py", Array(test.utf8), [0x23, 0xFF, 0xFE, 0x0A] + Array(test.utf8))]),
        GuardFixture(
            key: "tests", name: "an assertion lost behind bytes that are no UTF-8",
            files: [
                File(
                    "tests/test_a.py", [0x23, 0xFF, 0xFE, 0x0A] + Array(test.utf8),
                    [0x23, 0xFF, 0xFE, 0x0A] + Array("def test_a():\n    assert f()\n".utf8))
            ], places: ["tests/test_a.py:2"]),
        GuardFixture(
            key: "tests", name: "not: code that ends in the middle",
            files: [File("a.test.ts", "it('a', () => { expect(1", "it('a', () => { expect(2")]),
        GuardFixture(
            key: "suppressions", name: "not: a line of two megabytes",
            files: [File("a.js", "x\n", "var x='\(huge)';\n")]),
        GuardFixture(
            key: "suppressions", name: "behind a line of two megabytes",
            files: [File("a.js", "x\n", "var x='\(huge)';\n// eslint-disable-line\n")], places: ["a.js:2"]),
        GuardFixture(
            key: "suppressions", name: "on a last line without newline", files: [File("a.py", "x", "x  # noqa")],
            places: ["a.py:1"]),
        GuardFixture(
            key: "suppressions", name: "with CRLF", files: [File("a.py", "x\r\n", "x\r\ny  # noqa\r\n")],
            places: ["a.py:2"]),
        GuardFixture(
            key: "suppressions", name: "not: a file that changed its name and its language",
            files: [File("a.js", "// eslint-disable\n", nil), File("a.ts", nil, "// eslint-disable\n")]),
        GuardFixture(
            key: "secrets", name: "not: a megabyte of random letters on one line",
            files: [
                File(
                    "bundle.min.js", nil,
                    "var token=\"" + String(repeating: "q7Rt2mZx9Kc4VbN8wLp3Hs6Y", count: 40_000) + "\";\n")
            ]),
        GuardFixture(
            key: "placeholders", name: "not: a comment of a megabyte",
            files: [File("a.c", nil, "/* " + String(repeating: "rest unchanged ", count: 70_000) + "*/\n")]),
        GuardFixture(
            key: "emptied_files", name: "not: only the mode was changed",
            files: [File("a.py", "", "", oldMode: .executable, newMode: .regular)],
            rules: GuardRules(write: .repository, modes: .allow)),
        GuardFixture(key: "conflict_markers", name: "not: an empty file", files: [File("a.py", nil, "")]),
    ]
}
