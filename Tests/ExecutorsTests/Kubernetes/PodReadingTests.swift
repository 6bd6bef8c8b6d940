import Foundation
import Jobs
import Model
import Synchronization
import Testing

@testable import Executors

/// What the answers of `kubectl` mean for an attempt.
@Suite struct PodReadingTests {
    private static func job(_ status: String = "{}", _ more: String = "") -> String {
        """
        {"kind": "Job", "metadata": {"name": "o1-2-3", "annotations": {"orchestrate/token": "abc"}\(more)}, "status": \(status)}
        """
    }

    private static func pod(_ status: String, _ more: String = "") -> String {
        """
        {"kind": "Pod", "metadata": {"name": "o1-2-3-x", "labels": {"orchestrate/job": "o1-2-3"}\(more)},
         "spec": {"nodeName": "n1"}, "status": \(status)}
        """
    }

    private static func container(_ state: String) -> String {
        #""containerStatuses": [{"name": "attempt", "state": \#(state)}]"#
    }

    private func reading(_ items: String...) throws -> PodReading {
        try PodReading(Data(#"{"items": [\#(items.joined(separator: ","))]}"#.utf8))
    }

    private func state(_ items: String...) throws -> PodReading.State {
        try PodReading(Data(#"{"items": [\#(items.joined(separator: ","))]}"#.utf8)).state(of: "o1-2-3")
    }

    @Test func `a pod that has not started waits, with the reason of the scheduler`() throws {
        #expect(try state(Self.job()) == .waiting(nil))
        #expect(try state(Self.job(), Self.pod(#"{"phase": "Pending"}"#)) == .waiting(nil))
        let pod = Self.pod(
            #"""
            {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
             "message": "0/3 nodes are available: 3 Insufficient memory."}]}
            """#)
        #expect(
            try state(Self.job(), pod)
                == .waiting("no node takes its pod: 0/3 nodes are available: 3 Insufficient memory."))
        let creating = Self.pod(
            "{\"phase\": \"Pending\", \(Self.container(#"{"waiting": {"reason": "ContainerCreating"}}"#))}")
        #expect(try state(Self.job(), creating) == .waiting(nil))
    }

    @Test func `a queue that has not admitted a job is the reason of its wait`() throws {
        let job = #"{"kind": "Job", "metadata": {"name": "o1-2-3"}, "spec": {"suspend": true}}"#
        #expect(try state(job) == .waiting("its queue has not admitted it"))
    }

    @Test(arguments: [
        ("ImagePullBackOff", "Back-off pulling image", false), ("InvalidImageName", "no", true),
        ("CreateContainerConfigError", "secret \\\"models\\\" not found", false),
    ])
    func `a container that cannot start says why`(reason: String, message: String, isFinal: Bool) throws {
        let pod = Self.pod(
            "{\"phase\": \"Pending\", \(Self.container(#"{"waiting": {"reason": "\#(reason)", "message": "\#(message)"}}"#))}"
        )
        guard case .blocked(let words, isFinal) = try state(Self.job(), pod) else {
            Issue.record("not blocked")
            return
        }
        #expect(words.contains(reason))
        #expect(words.contains(message.replacing("\\", with: "")))
    }

    @Test func `a running container is named by its pod`() throws {
        let pod = Self.pod("{\"phase\": \"Running\", \(Self.container(#"{"running": {"startedAt": "x"}}"#))}")
        #expect(try state(Self.job(), pod) == .running(pod: "o1-2-3-x"))
    }

    @Test(arguments: [
        (
            #"{"phase": "Running", "conditions": [{"type": "DisruptionTarget", "status": "True", "reason": "DeletionByTaintManager"}]}"#,
            "its node does not answer"
        ),
        (
            #"{"phase": "Failed", "conditions": [{"type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler"}]}"#,
            "higher priority"
        ),
        (
            #"{"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory. "}"#,
            "low on resource"
        ),
        (#"{"phase": "Running", "reason": "NodeLost"}"#, "does not answer"),
        (#"{"phase": "Failed", "reason": "OutOfcpu", "message": "Pod was rejected"}"#, "refused it: OutOfcpu"),
        (
            #"{"phase": "Failed", "containerStatuses": [{"name": "attempt", "state": {"terminated": {"exitCode": 137, "reason": "Error"}}}]}"#,
            "signal 9"
        ),
        (
            #"{"phase": "Succeeded", "containerStatuses": [{"name": "attempt", "state": {"terminated": {"exitCode": 0}}}]}"#,
            "before the result was fetched"
        ),
    ])
    func `what the machines did is no fault of the attempt`(status: String, words: String) throws {
        guard case .over(.lost(let reason)) = try state(Self.job(), Self.pod(status)) else {
            Issue.record("\(try state(Self.job(), Self.pod(status)))")
            return
        }
        #expect(reason.contains(words), "\(reason)")
    }

    @Test(arguments: [
        (
            #"{"phase": "Failed", "containerStatuses": [{"name": "attempt", "state": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}}]}"#,
            Failure.Kind.workerExit, "more memory than its limit"
        ),
        (
            #"{"phase": "Failed", "reason": "Evicted", "message": "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi."}"#,
            .workerExit, "exceeds the total limit"
        ),
        (
            #"{"phase": "Failed", "reason": "DeadlineExceeded", "message": "Pod was active on the node longer"}"#,
            .workerTimeout, "deadline of its pod"
        ),
        (
            #"{"phase": "Failed", "containerStatuses": [{"name": "attempt", "state": {"terminated": {"exitCode": 3, "reason": "Error", "message": "a\nerror: no room\n"}}}]}"#,
            .infrastructure, "status 3: error: no room"
        ),
        (
            #"{"phase": "Failed", "containerStatuses": [{"name": "attempt", "state": {"terminated": {"exitCode": 128, "reason": "StartError", "message": "exec: \"orchestrate\": not found"}}}]}"#,
            .infrastructure, "cannot be started in the image"
        ),
    ])
    func `what the attempt did costs a try`(status: String, kind: Failure.Kind, words: String) throws {
        guard case .over(.failed(kind, let reason)) = try state(Self.job(), Self.pod(status)) else {
            Issue.record("\(try state(Self.job(), Self.pod(status)))")
            return
        }
        #expect(reason.contains(words), "\(reason)")
    }

    @Test func `a Job that somebody deleted is lost`() throws {
        #expect(try state() == .over(.lost(reason: "its Job is not in the cluster any more")))
        let deleted = Self.job("{}", #", "deletionTimestamp": "2026-01-01T00:00:00Z""#)
        #expect(try state(deleted) == .over(.lost(reason: "its Job is being deleted")))
    }

    @Test func `the pod says why a Job has failed`() throws {
        let job = Self.job(
            #"{"conditions": [{"type": "Failed", "status": "True", "reason": "PodFailurePolicy", "message": "m"}]}"#)
        let pod = Self.pod(
            "{\"phase\": \"Failed\", \(Self.container(#"{"terminated": {"exitCode": 137, "reason": "OOMKilled"}}"#))}")
        guard case .over(.failed(.workerExit, _)) = try state(job, pod), case .over(.lost(let reason)) = try state(job)
        else {
            Issue.record("\(try state(job, pod)) \(try state(job))")
            return
        }
        #expect(reason == "its Job failed: PodFailurePolicy: m")
    }

    @Test func `a Job whose deadline has passed in the queue is no loss`() throws {
        let job = Self.job(#"{"conditions": [{"type": "Failed", "status": "True", "reason": "DeadlineExceeded"}]}"#)
        guard case .over(.failed(.infrastructure, _)) = try state(job) else {
            Issue.record("\(try state(job))")
            return
        }
    }

    @Test func `a pod on a silent node is not waited for`() throws {
        let gone = #", "deletionTimestamp": "2026-01-01T00:00:00Z""#
        let condition =
            #"{"phase": "Running", "conditions": [{"type": "DisruptionTarget", "status": "True", "reason": "REASON"}]}"#
        let silent = try reading(
            Self.job(), Self.pod(condition.replacing("REASON", with: "DeletionByTaintManager"), gone))
        #expect(silent.lostNode(of: "o1-2-3") == "n1")
        let evicted = try reading(
            Self.job(), Self.pod(condition.replacing("REASON", with: "EvictionByEvictionAPI"), gone))
        #expect(evicted.lostNode(of: "o1-2-3") == nil)
        #expect(silent.token(of: "o1-2-3") == "abc")
        #expect(silent.has("o1-2-3") && !silent.has("o1-2-4"))
    }
}

/// How failed commands of `kubectl` are understood.
@Suite struct KubectlFaultTests {
    @Test(arguments: [
        (
            #"Error from server (AlreadyExists): error when creating "STDIN": jobs.batch "a" already exists"#,
            Kubectl.Fault.exists
        ),
        (#"Error from server (NotFound): jobs.batch "a" not found"#, .missing),
        (
            #"Error from server (NotFound): namespaces "x" not found"#,
            .refused(#"Error from server (NotFound): namespaces "x" not found"#)
        ),
        ("Error from server (Forbidden): no", .refused("Error from server (Forbidden): no")),
        (
            "Error from server (ServiceUnavailable): later",
            .unreachable("Error from server (ServiceUnavailable): later")
        ),
        ("Error from server (TooManyRequests): later", .unreachable("Error from server (TooManyRequests): later")),
        ("Unable to connect to the server: EOF", .unreachable("Unable to connect to the server: EOF")),
        (
            "The connection to the server localhost:8080 was refused",
            .unreachable("The connection to the server localhost:8080 was refused")
        ),
        (
            #"The Job "a" is invalid: spec.template.spec.containers[0].image: Required value"#,
            .refused(#"The Job "a" is invalid: spec.template.spec.containers[0].image: Required value"#)
        ),
        (
            #"Error from server: error when creating "STDIN": admission webhook "w" denied the request: no"#,
            .refused(#"Error from server: error when creating "STDIN": admission webhook "w" denied the request: no"#)
        ),
        (#"error: context "x" does not exist"#, .refused(#"error: context "x" does not exist"#)),
        ("error: dial tcp 10.0.0.1:443: i/o timeout", .unreachable("error: dial tcp 10.0.0.1:443: i/o timeout")),
    ])
    func `a refusal is not taken for a broken connection`(text: String, fault: Kubectl.Fault) {
        #expect(Kubectl.fault(.exited(1), saying: "W1130 a warning\n\(text)\n") == fault)
    }

    @Test func `kubectl that is missing or hangs is told apart`() {
        #expect(
            Kubectl.fault(.couldNotStart("no"), saying: "") == .refused("kubectl cannot be started; it must be in PATH")
        )
        #expect(Kubectl.fault(.timedOut, saying: "") == .unreachable("no answer in time"))
    }

    private var transport: PodTransport {
        let pods = PodSettings(image: "x", context: "work", namespace: "agents")
        return PodTransport(
            kubectl: Kubectl(pods, options: ["--as=me"], environment: [:], runner: ProcessRunner(marker: "none")),
            pod: "o1-2-3-x", program: "orchestrate")
    }

    @Test func `commands name cluster, namespace and container`() {
        #expect(
            transport.command(["job", "host"]) == [
                "kubectl", "--context", "work", "--namespace", "agents", "--as=me", "exec", "--stdin", "--container",
                "attempt", "o1-2-3-x", "--", "orchestrate", "job", "host",
            ])
    }

    @Test func `only what kubectl itself did is a fault of the way`() {
        func fault(_ status: Int32, _ text: String) -> String? {
            transport.fault(ProcessOutcome(ending: .exited(status), seconds: 0), saying: text)
        }
        #expect(fault(0, "") == nil)
        #expect(fault(3, "command terminated with exit code 3") == nil)
        #expect(fault(1, "error: unable to upgrade connection") == "error: unable to upgrade connection")
    }
}

/// What all pods of a cluster share.
@Suite struct ExchangeTurnsTests {
    private final class Counts: Sendable {
        private struct State {
            var now = 0
            var most = 0
            var done = 0
        }

        private let state = Mutex(State())

        func begin() {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
        }

        func end() {
            state.withLock { state in
                state.now -= 1
                state.done += 1
            }
        }

        var most: Int { state.withLock { $0.most } }
        var done: Int { state.withLock { $0.done } }
    }

    @Test func `only a few pods are asked at once, and all in the end`() async {
        let (turns, counts) = (ExchangeTurns(3), Counts())
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    await turns.take()
                    counts.begin()
                    await Task.yield()
                    counts.end()
                    await turns.giveBack()
                }
            }
        }
        #expect(counts.done == 50)
        #expect(counts.most <= 3)
    }
}
