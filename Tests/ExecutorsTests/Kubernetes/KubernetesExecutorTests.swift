import Executors
import Foundation
import Jobs
import Model
import Synchronization
import TestSupport
import Testing

/// What only a cluster does. `kubectl` is the real one, and the cluster is a server of ours that follows the published API.
@Suite(.serialized, .enabled(if: LoopbackKubernetes.isAvailable, "skipped: kubectl is not installed"))
struct KubernetesExecutorTests {
    /// Submits a job that runs until it is ended, and waits until its worker runs.
    private func started(_ scene: ExecutorScene, attempt: Int = 1) async throws -> (Ticket, JobOrder, mark: String) {
        let mark = "mark-\(UUID().uuidString)"
        let order = scene.order("sh -c 'sleep 600; : \(mark)'", attempt: attempt, timeout: 600)
        let ticket = try await scene.submit(order, try scene.jobFolder(of: order))
        try await scene.wait("the worker runs") { !scene.processes(with: mark).isEmpty }
        return (ticket, order, mark)
    }

    private func node(_ scene: ExecutorScene, of ticket: Ticket) throws -> String {
        let pods = try scene.kubernetes().state().pods
        return try #require(pods.first { $0.name.hasPrefix(ticket.job) }?.node)
    }

    private func lost(_ scene: ExecutorScene, _ ticket: Ticket) async -> String {
        let ending = await scene.follow(ticket)
        if case .lost(let reason) = ending { return reason }
        Issue.record("\(ending)")
        return ""
    }

    private func expectNothingLeft(_ scene: ExecutorScene) async throws {
        let cluster = try scene.kubernetes()
        try await scene.wait("nothing is left in the cluster") {
            (try? cluster.state()).map { $0.jobs == 0 && $0.pods.isEmpty && $0.processes == 0 } ?? false
        }
    }

    @Test func `a node without power loses its job, which nobody waits for`() async throws {
        let scene = try ExecutorScene(.kubernetes)
        let (ticket, _, mark) = try await started(scene)
        let node = try node(scene, of: ticket)
        try scene.kubernetes().make("nodes/\(node)/kill")
        #expect(await lost(scene, ticket).contains("does not answer"))
        await #expect {
            try await scene.executor.cancel(ticket)
        } throws: { error in
            "\(error)".contains("node \(node) does not answer")
        }
        await scene.executor.remove(ticket)
        #expect(scene.processes(with: mark).isEmpty)
        // The next attempt runs on another node.
        let (result, _) = try await scene.result(of: scene.order("sed -i s/old/new/ {files}", attempt: 2))
        guard case .attempt(.attemptVerified) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        try scene.kubernetes().make("nodes/\(node)/restore")
        try await expectNothingLeft(scene)
    }

    @Test func `a node that comes back alive ends its pod, and its result is never fetched`() async throws {
        let scene = try ExecutorScene(.kubernetes)
        let (ticket, _, mark) = try await started(scene)
        let node = try node(scene, of: ticket)
        try scene.kubernetes().make("nodes/\(node)/cut")
        #expect(await lost(scene, ticket).contains("does not answer"))
        #expect(!scene.processes(with: mark).isEmpty)
        await #expect(throws: ExecutorFault.self) { try await scene.executor.cancel(ticket) }
        await scene.executor.remove(ticket)
        await #expect(throws: ExecutorFault.self) {
            try await scene.executor.fetch(ticket, into: scene.directory.makeDirectory("late"))
        }
        try scene.kubernetes().make("nodes/\(node)/restore")
        try await expectNothingLeft(scene)
        #expect(scene.processes(with: mark).isEmpty)
    }

    @Test(arguments: [
        ("EvictionByEvictionAPI", "evicted"), ("PreemptionByScheduler", "higher priority"),
        ("Evicted", "low on resource"),
    ])
    func `a pod that is pushed out is lost and not started again by Kubernetes`(act: String, words: String) async throws
    {
        let scene = try ExecutorScene(.kubernetes)
        let (ticket, _, mark) = try await started(scene)
        try scene.kubernetes().make("nodes/\(node(scene, of: ticket))/\(act)")
        let reason = await lost(scene, ticket)
        // Once the pod is gone, only its Job tells.
        #expect(reason.contains(words) || reason.contains("DisruptionTarget"), "\(reason)")
        try await scene.executor.cancel(ticket)
        #expect(try scene.kubernetes().state().created == 1)
        #expect(scene.processes(with: mark).isEmpty)
        await scene.executor.remove(ticket)
    }

    @Test func `too much memory is the fault of the attempt`() async throws {
        let scene = try ExecutorScene(.kubernetes)
        let (ticket, _, _) = try await started(scene)
        try scene.kubernetes().make("nodes/\(node(scene, of: ticket))/OOMKilled")
        guard case .failed(.workerExit, let reason) = await scene.follow(ticket) else {
            Issue.record("not failed")
            return
        }
        #expect(reason.contains("memory"))
        try await scene.executor.cancel(ticket)
        await scene.executor.remove(ticket)
    }

    @Test func `a Job that somebody deletes is lost`() async throws {
        let scene = try ExecutorScene(.kubernetes)
        let (ticket, _, mark) = try await started(scene)
        try scene.kubernetes().kubectl("delete", "job/\(ticket.job)", "--wait=false")
        #expect(await lost(scene, ticket).contains("Job"))
        try await scene.executor.cancel(ticket)
        #expect(scene.processes(with: mark).isEmpty)
        await scene.executor.remove(ticket)
    }

    @Test func `an answer that was lost makes no second Job`() async throws {
        let scene = try ExecutorScene(.kubernetes)
        try scene.kubernetes().make("drops", "1")
        let (result, _) = try await scene.result(of: scene.order("sed -i s/old/new/ {files}"))
        guard case .attempt(.attemptVerified) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        let state = try scene.kubernetes().state()
        #expect(state.created == 1)
        #expect(state.counts.creates >= 2)
        try await expectNothingLeft(scene)
    }

    @Test func `an image that cannot be pulled is refused in its own words`() async throws {
        let pods = PodSettings(image: "nowhere/none:1")
        let scene = try ExecutorScene(.kubernetes, lease: 1, pods: pods)
        try scene.kubernetes().make("missing", #"["nowhere/none:1"]"#)
        let order = scene.order("true")
        let folder = try scene.jobFolder(of: order)
        await #expect {
            try await scene.submit(order, folder)
        } throws: { error in
            "\(error)".contains("Back-off pulling image \"nowhere/none:1\"")
        }
        try await expectNothingLeft(scene)
    }

    @Test func `a full cluster means wait, and the reason is told`() async throws {
        let scene = try ExecutorScene(.kubernetes, resources: JobResources(cores: 1000))
        let order = scene.order("true")
        let folder = try scene.jobFolder(of: order)
        let told = Mutex<[String]>([])
        let submitting = Task { try await scene.submit(order, folder) { text in told.withLock { $0.append(text) } } }
        try await scene.wait("the reason is told") { told.withLock { !$0.isEmpty } }
        #expect(told.withLock { $0.first }?.contains("3 Insufficient cpu") == true)
        submitting.cancel()
        await #expect(throws: ExecutorFault.self) { try await submitting.value }
        try await expectNothingLeft(scene)
    }

    @Test func `a secret reaches the worker by reference and is in no order`() async throws {
        let pods = PodSettings(image: "x", secrets: [.init(variable: "MODEL_KEY", name: "models", key: "main")])
        let scene = try ExecutorScene(.kubernetes, pods: pods)
        try scene.kubernetes().make("secrets", #"{"models": {"main": "from-the-cluster"}}"#)
        var order = scene.order(#"test "$MODEL_KEY" = from-the-cluster && sed -i s/old/new/ {files}"#)
        order.plan.workers.environment = ["MODEL_KEY"]
        order.environment = ["MODEL_KEY": "from-here"]
        let (result, _) = try await scene.result(of: order)
        guard case .attempt(.attemptVerified) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
    }

    @Test func `a cluster that is gone for a moment loses nothing`() async throws {
        let scene = try ExecutorScene(.kubernetes)
        let order = scene.order("sleep 2; sed -i s/old/new/ {files}")
        let ticket = try await scene.submit(order, try scene.jobFolder(of: order))
        try scene.kubernetes().make("down", "3")
        #expect(await scene.follow(ticket) == .ended)
        let result = try await scene.executor.fetch(ticket, into: scene.directory.makeDirectory("result"))
        guard case .attempt(.attemptVerified) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        await scene.executor.remove(ticket)
    }

    @Test func `a coordinator that was killed leaves nothing after the next one`() async throws {
        let scene = try ExecutorScene(.kubernetes)
        let (_, order, mark) = try await started(scene)
        let other = try await started(scene, attempt: 2)
        #expect(await scene.executor.endLeftovers(of: order.run, repository: order.repository) == [])
        #expect(scene.processes(with: mark).isEmpty)
        #expect(scene.processes(with: other.mark).isEmpty)
        try await expectNothingLeft(scene)
    }

    @Test func `a program that ends at once is the reason, and not the connection`() async throws {
        let scene = try ExecutorScene(.kubernetes, before: "exit 1")
        let report = await scene.executor.check()
        let words = String(describing: report.first?.fault)
        #expect(words.contains("its program ended with status 1"), "\(words)")
        try await expectNothingLeft(scene)
    }

    @Test func `a check tells what is missing, and starts a pod`() async throws {
        let scene = try ExecutorScene(.kubernetes)
        try scene.kubernetes().make("deny", #"["create pods/exec", "delete jobs"]"#)
        let denied = await scene.executor.check()
        #expect(denied.count == 1)
        let words = String(describing: denied.first?.fault)
        #expect(words.contains("may not delete jobs.batch, create pods/exec"), "\(words)")
        try scene.kubernetes().make("deny", "[]")
        let allowed = await scene.executor.check()
        #expect(allowed.first?.fault == nil)
        #expect((allowed.first?.free ?? 0) > 0)
        #expect(try scene.kubernetes().state().created == 1)
        try await expectNothingLeft(scene)
    }
}

/// The process of a pod.
@Suite struct PodKeeperTests {
    @Test func `an order counts when all its files are there`() async throws {
        let scratch = try ScratchDirectory("pod")
        let keeper = PodKeeper(job: "o1-2-3", root: scratch.path, pause: .milliseconds(1))
        let folder = try scratch.makeDirectory("jobs/o1-2-3")
        try "{}".write(toFile: "\(folder)/order.json", atomically: true, encoding: .utf8)
        #expect(await keeper.waitForOrder(seconds: 0.05) == false)
        try "".write(toFile: "\(folder)/process", atomically: true, encoding: .utf8)
        #expect(await keeper.waitForOrder(seconds: 60))
    }

    @Test func `a result is kept until it was fetched, or for so long`() async throws {
        let scratch = try ScratchDirectory("pod")
        let folder = try scratch.makeDirectory("jobs/o1-2-3")
        let keeper = PodKeeper(job: "o1-2-3", root: scratch.path, pause: .milliseconds(1))
        let start = ContinuousClock.now
        await keeper.keepResult(seconds: 0.05)
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        let waiting = Task { await keeper.keepResult(seconds: 600) }
        try FileManager.default.removeItem(atPath: folder)
        await waiting.value
    }
}
