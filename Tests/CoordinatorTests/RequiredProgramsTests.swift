import Testing

@testable import Coordinator

/// The programs without which a command certainly fails.
struct RequiredProgramsTests {
    @Test(arguments: [
        ("pytest -q", ["pytest"]), ("cd src && pytest -q 2>&1 | tee log", ["cd", "pytest", "tee"]),
        ("A=1 env B=2 pytest", ["pytest"]), ("! grep -q old {file}", ["grep"]), ("prepare; pytest", ["pytest"]),
        ("set -eu\nprepare\n# then\npytest", ["set", "prepare", "pytest"]), ("prepare &\npytest", ["pytest"]),
        ("pytest >out <in", ["pytest"]), ("pytest &>log", ["pytest"]), (">log pytest", ["pytest"]),
        ("\"my tool\" x", ["my tool"]),
    ])
    func `the last line counts, and all lines where a failure stops`(command: String, programs: [String]) {
        #expect(ShellWords.required(in: command) == programs)
    }

    @Test(arguments: [
        "ruff check || true", "if which ruff; then ruff check; fi", "command -v ruff", "(cd a; pytest)", "x=$(pytest)",
        "f() { pytest; }; f", "for i in 1 2; do pytest; done", "cat <<END\npytest\nEND", "nice -n 5 pytest",
        "case x in\nx) pytest ;;\nesac", "",
    ])
    func `a script that branches or asks needs nothing for certain`(command: String) {
        #expect(ShellWords.required(in: command).isEmpty)
    }
}
