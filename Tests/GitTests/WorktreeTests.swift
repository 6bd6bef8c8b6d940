import Git
import TestSupport
import Testing

@Suite
struct WorktreeTests {
    private let scratch: ScratchRepository
    private let repository: Repository

    init() throws {
        scratch = try ScratchRepository()
        try scratch.commit(["f": "1"])
        try scratch.git("branch", "free")
        try scratch.git("branch", "topic")
        try scratch.commit(["f": "2"])
        repository = try Repository(at: scratch.path, environment: scratch.environment)
    }

    @Test func `in the main checkout, and nowhere after HEAD is detached`() throws {
        #expect(repository.checkedOutPath(ofBranch: "main") == scratch.path)
        #expect(repository.checkedOutPath(ofBranch: "free") == nil)
        #expect(repository.checkedOutPath(ofBranch: "mai") == nil)
        try scratch.git("checkout", "-q", "--detach")
        #expect(repository.checkedOutPath(ofBranch: "main") == nil)
    }

    @Test func `in a linked worktree`() throws {
        let linked = scratch.directory.appending("a linked one")
        try scratch.git("worktree", "add", "-q", linked, "topic")
        #expect(repository.checkedOutPath(ofBranch: "topic") == linked)
    }

    @Test(arguments: ["--merge", "--apply"])
    func `while it is being rebased`(backend: String) throws {
        try scratch.git("checkout", "-q", "topic")
        try scratch.commit(["f": "3"])
        #expect(try scratch.gitResult(["rebase", backend, "main"]).status != 0)
        #expect(repository.checkedOutPath(ofBranch: "topic") == scratch.path)
        try scratch.git("rebase", "--abort")
        try scratch.git("checkout", "-q", "main")
        #expect(repository.checkedOutPath(ofBranch: "topic") == nil)
    }

    @Test func `while it will be moved by a rebase with --update-refs`() throws {
        try scratch.git("checkout", "-q", "-b", "upper", "topic")
        try scratch.commit(["g": "3"])
        try scratch.git("branch", "middle")
        try scratch.commit(["f": "4"])
        #expect(try scratch.gitResult(["rebase", "--update-refs", "main"]).status != 0)
        #expect(repository.checkedOutPath(ofBranch: "middle") == scratch.path)
    }

    @Test func `while it is being bisected`() throws {
        try scratch.git("bisect", "start")
        try scratch.git("checkout", "-q", "--detach")
        #expect(repository.checkedOutPath(ofBranch: "main") == scratch.path)
    }
}
