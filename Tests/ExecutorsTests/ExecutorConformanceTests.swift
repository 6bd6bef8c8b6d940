import Executors
import Foundation
import Jobs
import Model
import Synchronization
import TestSupport
import Testing

/// What every kind of executor must do. Kinds whose programs are missing on this machine are not tried.
@Suite struct ExecutorConformanceTests {
    @Test(arguments: ExecutorScene.kinds)
    func `work comes back as a commit on the base`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind)
        let order = scene.order("sed -i s/old/new/ {files}")
        let (result, files) = try await scene.result(of: order)
        guard case .attempt(.attemptVerified(let fact)) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        #expect(result.token == order.token)
        #expect(fact.checks.map(\.outcome) == [.passed])
        try scene.repository.git(
            "fetch", "-q", "\(files)/result.bundle", "\(JobOrder.resultReference(token: order.token)):refs/heads/work")
        #expect(try scene.repository.git("show", "work:a.txt") == "new")
        #expect(try scene.repository.git("rev-parse", "work^") == scene.base.hex)
        #expect(FileManager.default.fileExists(atPath: "\(files)/jobs/1/log"))
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.kinds)
    func `checks of a tree come back with what they printed`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind)
        let order = scene.checkOrder("grep -q $WORD a.txt && grep -q made .made", "echo why; exit 3", "true")
        let (result, files) = try await scene.result(of: order)
        guard case .checks(let turns) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        #expect(result.token == order.token)
        #expect(turns.map(\.result.outcome) == [.passed, .failed])
        #expect(turns.last?.result.status == 3)
        #expect(turns.last?.result.digest.contains("why") == true)
        #expect(turns.map(\.runs) == [1, 1])
        let log = "\(files)/jobs/check-1-2.log"
        #expect(try String(contentsOfFile: log, encoding: .utf8).contains("why"))
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.kinds)
    func `a worker that fails, hangs or floods fails as on this machine`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind)
        let orders: [(JobOrder, Failure.Kind)] = [
            (scene.order("echo why; exit 3"), .workerExit),
            (scene.order("sleep 600", attempt: 2, timeout: 1), .workerTimeout),
            (scene.order("yes", attempt: 3, output: 1 << 12), .workerExit),
            (scene.order("echo other >a.txt; echo old >>a.txt", attempt: 4), .doneCheck),
        ]
        for (order, kind) in orders {
            let (result, _) = try await scene.result(of: order)
            guard case .attempt(.attemptFailed(let fact)) = result.ending else {
                Issue.record("\(kind): \(result.ending)")
                continue
            }
            #expect(fact.failure.kind == kind)
        }
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.kinds)
    func `a cancelled job leaves no process`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind)
        let mark = "mark-\(UUID().uuidString)"
        let order = scene.order("setsid sh -c 'sleep 600; : \(mark)' & sh -c 'trap \"\" TERM; sleep 600; : \(mark)'")
        let ticket = try await scene.submit(order, try scene.jobFolder(of: order))
        try await scene.wait("the worker runs") { scene.processes(with: mark).count >= 2 }
        try await scene.executor.cancel(ticket)
        #expect(scene.processes(with: mark).isEmpty)
        await scene.executor.remove(ticket)
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.kinds)
    func `messages and requests for checks pass while a job runs`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind)
        let order = scene.order(
            """
            "$ORCHESTRATE_PROGRAM" message send --kind lesson "mind the gap"
            while [ ! -e "$ORCHESTRATE_JOB/inbox/00000007.json" ]; do sleep 0.05; done
            sed -i s/old/new/ {files}
            touch "$ORCHESTRATE_JOB/outbox/check-1"
            while [ ! -e "$ORCHESTRATE_JOB/inbox/answer-check-1.json" ]; do sleep 0.05; done
            grep -q '"passed":true' "$ORCHESTRATE_JOB/inbox/answer-check-1.json"
            """)
        let ticket = try await scene.submit(order, try scene.jobFolder(of: order))
        let received = ExecutorScene.Received()
        let mail = IncomingMail(
            Message(
                id: 7, kind: .warning, sender: .human, audience: .everyone, body: "hello", files: [], thread: nil,
                time: Timestamp(seconds: 1)), ref: nil)
        let ending = await scene.follow(
            ticket, sending: [mail.fileName: Array(try JSONEncoder().encode(mail))], into: received)
        #expect(ending == .ended)
        let sent = received.outbox.withLock { $0.values.map { String(decoding: $0, as: UTF8.self) } }
        #expect(sent.count == 1)
        #expect(sent.first?.contains("mind the gap") == true)
        let phases = received.news.withLock { $0 }.compactMap { if case .phase(let name) = $0 { name } else { nil } }
        #expect(phases.contains("working"))
        let files = try scene.directory.makeDirectory("result")
        let result = try await scene.executor.fetch(ticket, into: files)
        guard case .attempt(.attemptVerified) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.kinds)
    func `a job that is submitted twice runs once`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind)
        let count = scene.root + "/count"
        var order = scene.order("echo run >>\(count); sed -i s/old/new/ {files}")
        order.plan.sandbox.mode = .off
        let folder = try scene.jobFolder(of: order)
        let first = try await scene.submit(order, folder)
        let second = try await scene.submit(order, folder)
        #expect(first == second)
        #expect(await scene.follow(first) == .ended)
        #expect(try String(contentsOfFile: count, encoding: .utf8) == "run\n")
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.kinds.filter { $0 != .slurm })
    func `a job whose program is killed is lost`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind)
        let mark = "mark-\(UUID().uuidString)"
        let order = scene.order("sh -c 'sleep 600; : \(mark)'")
        let ticket = try await scene.submit(order, try scene.jobFolder(of: order))
        try await scene.wait("the worker runs") { !scene.processes(with: mark).isEmpty }
        let words = kind == .kubernetes ? "job pod \(ticket.job)" : "job run \(scene.root)/jobs/\(ticket.job)"
        for line in scene.processes(with: words) {
            if let id = line.split(separator: " ").first.flatMap({ pid_t($0) }) { kill(id, SIGKILL) }
        }
        let ending = await scene.follow(ticket)
        guard case .lost = ending else {
            Issue.record("\(ending)")
            return
        }
        try await scene.executor.cancel(ticket)
        #expect(scene.processes(with: mark).isEmpty)
        await scene.executor.remove(ticket)
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.kinds)
    func `another version of the program is refused`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind, version: "another")
        let order = scene.order("true")
        let folder = try scene.jobFolder(of: order)
        await #expect {
            try await scene.submit(order, folder)
        } throws: { error in
            if case .refused(_, let reason) = error as? ExecutorFault { reason.contains("another here") } else { false }
        }
        await scene.executor.close()
    }

    @Test(.enabled(if: LoopbackSSH.isAvailable, "skipped: sshd is not installed"))
    func `a machine that is silent for longer than its lease loses its jobs`() async throws {
        let scene = try ExecutorScene(.ssh)
        let mark = "mark-\(UUID().uuidString)"
        let order = scene.order("sh -c 'sleep 20; : \(mark)'")
        let ticket = try await scene.submit(order, try scene.jobFolder(of: order))
        try await scene.wait("the worker runs") { !scene.processes(with: mark).isEmpty }
        try scene.cutConnection()
        let ending = await scene.follow(ticket)
        guard case .lost(let reason) = ending else {
            Issue.record("\(ending)")
            return
        }
        #expect(reason.contains("cannot be reached"))
        await #expect(throws: ExecutorFault.self) { try await scene.executor.cancel(ticket) }
        _ = await ProcessRunner(marker: "\(scene.root)/jobs/\(ticket.job):\(order.token)").sweep(grace: 0.1)
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.lasting.filter { $0 != .slurm })
    func `jobs that start at once bring their base once`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind, slots: 5, delay: 0.1)
        let tickets = try await withThrowingTaskGroup(of: Ticket.self) { group in
            for attempt in 1...5 {
                let order = scene.order("true", attempt: attempt)
                let folder = try scene.jobFolder(of: order)
                group.addTask { try await scene.submit(order, folder) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let bundles = tickets.filter {
            FileManager.default.fileExists(atPath: "\(scene.root)/jobs/\($0.job)/base.bundle")
        }
        #expect(bundles.count == 1)
        for ticket in tickets {
            #expect(await scene.follow(ticket) == .ended)
            await scene.executor.remove(ticket)
        }
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.lasting.filter { $0 != .slurm })
    func `a second job on a machine brings only what is new`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind)
        _ = try await scene.result(of: scene.order("sed -i s/old/new/ {files}"))
        let job = Ticket.name(of: scene.order("true", attempt: 2))
        let order = scene.order("sed -i s/old/new/ {files}", attempt: 2)
        let ticket = try await scene.submit(order, try scene.jobFolder(of: order))
        #expect(!FileManager.default.fileExists(atPath: "\(scene.root)/jobs/\(job)/base.bundle"))
        #expect(await scene.follow(ticket) == .ended)
        await scene.executor.close()
    }
}
