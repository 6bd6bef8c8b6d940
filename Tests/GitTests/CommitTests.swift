import Git
import Model
import TestSupport
import Testing

@Suite
struct CommitTests {
    private let scratch: ScratchRepository
    private let repository: Repository
    private let base: ObjectID

    init() throws {
        scratch = try ScratchRepository()
        base = try id(try scratch.commit(["a": "1", "dir/b": "2"]))
        repository = try Repository(at: scratch.path, environment: scratch.environment)
    }

    private func commit(_ message: String, parents: [ObjectID], name: String = "Ada") throws -> ObjectID {
        let author = Signature(name: name, email: "ada@example.com", seconds: 1_700_000_000, offsetMinutes: -90)
        let committer = Signature(name: "Carl", email: "c@example.com", seconds: 1_700_000_100)
        return try repository.commit(
            tree: repository.treeOf(base), parents: parents, message: message, author: author, committer: committer)
    }

    @Test func `all parts come back, through this room and through git`() throws {
        let message = """
            Convert a.py

            Because the old way goes.
            See: this is no trailer here

            Orchestrate-Task: a.py
            Verified-Tree: 123
              and more of it
            """
        let new = try commit(message, parents: [base])
        let read = try repository.commit(new)
        #expect(read.subject == "Convert a.py")
        #expect(read.body == "Because the old way goes.\nSee: this is no trailer here")
        #expect(
            read.trailers == [
                .init(key: "Orchestrate-Task", value: "a.py"), .init(key: "Verified-Tree", value: "123 and more of it"),
            ])
        #expect(read.trailer("orchestrate-task") == "a.py")
        #expect(read.parents == [base])
        #expect(read.author.name == "Ada" && read.author.seconds == 1_700_000_000 && read.author.offsetMinutes == -90)
        #expect(
            try scratch.git("show", "-s", "--format=%an|%ae|%ad|%cn", "--date=raw", new.hex)
                == "Ada|ada@example.com|1700000000 -0130|Carl")
        #expect(
            try scratch.git("show", "-s", "--format=%(trailers:only,unfold)%x2e", new.hex)
                == "Orchestrate-Task: a.py\nVerified-Tree: 123 and more of it\n.")
        #expect(try scratch.git("fsck", "--strict", "--no-dangling") == "")
    }

    @Test(arguments: ["a <b>\nc", "  x  ", "", "tab\there"])
    func `names that would break the object are cleaned`(name: String) throws {
        let new = try commit("x\0y", parents: [base], name: name)
        try scratch.git("update-ref", "refs/heads/new", new.hex)
        #expect(try scratch.git("fsck", "--strict") == "")
        #expect(try repository.commit(new).subject == "xy")
    }

    @Test(arguments: ["only", "Key: value", "a\n\nb: c\nno trailer", "a\n\n: x", ""])
    func `messages without trailers`(message: String) throws {
        #expect(try repository.commit(commit(message, parents: [base])).trailers == [])
    }

    @Test func `the way from a base to a tip, oldest first, along first parents`() throws {
        let first = try commit("first", parents: [base])
        let side = try commit("side", parents: [base])
        let merge = try commit("merge", parents: [first, side])
        let tip = try commit("tip", parents: [merge])
        #expect(try repository.commits(from: base, to: tip).map(\.subject) == ["first", "merge", "tip"])
        #expect(try repository.commits(from: tip, to: tip) == [])
        #expect(throws: GitError.self) { try repository.commits(from: side, to: tip) }
        #expect(try repository.isAncestor(side, of: tip))
        #expect(try !repository.isAncestor(tip, of: side))
    }

    @Test func `a tree or parent that does not exist is refused`() throws {
        let nowhere = try id(String(repeating: "a", count: 40))
        let who = Signature(name: "a", email: "b", seconds: 0)
        #expect(throws: GitError.self) {
            try repository.commit(tree: nowhere, parents: [], message: "m", author: who, committer: who)
        }
        #expect(throws: GitError.self) { try commit("m", parents: [nowhere]) }
    }
}
