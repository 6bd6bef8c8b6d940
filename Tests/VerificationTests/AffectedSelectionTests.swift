import Model
import Testing

@testable import Verification

struct AffectedSelectionTests {
    private func task(_ files: [String], tests: [String]) -> MigrationTask {
        MigrationTask(id: TaskID(files[0]), title: files[0], files: files, tests: tests)
    }

    private let list = [
        Check(name: "build", run: "make"),
        Check(name: "unit", run: "pytest {affected_tests}", affected: AffectedRule(tests: ["tests/unit/**"])),
        Check(name: "all", run: "pytest", affected: AffectedRule()),
    ]

    @Test func `a check gets the tests of all tasks that its globs match`() throws {
        let selection = AffectedSelection([
            (task(["a.py"], tests: ["tests/unit/b.py", "tests/web/a.py"]), ["a.py"]),
            (task(["c.py"], tests: ["tests/unit/a.py", "tests/unit/b.py"]), ["c.py"]),
        ])
        let checks = selection.checks(of: list)
        #expect(checks.map(\.name) == ["build", "unit", "all"])
        #expect(checks[0] == list[0])
        #expect(checks[1].affected?.selection == ["tests/unit/a.py", "tests/unit/b.py"])
        #expect(checks[2].affected?.selection == ["tests/unit/a.py", "tests/unit/b.py", "tests/web/a.py"])
    }

    @Test func `a check that no test reaches is left out, and ordinary checks stay`() {
        let none = AffectedSelection([(task(["a.py"], tests: []), ["a.py"])])
        #expect(none.checks(of: list).map(\.name) == ["build"])
        let web = AffectedSelection([(task(["a.py"], tests: ["tests/web/a.py"]), ["a.py"])])
        #expect(web.checks(of: list).map(\.name) == ["build", "all"])
    }

    @Test func `where the graph cannot tell, every check runs whole`() {
        let tests = ["tests/unit/a.py"]
        var derived = task(["a.py"], tests: [])
        derived.derivedFrom = TaskID("b.py")
        let unknown: [(task: MigrationTask, changed: [String])] = [
            // More than the task's files.
            (task(["a.py"], tests: tests), ["a.py", "b.py"]),
            // No source code.
            (task(["a.html.j2"], tests: tests), ["a.html.j2"]), (task(["data.bin"], tests: tests), ["data.bin"]),
            // The list of tests is cut off.
            (task(["a.py"], tests: (0..<MigrationTask.mostTests).map { "tests/\($0).py" }), ["a.py"]),
            (derived, ["a.py"]),
        ]
        for work in unknown {
            #expect(AffectedSelection([work]) == .unknown, "\(work.task.id)")
            #expect(AffectedSelection([(task(["k.py"], tests: tests), ["k.py"]), work]).checks(of: list) == list)
        }
        let most = (1..<MigrationTask.mostTests).map { "tests/\($0).py" }
        #expect(AffectedSelection([(task(["a.py"], tests: most), ["a.py"])]) == .tests(Set(most)))
    }

    @Test func `the whole check has no tests in its command`() {
        #expect(list[1].wholeCommand == "pytest ")
        let steps = CheckRunner.steps(of: [list[1]], files: [], tests: [], task: nil, job: nil)
        #expect(steps.map(\.command) == ["pytest "])
        let part = AffectedSelection([(task(["a.py"], tests: ["tests/unit/it's.py"]), ["a.py"])]).checks(of: list)[1]
        let chosen = CheckRunner.steps(of: [part], files: [], tests: [], task: nil, job: nil)
        #expect(chosen.map(\.command) == [#"pytest 'tests/unit/it'\''s.py'"#])
    }
}
