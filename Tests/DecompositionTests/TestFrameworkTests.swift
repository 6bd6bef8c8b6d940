import Model
import Testing

@testable import Decomposition

/// Tests that reach a task through what their framework loads by convention.
struct TestFrameworkTests {
    private func tests(
        of task: String, language: String, files: [String], edges: [(String, String)]
    ) throws -> [String] {
        let paths = files.sorted()
        let number = Dictionary(uniqueKeysWithValues: paths.enumerated().map { ($1, Int32($0)) })
        let graph = RepositoryGraph(
            files: paths.map {
                let isTest = $0.contains("test")
                return .init(path: $0, language: language, lines: 1, bytes: 1, traits: isTest ? .test : [])
            },
            edges: edges.map {
                .init(from: number[$0.0] ?? 0, to: number[$0.1] ?? 0, kind: .import, line: 1)
            })
        let list = try decompose(graph, scope: Plan.Scope(include: [task]))
        return try #require(list.tasks.first).tests
    }

    @Test func `all tests below a conftest use its fixtures`() throws {
        let found = try tests(
            of: "src/db.py", language: "python",
            files: [
                "src/db.py", "conftest.py", "tests/conftest.py", "tests/helper.py", "tests/test_db.py",
                "tests/unit/test_deep.py", "other/test_other.py",
            ], edges: [("tests/conftest.py", "tests/helper.py"), ("tests/helper.py", "src/db.py")])
        #expect(found == ["tests/test_db.py", "tests/unit/test_deep.py"])
    }

    @Test func `a conftest at the top serves every test`() throws {
        let found = try tests(
            of: "src/db.py", language: "python", files: ["src/db.py", "conftest.py", "a/test_a.py", "b/test_b.py"],
            edges: [("conftest.py", "src/db.py")])
        #expect(found == ["a/test_a.py", "b/test_b.py"])
    }

    @Test func `helpers alone stand for the tests of the package`() throws {
        let found = try tests(
            of: "src/app/db.py", language: "python",
            files: ["src/app/db.py", "src/test_app.py", "tests/helper.py", "tests/test_all.py"],
            edges: [("tests/helper.py", "src/app/db.py")])
        #expect(found == ["src/test_app.py"])
    }

    @Test func `a task that no test reaches has no tests`() throws {
        let found = try tests(
            of: "src/db.py", language: "python", files: ["src/db.py", "tests/test_all.py"], edges: [])
        #expect(found.isEmpty)
    }

    @Test func `the tests of a Go package run its TestMain`() throws {
        let found = try tests(
            of: "p/a.go", language: "go", files: ["p/a.go", "p/main_test.go", "p/x_test.go", "q/y_test.go"],
            edges: [("p/main_test.go", "p/a.go")])
        #expect(found == ["p/main_test.go", "p/x_test.go"])
    }
}
