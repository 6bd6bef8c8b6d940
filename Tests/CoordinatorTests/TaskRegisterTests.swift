import Model
import Prompts
import Testing

@testable import Coordinator

@Suite("The register of tasks")
struct TaskRegisterTests {
    private func task(_ id: String, files: [String], needs: [String] = [], derivedFrom: String? = nil) -> MigrationTask
    {
        var task = MigrationTask(id: TaskID(id), title: id, files: files, dependencies: needs.map { TaskID($0) })
        task.derivedFrom = derivedFrom.map { TaskID($0) }
        return task
    }

    private func landed(_ ids: String...) throws -> Fact {
        let commit = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        return .landed(.init(candidate: 1, commits: ids.map { .init(task: TaskID($0), commit: commit) }))
    }

    private func verified(_ id: String, paths: [String], reason: String) throws -> Fact {
        let commit = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        return .attemptVerified(
            .init(
                task: TaskID(id), attempt: 1, worker: "w", commit: commit, base: commit, tree: commit,
                changes: paths.map { ChangedPath(path: $0, added: 1, removed: 0) }, checks: [], seconds: 1,
                reason: reason))
    }

    @Test func `knows tasks and who owns a file`() {
        let register = TaskRegister([task("one", files: ["a", "b"]), task("two", files: ["b", "c"])])
        #expect(register[TaskID("one")]?.files == ["a", "b"])
        #expect(register[TaskID("three")] == nil)
        #expect(register.owner(of: "c") == TaskID("two"))
        #expect(register.owner(of: "d") == nil)
        // A file of two tasks belongs to the first.
        #expect(register.owner(of: "b") == TaskID("one"))
    }

    @Test func `takes in tasks that were added, once`() throws {
        let register = TaskRegister([task("one", files: ["a"])])
        let added = task("late", files: ["z"], needs: ["one"], derivedFrom: "one")
        let fact = Fact.tasksAdded(.init(tasks: [added], cause: TaskID("one"), reason: ""))
        register.remember(fact)
        register.remember(fact)
        #expect(register.owner(of: "z") == TaskID("late"))
        #expect(register.derivedCount == 1)
        #expect(register.hasDependents(TaskID("one")))
        #expect(!register.hasDependents(TaskID("late")))
        #expect(register.needs(of: TaskID("late")) == [TaskID("one")])
    }

    @Test func `needs are followed to their end, distances in both directions`() {
        let register = TaskRegister([
            task("a", files: ["a"]), task("b", files: ["b"], needs: ["a"]), task("c", files: ["c"], needs: ["b"]),
            task("x", files: ["x"]),
        ])
        #expect(register.needs(of: TaskID("c")) == [TaskID("a"), TaskID("b")])
        #expect(register.needs(of: TaskID("a")) == [])
        #expect(register.distances(from: TaskID("b")) == [TaskID("b"): 0, TaskID("a"): 1, TaskID("c"): 1])
        #expect(register.distances(from: TaskID("a"))[TaskID("c")] == 2)
        #expect(register.distances(from: TaskID("a"))[TaskID("x")] == nil)
    }

    @Test func `distances end after three steps`() {
        let names = ["a", "b", "c", "d", "e"]
        let register = TaskRegister(
            names.enumerated().map { task($1, files: [$1], needs: $0 == 0 ? [] : [names[$0 - 1]]) })
        #expect(register.distances(from: TaskID("a"))[TaskID("d")] == 3)
        #expect(register.distances(from: TaskID("a"))[TaskID("e")] == nil)
    }

    @Test func `remembers how tasks failed, alone and in candidates`() throws {
        let register = TaskRegister([task("a", files: ["a"]), task("b", files: ["b"])])
        let tip = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        register.remember(
            .attemptFailed(
                .init(
                    task: TaskID("a"), attempt: 1, worker: "w", base: nil,
                    failure: Failure(kind: .doneCheck, summary: ""), checks: [], seconds: 1)))
        register.remember(
            .candidateFailed(
                .init(
                    candidate: 1, tip: tip, task: TaskID("a"), failure: Failure(kind: .conflict, summary: ""),
                    checks: [], seconds: 1)))
        register.remember(
            .candidateFailed(
                .init(
                    candidate: 2, tip: tip, task: nil, failure: Failure(kind: .redTogether, summary: ""), checks: [],
                    seconds: 1)))
        #expect(register.failures(of: TaskID("a")) == [.doneCheck, .conflict])
        #expect(register.failures(of: TaskID("b")) == [])
    }

    @Test func `landed notes are of direct needs alone, the latest first`() throws {
        let register = TaskRegister([
            task("a", files: ["a"]), task("b", files: ["b"]), task("far", files: ["f"]),
            task("user", files: ["u"], needs: ["a", "b"]),
        ])
        register.remember(try verified("a", paths: ["a"], reason: "why a"))
        register.remember(try verified("b", paths: ["b", "b2"], reason: "why b"))
        register.remember(try landed("a", "far", "b"))
        let user = try #require(register[TaskID("user")])
        let notes = register.landedNotes(before: user)
        #expect(notes.map(\.task) == [TaskID("b"), TaskID("a")])
        #expect(notes.map(\.files) == [["b", "b2"], ["a"]])
        #expect(notes.map(\.reason) == ["why b", "why a"])
    }

    @Test func `teachers are what landed last, the nearest first and then the latest`() throws {
        let register = TaskRegister([
            task("near", files: ["n"]), task("one", files: ["1"]), task("two", files: ["2"]),
            task("me", files: ["m"], needs: ["near"]),
        ])
        register.remember(try landed("near", "one", "two"))
        let me = try #require(register[TaskID("me")])
        #expect(register.teachers(of: me) == [TaskID("near"), TaskID("two"), TaskID("one")])
    }

    @Test func `free names fit into branches and are free`() {
        let register = TaskRegister([task("derived-a-b.py", files: ["x"])])
        #expect(register.freeName(for: "a/b.py") == TaskID("derived-a-b.py-2"))
        #expect(register.freeName(for: "ü b..c") == TaskID("derived---b-c"))
        #expect(register.freeName(for: String(repeating: "x", count: 300)).rawValue.count == 108)
    }
}
