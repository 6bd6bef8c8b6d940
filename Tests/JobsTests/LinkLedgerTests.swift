#if os(Linux)
import Foundation
import Jobs
import Model
import TestSupport
import Testing

/// A sandboxed process that makes a hard link is noted, whatever it does with the link.
@Suite struct LinkLedgerTests {
    private let scene: SandboxScene

    init() throws { scene = try SandboxScene() }

    private func isMarked(after command: String) async -> (mark: Bool, ending: ProcessOutcome.Ending) {
        LinkLedger.shared.follow(scene.slot)
        _ = LinkLedger.shared.takeMark(of: scene.slot)
        let result = await scene.run(command)
        return (LinkLedger.shared.takeMark(of: scene.slot), result.ending)
    }

    @Test func `a process without links leaves no mark`() async {
        let result = await isMarked(after: "echo x >a; cp a b; mv b c; ln -s a d; rm a")
        #expect(result.ending == .exited(0))
        #expect(!result.mark)
    }

    @Test(arguments: [
        "echo x >a; ln a b; rm b", "echo x >a; (setsid sh -c 'ln a b'); rm b",
        "echo x >a; python3 -c 'import os; os.link(\"a\", \"b\"); os.remove(\"b\")'",
        "mkdir n; echo x >a; python3 -c 'import os; d = os.open(\"n\", 0); os.link(\"a\", \"b\", dst_dir_fd=d)'; rm -r n",
    ])
    func `a link leaves a mark, though it is gone`(command: String) async {
        let result = await isMarked(after: command)
        #expect(result.ending == .exited(0))
        #expect(result.mark)
        #expect(!LinkLedger.shared.takeMark(of: scene.slot))
    }

    @Test func `a mark is there before the link is`() async throws {
        LinkLedger.shared.follow(scene.slot)
        let run = Task { await scene.run("mkfifo gate; echo x >a; ln a b; read go <gate") }
        defer { run.cancel() }
        try await until("the link") { lives(at: "\(scene.slot)/b") }
        // While it runs, it may write through the link at any time.
        #expect(LinkLedger.shared.takeMark(of: scene.slot) && LinkLedger.shared.takeMark(of: scene.slot))
    }

    @Test func `other slots are not marked, and one that is not known counts as marked`() async {
        let other = scene.scene.directory.appending("other")
        LinkLedger.shared.follow(other)
        #expect(await isMarked(after: "echo x >a; ln a b").mark)
        #expect(!LinkLedger.shared.takeMark(of: other))
        #expect(LinkLedger.shared.takeMark(of: "/never/heard/of"))
    }

    @Test func `semaphores, which are linked into place, work`() async {
        let result = await isMarked(after: "python3 -c 'import multiprocessing as m; m.Semaphore(1).acquire()'")
        #expect(result.ending == .exited(0))
    }

    private func lives(at path: String) -> Bool { (try? FileManager.default.attributesOfItem(atPath: path)) != nil }
}
#endif
