import Executors
import Foundation
import Jobs
import Model
import Synchronization
import TestSupport
import Testing

/// What every kind of executor must survive: machines, ways to them and coordinators that fail.
@Suite(.ownThreads) struct ExecutorFaultTests {
    /// A worker that says that it runs, and goes on when it is told to.
    private func waitingOrder(
        _ scene: ExecutorScene, _ mark: String = "mark", attempt: Int = 1, run: String = "demo-1"
    ) -> JobOrder {
        var order = scene.order(
            "touch \(scene.root)/begun; sh -c 'while [ ! -e \(scene.root)/go ]; do sleep 0.05; done; : \(mark)'; "
                + "sed -i s/old/new/ {files}", attempt: attempt, timeout: 200, run: run)
        order.plan.sandbox.mode = .off
        return order
    }

    private func waitForWorker(_ scene: ExecutorScene) async throws {
        try await scene.wait("the worker runs") {
            FileManager.default.fileExists(atPath: "\(scene.root)/begun")
        }
    }

    private func expectVerified(_ scene: ExecutorScene, _ ticket: Ticket) async throws {
        let files = try scene.directory.makeDirectory("result")
        let result = try await scene.executor.fetch(ticket, into: files)
        guard case .attempt(.attemptVerified) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
    }

    @Test(arguments: ExecutorScene.kinds)
    func `a slow way to the machine only delays`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind, delay: 0.4)
        let (result, _) = try await scene.result(of: scene.order("sed -i s/old/new/ {files}"))
        guard case .attempt(.attemptVerified) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.kinds)
    func `a way that breaks for less than the lease costs nothing`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind, lease: 200)
        let ticket = try await scene.submit(waitingOrder(scene), try scene.jobFolder(of: waitingOrder(scene)))
        try await waitForWorker(scene)
        try scene.cutConnection()
        async let ending = scene.follow(ticket)
        var isBroken = false
        for _ in 0..<100 where !isBroken {
            if case .unknown = await scene.executor.exchange([Exchange(ticket: ticket)])[ticket]?.state {
                isBroken = true
            }
        }
        #expect(isBroken)
        try scene.restoreConnection()
        try Data().write(to: URL(fileURLWithPath: "\(scene.root)/go"))
        #expect(await ending == .ended)
        try await expectVerified(scene, ticket)
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.lasting)
    func `a machine that comes back ends the job that counted as lost`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind, lease: 1)
        let mark = "mark-\(UUID().uuidString)"
        let order = waitingOrder(scene, mark)
        let ticket = try await scene.submit(order, try scene.jobFolder(of: order))
        try await waitForWorker(scene)
        try scene.cutConnection()
        guard case .lost(let reason) = await scene.follow(ticket) else {
            Issue.record("it is not lost")
            return
        }
        #expect(reason.contains("no answer for"))
        await #expect(throws: ExecutorFault.self) { try await scene.executor.cancel(ticket) }
        await scene.executor.remove(ticket)
        if kind != .local { #expect(!scene.processes(with: mark).isEmpty) }
        try scene.restoreConnection()
        // Nobody asks for it.
        try await scene.wait("the machine has ended the job") {
            scene.processes(with: mark).isEmpty
                && !FileManager.default.fileExists(atPath: "\(scene.root)/jobs/\(ticket.job)")
        }
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.lasting.filter { $0 != .local })
    func `the next coordinator finds a job that is there, and ends what is left`(
        kind: ExecutorSettings.Kind
    ) async throws {
        let scene = try ExecutorScene(kind)
        let marks = (0..<2).map { _ in "mark-\(UUID().uuidString)" }
        let order = waitingOrder(scene, marks[0])
        let folder = try scene.jobFolder(of: order)
        let ticket = try await scene.submit(order, folder)
        try await waitForWorker(scene)
        // As if the program on the machine was killed before it wrote down how the job is found again.
        if kind == .slurm { unlink("\(scene.root)/jobs/\(ticket.job)/process") }
        let next = scene.nextExecutor()
        #expect(try await scene.submit(order, folder, to: next) == ticket)
        #expect(scene.processes(with: "job run \(scene.root)/jobs/\(ticket.job)").count == 1)
        let other = waitingOrder(scene, marks[1], attempt: 2, run: "demo-2")
        let spared = try await scene.submit(other, try scene.jobFolder(of: other))
        try await scene.wait("the other worker runs") { !scene.processes(with: marks[1]).isEmpty }
        if kind == .slurm { unlink("\(scene.root)/jobs/\(ticket.job)/process") }
        #expect(await next.endLeftovers(of: order.run, repository: order.repository) == [])
        #expect(scene.processes(with: marks[0]).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: "\(scene.root)/jobs/\(ticket.job)"))
        #expect(!scene.processes(with: marks[1]).isEmpty)
        try await scene.executor.cancel(spared)
        #expect(scene.processes(with: marks[1]).isEmpty)
        await next.close()
        await scene.executor.close()
    }

    /// An attempt whose check waits until all may go on.
    private func checkedOrder(_ scene: ExecutorScene, attempt: Int) -> JobOrder {
        var order = scene.order("sed -i s/old/new-\(attempt)/ {files}", attempt: attempt)
        order.token = UUID().uuidString.replacing("-", with: "").lowercased()
        order.plan.sandbox.mode = .off
        let done = Check(
            name: "done",
            run: "grep -q new {file} || exit 1; touch \(scene.root)/checks-\(attempt); "
                + "while [ ! -e \(scene.root)/go ]; do sleep 0.05; done")
        order.plan.stages.indices.forEach { order.plan.stages[$0].verify.done = [done] }
        return order
    }

    @Test(arguments: ExecutorScene.lasting)
    func `a lost attempt that goes on and the next one share a machine and nothing else`(
        kind: ExecutorSettings.Kind
    ) async throws {
        let scene = try ExecutorScene(kind)
        let orders = [1, 2].map { checkedOrder(scene, attempt: $0) }
        var tickets: [Ticket] = []
        for order in orders { tickets.append(try await scene.submit(order, try scene.jobFolder(of: order))) }
        try await scene.wait("both checks run") {
            [1, 2].allSatisfy { FileManager.default.fileExists(atPath: "\(scene.root)/checks-\($0)") }
        }
        let objects = "\(scene.root)/repositories/target-0.git"
        func references() throws -> [Substring] {
            try scene.repository.git("--git-dir", objects, "for-each-ref", "--format=%(refname)").split(separator: "\n")
                .filter { !$0.hasPrefix("refs/orchestrate-base/") }
        }
        // Neither can be moved by the other one.
        #expect(
            try Set(references()) == Set(orders.map { "refs/orchestrate-job/\($0.token)/attempts/a.txt" }))
        try Data().write(to: URL(fileURLWithPath: "\(scene.root)/go"))
        for (number, (order, ticket)) in zip(orders, tickets).enumerated() {
            #expect(await scene.follow(ticket) == .ended)
            let files = try scene.directory.makeDirectory("result-\(number)")
            let result = try await scene.executor.fetch(ticket, into: files)
            #expect(result.token == order.token)
            try scene.repository.git(
                "fetch", "-q", "\(files)/result.bundle",
                "\(JobOrder.resultReference(token: order.token)):refs/heads/work-\(number)")
            #expect(try scene.repository.git("show", "work-\(number):a.txt") == "new-\(number + 1)")
            await scene.executor.remove(ticket)
        }
        #expect(try references().isEmpty)
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.lasting.filter { $0 != .slurm })
    func `what a killed job has left is gone before the next one uses its slot`(
        kind: ExecutorSettings.Kind
    ) async throws {
        let scene = try ExecutorScene(kind)
        let mark = "mark-\(UUID().uuidString)"
        let first = waitingOrder(scene, mark)
        let lost = try await scene.submit(first, try scene.jobFolder(of: first))
        try await waitForWorker(scene)
        for line in scene.processes(with: "job run \(scene.root)/jobs/\(lost.job)") {
            if let id = line.split(separator: " ").first.flatMap({ pid_t($0) }) { kill(id, SIGKILL) }
        }
        #expect(!scene.processes(with: mark).isEmpty)
        let (result, _) = try await scene.result(of: scene.order("sed -i s/old/new/ {files}", attempt: 2))
        guard case .attempt(.attemptVerified) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        #expect(scene.processes(with: mark).isEmpty)
        await scene.executor.remove(lost)
        await scene.executor.close()
    }

    private static let clocks = ExecutorScene.kinds.flatMap { kind in [3600, -3600].map { (kind, $0) } }

    @Test(
        .enabled(if: OtherClock.isPossible, "skipped: clang is not in PATH"), arguments: clocks)
    func `a machine with a wrong clock does its work`(kind: ExecutorSettings.Kind, offset: Int) async throws {
        let scene = try ExecutorScene(kind, before: OtherClock.lines(offset))
        let order = scene.order(
            """
            "$ORCHESTRATE_PROGRAM" message send --kind lesson "mind the gap"
            sed -i s/old/new/ {files}
            touch "$ORCHESTRATE_JOB/outbox/check-1"
            while [ ! -e "$ORCHESTRATE_JOB/inbox/answer-check-1.json" ]; do sleep 0.05; done
            cat "$ORCHESTRATE_JOB/inbox/answer-check-1.json"
            """)
        let start = ContinuousClock.now
        let ticket = try await scene.submit(order, try scene.jobFolder(of: order))
        let received = ExecutorScene.Received()
        #expect(await scene.follow(ticket, into: received) == .ended)
        #expect(received.outbox.withLock { $0.count } == 1)
        let files = try scene.directory.makeDirectory("result")
        let result = try await scene.executor.fetch(ticket, into: files)
        let most = (ContinuousClock.now - start) / .seconds(1)
        guard case .attempt(.attemptVerified(let fact)) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        for seconds in [result.seconds, fact.seconds] + fact.checks.map(\.seconds) {
            #expect(seconds >= 0 && seconds <= most)
        }
        // The program there has answered the request by its own clock.
        let answer = try String(contentsOfFile: "\(files)/jobs/1/log", encoding: .utf8).split(separator: "\n")
            .compactMap { try? JSONDecoder().decode(IncomingMail.self, from: Data($0.utf8)) }.last
        let difference = try #require(answer).time - Date().timeIntervalSince1970
        #expect(abs(difference - Double(offset)) < 600)
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.lasting)
    func `a machine that nobody can ask is told to people`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind)
        try scene.cutConnection()
        let notes = await scene.executor.endLeftovers(of: RunID("demo-1"), repository: "target-0")
        #expect(notes.count == 1)
        #expect(notes.first?.contains("may still run") == true)
        let reports = await scene.executor.check()
        guard case .unreachable = reports.first?.fault else {
            Issue.record("\(reports)")
            return
        }
        await scene.executor.close()
    }

    @Test(arguments: ExecutorScene.lasting.filter { _ in SmallDisk.isPossible })
    func `a machine without room refuses`(kind: ExecutorSettings.Kind) async throws {
        let scene = try ExecutorScene(kind)
        let disk = try SmallDisk(at: scene.root, megabytes: 32)
        let order = scene.order("true")
        let folder = try scene.jobFolder(of: order)
        await #expect {
            _ = try await scene.submit(order, folder)
        } throws: { error in
            guard case .refused(_, let reason) = error as? ExecutorFault else { return false }
            return reason.contains("no room is left")
        }
        await scene.executor.close()
        disk.remove()
    }

    @Test(.enabled(if: LoopbackSSH.isAvailable, "skipped: sshd is not installed"))
    func `a machine that refuses leaves its work to the others`() async throws {
        // The second address has a program that does not start.
        let scene = try ExecutorScene(
            .ssh, hosts: ["127.0.0.1", "127.0.0.2"],
            before: "case $SSH_CONNECTION in *' 127.0.0.2 '*) echo broken >&2; exit 1;; esac")
        let told = Told()
        var machines: Set<String> = []
        for attempt in 1...2 {
            let order = scene.order("sed -i s/old/new/ {files}", attempt: attempt)
            let ticket = try await scene.submit(order, try scene.jobFolder(of: order)) { told.add($0) }
            machines.insert(ticket.machine)
        }
        #expect(machines == ["127.0.0.1"])
        #expect(told.all.count == 1)
        #expect(told.all.first?.contains("127.0.0.2: the program failed") == true)
        await scene.executor.close()
    }

    @Test(.enabled(if: LoopbackSlurm.isAvailable, "skipped: Slurm is not installed, or this is not root"))
    func `a node of Slurm that dies loses its jobs, and takes new ones when it is back`() async throws {
        let cluster = try LoopbackSlurm()
        let scene = try ExecutorScene(.slurm, slurm: cluster)
        let mark = "mark-\(UUID().uuidString)"
        let order = waitingOrder(scene, mark)
        let ticket = try await scene.submit(order, try scene.jobFolder(of: order))
        try await waitForWorker(scene)
        let busy: [String] = try ["n1", "n2", "n3"].filter { try !cluster.jobs(on: $0).isEmpty }
        guard let node = busy.first else {
            Issue.record("no node works")
            return
        }
        cluster.kill(node)
        #expect(scene.processes(with: mark).isEmpty)
        try cluster.revive(node)
        guard case .lost(let reason) = await scene.follow(ticket) else {
            Issue.record("it is not lost")
            return
        }
        #expect(reason.contains("Slurm"))
        try await scene.executor.cancel(ticket)
        await scene.executor.remove(ticket)
        try await scene.wait("the node is back") { (try? cluster.nodes("idle").count) == 3 }
        let (result, _) = try await scene.result(of: scene.order("sed -i s/old/new/ {files}", attempt: 2))
        guard case .attempt(.attemptVerified) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        await scene.executor.close()
    }

    @Test(.enabled(if: LoopbackSlurm.isAvailable, "skipped: Slurm is not installed, or this is not root"))
    func `jobs that are submitted at once are one array of Slurm`() async throws {
        let count = 5
        let scene = try ExecutorScene(.slurm, slots: count)
        let marks = (0..<count).map { _ in "mark-\(UUID().uuidString)" }
        let orders = (0..<count).map { number in
            var order = waitingOrder(scene, marks[number])
            order.token = UUID().uuidString.replacing("-", with: "").lowercased()
            if case .attempt(var attempt) = order.work {
                attempt.task.id = TaskID("task-\(number)")
                order.work = .attempt(attempt)
            }
            return order
        }
        // The first job on a machine goes ahead of the others, because it brings the base.
        _ = try await scene.result(of: scene.order("sed -i s/old/new/ {files}"))
        // While it is held, nobody calls sbatch.
        var gate = try FileLock.take("\(scene.root)/slurm.lock")
        try #require(gate != nil)
        let tickets = try await withThrowingTaskGroup(of: Ticket.self) { group in
            for order in orders {
                let folder = try scene.jobFolder(of: order)
                group.addTask { try await scene.submit(order, folder) }
            }
            try await scene.wait("all wait") {
                let jobs = (try? FileManager.default.contentsOfDirectory(atPath: "\(scene.root)/jobs")) ?? []
                return jobs.filter { FileManager.default.fileExists(atPath: "\(scene.root)/jobs/\($0)/wanted") }.count
                    == count
            }
            gate = nil
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let numbers = try tickets.map {
            try String(contentsOfFile: "\(scene.root)/jobs/\($0.job)/process", encoding: .utf8)
        }
        #expect(Set(numbers).count == count)
        #expect(Set(numbers.map { $0.split(separator: "_").first }).count == 1)
        #expect(numbers.allSatisfy { $0.contains("_") })
        try await scene.wait("all workers run") { marks.allSatisfy { !scene.processes(with: $0).isEmpty } }
        // One is ended, although its number was not written down; the others go on.
        let first = Ticket(job: Ticket.name(of: orders[0]), machine: tickets[0].machine)
        unlink("\(scene.root)/jobs/\(first.job)/process")
        try await scene.executor.cancel(first)
        #expect(scene.processes(with: marks[0]).isEmpty)
        #expect(marks.dropFirst().allSatisfy { !scene.processes(with: $0).isEmpty })
        try Data().write(to: URL(fileURLWithPath: "\(scene.root)/go"))
        for ticket in tickets where ticket != first {
            #expect(await scene.follow(ticket) == .ended)
            let files = try scene.directory.makeDirectory("result-\(ticket.job)")
            let result = try await scene.executor.fetch(ticket, into: files)
            guard case .attempt(.attemptVerified) = result.ending else {
                Issue.record("\(result.ending)")
                continue
            }
        }
        await scene.executor.close()
    }
}
