#if os(Linux)
import Foundation
import Jobs
import TestSupport
import Testing

/// The processes of a coordinator that was killed with SIGKILL. A shell plays the coordinator.
@Suite struct ProcessSweepTests {
    private let scene: ProcessScene

    init() throws { scene = try ProcessScene() }

    /// Starts a parent with a background child and one in another group, and kills it.
    ///
    /// Both stay in the session of the test program. They are its descendants, unlike those of a killed coordinator, so
    /// in another session they would be ended together with the processes of other tests.
    private func orphans(marker: String) async throws -> [pid_t] {
        let parent = Process()
        parent.executableURL = URL(fileURLWithPath: "/bin/sh")
        parent.arguments = [
            "-c",
            """
            sh -c 'echo $$ > child; exec sleep 1000' &
            set -m
            sh -c 'trap "" TERM; echo $$ > other; while :; do sleep 0.1; done' &
            sleep 1000
            """,
        ]
        parent.currentDirectoryURL = URL(fileURLWithPath: scene.directory.path)
        parent.environment = ["PATH": "/usr/bin:/bin", "ORCHESTRATE_JOB_TOKEN": "\(marker):7"]
        try parent.run()
        let ids = [try await scene.process(in: "child"), try await scene.process(in: "other")]
        kill(parent.processIdentifier, SIGKILL)
        // Not `waitUntilExit`, which waits for the children as well.
        try await until("the parent is dead") { !lives(parent.processIdentifier) }
        return ids
    }

    @Test func `the processes of a killed coordinator are found and ended`() async throws {
        let ids = try await orphans(marker: scene.marker)
        let swept = await scene.runner.sweep(grace: 0.2)
        #expect(Set(ids).isSubset(of: swept.map(\.processID)))
        #expect(swept.contains { $0.command == "sleep 1000" })
        for id in ids { #expect(!lives(id)) }
        #expect(await scene.runner.sweep(grace: 0.2).isEmpty)
    }

    @Test func `the processes of another marker that begins alike are left alone`() async throws {
        let ids = try await orphans(marker: scene.marker + "0")
        #expect(await scene.runner.sweep(grace: 0.2).isEmpty)
        for id in ids { #expect(lives(id)) }
        _ = await ProcessRunner(marker: scene.marker + "0").sweep(grace: 0)
        for id in ids { #expect(!lives(id)) }
    }
}
#endif
