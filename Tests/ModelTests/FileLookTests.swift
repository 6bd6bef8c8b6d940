import Model
import Testing

@Suite("Files that are done")
struct FileLookTests {
    private func look(_ files: [(path: String, blob: Int, isDone: Bool)]) throws -> FileLook {
        FileLook(
            commit: try id(0),
            files: try files.map { .init(path: $0.path, blob: try id($0.blob), openCheck: $0.isDone ? nil : "old") })
    }

    private func id(_ number: Int) throws -> ObjectID {
        let digits = String(number, radix: 16)
        return try #require(ObjectID(hex: String(repeating: "0", count: 40 - digits.count) + digits))
    }

    @Test func `a file that was done and is not, and a new file that is not, are setbacks`() throws {
        let before = try look([("a", 1, true), ("b", 2, false), ("c", 3, true)])
        let after = try look([("a", 4, false), ("b", 5, false), ("d", 6, false), ("e", 7, true)])
        #expect(after.setbacks(since: before).map { "\($0.kind) \($0.path)" } == ["regressed a", "new d"])
        #expect(after.setbacks(since: before).first?.check == "old")
        #expect(before.setbacks(since: before) == [] && before.done == 2)
    }

    @Test func `an open file that was moved is none, but a copy of it is`() throws {
        let before = try look([("old/a", 1, false)])
        #expect(try look([("new/a", 1, false)]).setbacks(since: before) == [])
        #expect(try look([("new/a", 1, false), ("new/b", 1, false)]).setbacks(since: before).map(\.path) == ["new/b"])
        #expect(try look([("new/a", 1, false), ("old/a", 1, false)]).setbacks(since: before).map(\.path) == ["new/a"])
        #expect(try look([("new/a", 2, false)]).setbacks(since: before).map(\.path) == ["new/a"])
    }
}
