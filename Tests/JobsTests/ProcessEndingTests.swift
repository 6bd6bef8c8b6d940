import Foundation
import Jobs
import TestSupport
import Testing

/// Ways in which a worker leaves a process behind. Each script writes the id of that process to the file `left`.
enum Escape: String, CaseIterable, CustomTestStringConvertible {
    case background = "sh -c 'echo $$ > left; exec sleep 1000' &"
    case nohup = "nohup sh -c 'echo $$ > left; exec sleep 1000' > /dev/null 2>&1 &"
    case ignoringTerm = "sh -c 'trap \"\" TERM; echo $$ > left; while :; do sleep 1; done' &"
    case stopped = "sh -c 'echo $$ > left; kill -STOP $$; sleep 1000' &"
    #if os(Linux)
    case ownGroup = "set -m; sh -c 'echo $$ > left; exec sleep 1000' & set +m"
    case ownSession = "setsid sh -c 'echo $$ > left; exec sleep 1000' &"
    case doubleFork = "(setsid sh -c 'sh -c \"echo \\$\\$ > left; exec sleep 1000\" & exit' &)"
    case tokenBelow =
        "(ORCHESTRATE_JOB_TOKEN=$ORCHESTRATE_JOB_TOKEN:1 setsid /bin/sh -c 'echo $$ > left; exec sleep 1000' &)"
    case withoutToken = "(env -i setsid /bin/sh -c 'echo $$ > left; exec sleep 1000' &)"
    #endif

    var testDescription: String { "\(self)" }

    /// The script returns once the process is there.
    var script: String { rawValue + "\nuntil [ -s left ]; do sleep 0.01; done; echo started > ready\n" }
}

@Suite struct ProcessEndingTests {
    private let scene: ProcessScene

    init() throws { scene = try ProcessScene() }

    /// Waits, because a process that has cleared its environment is ended only when the last job that ran beside it ends,
    /// and tests run side by side.
    private func expectGone(_ id: pid_t) async throws { try await until("process \(id) is gone") { !lives(id) } }

    @Test(arguments: Escape.allCases) func `processes left behind by a worker are ended`(escape: Escape) async throws {
        let outcome = await scene.runner.run(scene.request(escape.script, grace: 0.2))
        #expect(outcome.ending == .exited(0))
        try await expectGone(scene.process(in: "left"))
    }

    @Test(arguments: Escape.allCases) func `a timeout ends the worker and what it started`(escape: Escape) async throws
    {
        let outcome = await scene.runner.run(scene.request(escape.script + "sleep 1000", timeout: 4, grace: 0.2))
        #expect(outcome.ending == .timedOut)
        #expect(scene.text("ready") == "started\n")
        try await expectGone(scene.process(in: "left"))
    }

    @Test(arguments: Escape.allCases) func `cancellation ends the worker and what it started`(
        escape: Escape
    ) async throws {
        let request = scene.request("echo $$ > worker\n" + escape.script + "sleep 1000", grace: 0.2)
        let task = Task { await scene.runner.run(request) }
        try await until("the worker has started all") { scene.text("ready") == "started\n" }
        task.cancel()
        #expect(await task.value.ending == .cancelled)
        #expect(try await !lives(scene.process(in: "worker")))
        try await expectGone(scene.process(in: "left"))
    }

    @Test func `a background child that keeps the output open causes no delay`() async throws {
        let outcome = await scene.runner.run(scene.request("sh -c 'trap \"\" HUP; exec sleep 1000' & echo $! > left"))
        #expect(outcome.ending == .exited(0))
        #expect(outcome.leftBehind >= 1)
        try await expectGone(scene.process(in: "left"))
    }

    @Test(arguments: [0, 0.2, ProcessRequest.defaultGrace])
    func `a worker that ignores the request is forced`(grace: Double) async {
        let outcome = await scene.runner.run(
            scene.request("trap '' TERM; while :; do sleep 0.1; done", timeout: 0.3, grace: grace))
        #expect(outcome.ending == .timedOut)
    }

    /// Cancels a worker once its script has written to the file `ready`.
    private func endingOnceReady(_ script: String, grace: Double = 60) async throws -> ProcessOutcome.Ending {
        let request = scene.request(script, grace: grace)
        let task = Task { await scene.runner.run(request) }
        defer { task.cancel() }
        try await until("the worker is ready") { !scene.text("ready").isEmpty }
        task.cancel()
        return await task.value.ending
    }

    @Test func `a worker that stops itself is ended, and can still tidy up`() async throws {
        let ending = try await endingOnceReady(
            "trap 'echo tidy > tidied; exit 0' TERM; echo x > ready; kill -STOP $$; sleep 1000")
        #expect(ending == .cancelled)
        #expect(scene.text("tidied") == "tidy\n")
    }

    @Test func `a worker has its grace to tidy up`() async throws {
        let ending = try await endingOnceReady(
            "trap 'echo tidy > tidied; exit 0' TERM; echo x > ready; while :; do sleep 0.01; done")
        #expect(ending == .cancelled)
        #expect(scene.text("tidied") == "tidy\n")
    }

    @Test func `a worker that closes its output is still waited for`() async {
        let outcome = await scene.runner.run(
            scene.request("exec >&- 2>&-; until [ -e go ]; do : > go; done; echo x > late; exit 4"))
        #expect(outcome.ending == .exited(4))
        #expect(scene.text("late") == "x\n")
    }

    @Test func `a worker that writes more than its limit is ended`() async throws {
        // It writes 200 MB at most, so that a limit that is not kept does not fill the disk.
        let outcome = await scene.runner.run(
            scene.request("yes | head -c 200000000; sleep 60", outputLimit: 20 << 20))
        #expect(outcome.ending == .outputLimit)
        let size = try FileManager.default.attributesOfItem(atPath: scene.log)[.size] as? Int
        #expect(try #require(size) > 20 << 20)
    }

    @Test func `a worker that forks as fast as it can is ended`() async throws {
        // It forks 2,000 times at most, so that an end that fails does not fill the process table.
        let ending = try await endingOnceReady(
            """
            i=0
            while [ $i -lt 2000 ]; do
                sleep 1000 & echo $! > last.new; mv last.new last; i=$((i+1))
                [ $i -ne 50 ] || echo x > ready
            done
            wait
            """, grace: 0.1)
        #expect(ending == .cancelled)
        try await expectGone(scene.process(in: "last"))
    }

    #if os(Linux)
    @Test func `a chain of processes that each start the next one and exit is ended`() async throws {
        let script = "echo $$ >> links; [ -e stop ] || setsid sh link & exit"
        try script.write(toFile: scene.directory.appending("link"), atomically: true, encoding: .utf8)
        _ = await scene.runner.run(scene.request("sh link; until [ $(wc -l < links) -gt 20 ]; do :; done"))
        // Were the chain alive it would go on; it has as much time here as twenty runs take.
        let length = scene.text("links").count
        for _ in 0..<20 { _ = await scene.runner.run(scene.request("true")) }
        #expect(scene.text("links").count == length)
        try "".write(toFile: scene.directory.appending("stop"), atomically: true, encoding: .utf8)
    }

    @Test(arguments: [Escape.doubleFork, .withoutToken, .tokenBelow])
    func `the end of one job leaves another's processes alone`(
        escape: Escape
    ) async throws {
        let request = scene.request(escape.script + "sleep 1000", grace: 0.2)
        let task = Task { await scene.runner.run(request) }
        try await until("the first job has started all") { scene.text("ready") == "started\n" }
        let left = try await scene.process(in: "left")
        var second = scene.request("sleep 1000 & true", grace: 0.2)
        second.output = .combined(scene.directory.appending("second"))
        let outcome = await scene.runner.run(second)
        #expect(outcome.leftBehind >= 1)
        #expect(lives(left))
        task.cancel()
        _ = await task.value
        try await expectGone(left)
    }

    /// Each look at the process table must tell the orphans from the leaders that others spawn meanwhile.
    @Test func `jobs that leave orphans do not take each other's processes`() async throws {
        let long = scene.request("sleep 1000")
        let running = Task { await scene.runner.run(long) }
        let endings = await withTaskGroup(of: [ProcessOutcome.Ending].self) { group in
            for worker in 0..<6 {
                group.addTask {
                    var request = scene.request("(setsid sh -c 'exit 1' &) ; exit 7", grace: 0.2)
                    request.output = .combined(scene.directory.appending("log-\(worker)"))
                    var endings: [ProcessOutcome.Ending] = []
                    for _ in 0..<60 { endings.append(await scene.runner.run(request).ending) }
                    return endings
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(endings.allSatisfy { $0 == .exited(7) })
        running.cancel()
        #expect(await running.value.ending == .cancelled)
    }

    /// Each of them could take what the others left for somebody else's.
    @Test func `jobs that end together leave nothing that has lost its token`() async throws {
        let together = 6
        for round in 0..<5 {
            let left = (0..<together).map { "left-\(round)-\($0)" }
            await withTaskGroup(of: Void.self) { group in
                for name in left {
                    let number = left.count
                    var request = scene.request(
                        """
                        (env -i setsid /bin/sh -c 'echo $$ > \(name); exec sleep 1000' &)
                        until [ "$(cat left-\(round)-* 2> /dev/null | wc -l)" = \(number) ]; do :; done
                        """, grace: 0.2)
                    request.output = .combined(scene.directory.appending("log-\(name)"))
                    group.addTask { [request] in _ = await scene.runner.run(request) }
                }
            }
            for name in left { try await expectGone(scene.process(in: name)) }
        }
    }

    @Test func `no zombie stays`() async throws {
        for escape in Escape.allCases {
            let scene = try ProcessScene()
            _ = await scene.runner.run(scene.request(escape.script, grace: 0.1))
            let left = try await scene.process(in: "left")
            try await until("\(left) is reaped") { kill(left, 0) != 0 }
        }
    }
    #endif
}
