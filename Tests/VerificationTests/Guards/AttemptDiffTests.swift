import Git
import Model
import Testing

@testable import Verification

@Suite struct AttemptDiffTests {
    private let first: ObjectID
    private let second: ObjectID
    private let task = MigrationTask(id: TaskID("t"), title: "t", files: [])

    init() throws {
        first = try #require(ObjectID(hex: String(repeating: "a", count: 40)))
        second = try #require(ObjectID(hex: String(repeating: "b", count: 40)))
    }

    private func change(
        _ path: String, old: (FileMode, ObjectID)? = nil, new: (FileMode, ObjectID)? = nil
    ) -> FileChange {
        FileChange(
            path: path, status: .modified, oldMode: old?.0, newMode: new?.0, oldID: old?.1, newID: new?.1)
    }

    @Test func `the same bytes under two paths are read in the language of each`() {
        let bytes = Array("x = 1  # noqa\n".utf8)
        let changes = ["a.py", "a.txt", "a.py", "b.go"].map { change($0, new: (.regular, first)) }
        let diff = AttemptDiff(changes, of: task) { _ in bytes }
        let versions = changes.map { diff.new($0) }
        #expect(versions.map { $0?.path } == ["a.py", "a.txt", "a.py", "b.go"])
        #expect(versions[0]?.figures?.suppressions.count == 1)
        #expect(versions[1]?.figures == nil)
        #expect(versions[3]?.figures?.suppressions.isEmpty == true)
        #expect(versions[0] === versions[2])
    }

    @Test func `both sides of a change are read, each by its own id`() {
        let diff = AttemptDiff([], of: task) { [first] id in Array((id == first ? "old" : "new").utf8) }
        let both = change("a", old: (.regular, first), new: (.executable, second))
        #expect(diff.old(both)?.bytes == Array("old".utf8))
        #expect(diff.new(both)?.bytes == Array("new".utf8))
        #expect(diff.old(change("a", new: (.regular, second))) == nil)
        #expect(diff.new(change("a", old: (.regular, second))) == nil)
    }

    @Test func `links and submodules have no text`() {
        let diff = AttemptDiff([], of: task) { _ in Array("../target".utf8) }
        for mode in [FileMode.symbolicLink, .submodule] {
            let change = change("a", old: (mode, first), new: (mode, second))
            #expect(diff.old(change) == nil)
            #expect(diff.new(change) == nil)
            #expect(diff.newLink(change) == (mode == .symbolicLink ? "../target" : nil))
        }
        #expect(diff.newLink(change("a", new: (.regular, first))) == nil)
    }

    @Test func `after the first unreadable object nothing more is read`() {
        var asked = 0
        let diff = AttemptDiff([], of: task) { id throws(GitError) in
            asked += 1
            throw .missingObject(id.hex, repository: "/r", partialClone: false)
        }
        #expect(diff.new(change("a", new: (.regular, first))) == nil)
        #expect(diff.new(change("b", new: (.regular, second))) == nil)
        #expect(asked == 1)
        #expect(diff.fault == .missingObject(first.hex, repository: "/r", partialClone: false))
    }

    @Test func `lines are counted from 1`() {
        let file = FileVersion(path: "a", bytes: Array("a\nbc\n\nd".utf8))
        #expect([0, 1, 2, 4, 5, 6].map { file.line(at: $0) } == [1, 1, 2, 2, 3, 4])
    }
}
