import Git
import Model
import Testing

@testable import Verification

@Suite struct MissingProgramTests {
    @Test(arguments: [
        ("sh: 1: prettier: not found", "prettier"), ("bash: line 1: prettier: command not found", "prettier"),
        ("/bin/sh: prettier: command not found", "prettier"), ("zsh:1: command not found: prettier", "prettier"),
        ("env: 'prettier': No such file or directory", "prettier"),
        ("/usr/bin/env: ‘node’: No such file or directory", "node"),
        ("exit status 127: the command was not found\nsh: 1: prettier: not found", "prettier"),
    ])
    func `the program that a shell could not find is named`(output: String, name: String) {
        #expect(MissingProgram.name(status: 127, output: output) == name)
        #expect(MissingProgram.name(status: 1, output: output) == nil)
    }

    @Test(arguments: [
        "sh: 1: ./gradlew: not found", "the command was not found", "bash: line 3: /opt/x: No such file or directory",
    ])
    func `a path belongs to the tree and is no program of the machine`(output: String) {
        #expect(MissingProgram.name(status: 127, output: output) == nil)
    }

    @Test func `a missing program stops the run only where the work cannot be the cause`() {
        let output = "sh: 1: prettier: not found"
        func failure(_ command: String, isOnBase: Bool = false) -> Failure? {
            Failure(missingProgramOf: "check 'x'", command: command, status: 127, output: output, isOnBase: isOnBase)
        }
        #expect(failure("prettier --check .")?.kind == .brokenSetup)
        #expect(failure("prettier .")?.summary == "check 'x' needs the program 'prettier', which was not found")
        // A script of the tree, which the worker may have edited, names the program.
        #expect(failure("make check") == nil)
        #expect(failure("make check", isOnBase: true)?.kind == .brokenSetup)
    }

    @Test(arguments: [
        ("make test", 2, "make: pytest: No such file or directory", "pytest"),
        ("make test", 2, "/bin/sh: 1: pytest: not found\nmake: *** [Makefile:2: test] Error 127", "pytest"),
        ("python3 -m pytest -q", 1, "/usr/bin/python3: No module named pytest", "python -m pytest"),
        ("sh ./lint", 1, "./lint: 3: pytest: not found", "pytest"), ("sh ./lint", 1, "sh: pytest: not found", "pytest"),
        ("npx x", 127, "sh: 1: /opt/x/run: not found", "/opt/x/run"),
    ])
    func `on the base a script of the tree may have started it`(
        command: String, status: Int32, line: String, name: String
    ) {
        let output = "exit status \(status)\n\(line)"
        #expect(MissingProgram.onBase(command: command, status: status, output: output) == name)
    }

    @Test(arguments: [
        ("pytest", "ModuleNotFoundError: No module named 'pkg'"), ("pytest", "error: module foo: not found"),
        ("python3 -m unittest", "python3: No module named pkg"),
        ("python3 -m pkg.lint", "python3: No module named pkg.lint"),
    ])
    func `what other programs do not find is no program`(command: String, line: String) {
        #expect(MissingProgram.onBase(command: command, status: 1, output: line) == nil)
    }

    private func result(_ digest: String, tests: [String] = []) -> CheckResult {
        CheckResult(
            name: "c", command: "c", outcome: .failed, status: 1, seconds: 1, digest: digest, failedTests: tests)
    }

    @Test(arguments: [
        "src/a.c:3:5: error: expected ';'", "error[E0425]: cannot find value", "a.ts(3,5): error TS2304: no name",
        "src/a.ts:1:2 - error TS2304: no name", "A.cs(3,5): error CS1002: ; expected", "  SyntaxError: invalid syntax",
        "FAIL\tpkg [build failed]", "Foo.java:3: error: cannot find symbol", "[ERROR] COMPILATION ERROR :",
    ])
    func `a compiler's error is not taken for a flaky test`(line: String) {
        #expect(CompilerErrors.explain(result("exit status 1\n\(line)")))
        #expect(!CompilerErrors.explain(result(line, tests: ["a"])))
    }

    @Test(arguments: ["AssertionError: 1 != 2", "ERROR: timed out", "test_a FAILED: error: refused"])
    func `other failures may be flaky`(line: String) { #expect(!CompilerErrors.explain(result(line))) }

    @Test func `text that became binary is objected to at any size`() throws {
        let ids = try (0..<2).map { try #require(ObjectID(hex: String(repeating: "\($0 + 1)", count: 40))) }
        func objections(_ old: String, _ new: String) -> [String] {
            let change = FileChange(
                path: "CHANGELOG", status: .modified, oldMode: .regular, newMode: .regular, oldID: ids[0], newID: ids[1]
            )
            let task = MigrationTask(id: TaskID("t"), title: "t", files: ["CHANGELOG"])
            let diff = AttemptDiff([change], of: task) { id in Array((id == ids[0] ? old : new).utf8) }
            return BinaryGuard(mostBytes: 1 << 20).objections(to: diff).map { "\($0.line ?? 0) \($0.reason)" }
        }
        #expect(objections("a\nb\n", "a\nb\0\n") == ["2 was text and has a NUL byte now"])
        // Git looks for a NUL in the first 8000 bytes only.
        let long = String(repeating: "x", count: 9000)
        #expect(objections(long, long + "\0").count == 1)
        #expect(objections("a\0", "b\0").isEmpty && objections("", "b\0").isEmpty && objections("a", "b").isEmpty)
    }
}
