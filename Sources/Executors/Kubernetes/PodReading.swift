import Foundation
import Model

/// What the answer of `kubectl get jobs,pods -o json` says about jobs.
struct PodReading: Sendable {
    private var jobs: [String: Listed.Item] = [:]
    /// By the names of their jobs.
    private var pods: [String: [Listed.Item]] = [:]

    /// The state of one job.
    enum State: Sendable, Equatable {
        /// No container runs yet; the text is for people, and nil for the usual short wait.
        case waiting(String?)
        /// The container cannot be started; `isFinal` if waiting does not help.
        case blocked(String, isFinal: Bool)
        case running(pod: String)
        /// The node does not answer.
        case silent(String)
        case over(Exchanged.State)
    }

    /// - Throws: `DecodingError`
    init(_ data: Data) throws {
        for item in try JSONDecoder().decode(Listed.self, from: data).items {
            switch item.kind {
            case "Job": jobs[item.metadata.name] = item
            case "Pod":
                guard let job = item.metadata.labels?[PodManifest.jobLabel] else { continue }
                pods[job, default: []].append(item)
            default: break
            }
        }
    }

    /// Whether the cluster still has the Job, or one of its pods.
    func has(_ job: String) -> Bool { jobs[job] != nil || !(pods[job] ?? []).isEmpty }

    /// Names of all that is listed.
    var names: Set<String> { Set(jobs.keys).union(pods.keys) }

    /// The name of a node that has a pod of the job and does not answer; nil if all such nodes answer.
    func lostNode(of job: String) -> String? {
        pods[job]?.first { $0.metadata.deletionTimestamp != nil && $0.isOnLostNode }?.spec?.nodeName
    }

    func token(of job: String) -> String? { jobs[job]?.metadata.annotations?[PodManifest.tokenKey] }

    func state(of job: String) -> State {
        // A pod that is being deleted is the older one.
        let found = (pods[job] ?? []).min { a, b in
            (a.metadata.deletionTimestamp == nil ? 0 : 1) < (b.metadata.deletionTimestamp == nil ? 0 : 1)
        }
        guard let item = jobs[job] else {
            return .over(.lost(reason: "its Job is not in the cluster any more"))
        }
        if item.metadata.deletionTimestamp != nil { return .over(.lost(reason: "its Job is being deleted")) }
        let failed = item.failure
        guard let found else {
            if let failed { return .over(failed) }
            return .waiting(item.spec?.suspend == true ? "its queue has not admitted it" : nil)
        }
        let state = found.state
        // A Job says only that a pod failed, and the pod says why.
        if let failed, state.isOpen { return .over(failed) }
        return state
    }
}

extension PodReading.State {
    fileprivate var isOpen: Bool { if case .over = self { false } else { true } }
}

/// A list of Jobs and pods; only what is read of them.
private struct Listed: Decodable, Sendable {
    var items: [Item]

    struct Item: Decodable, Sendable {
        var kind: String
        var metadata: Metadata
        var spec: Spec?
        var status: Status?
    }

    struct Metadata: Decodable, Sendable {
        var name: String
        var labels: [String: String]?
        var annotations: [String: String]?
        var deletionTimestamp: String?
    }

    struct Spec: Decodable, Sendable {
        var nodeName: String?
        var suspend: Bool?
    }

    struct Status: Decodable, Sendable {
        var phase: String?
        var reason: String?
        var message: String?
        var conditions: [Condition]?
        var containerStatuses: [Container]?
    }

    struct Condition: Decodable, Sendable {
        var type: String
        var status: String
        var reason: String?
        var message: String?
    }

    struct Container: Decodable, Sendable {
        var name: String
        var state: State?

        struct State: Decodable, Sendable {
            var waiting: Detail?
            var running: Empty?
            var terminated: Detail?
        }

        struct Empty: Decodable, Sendable {}

        struct Detail: Decodable, Sendable {
            var exitCode: Int?
            var reason: String?
            var message: String?
        }
    }
}

// MARK: Jobs

extension Listed.Item {
    private func condition(_ type: String) -> Listed.Condition? {
        status?.conditions?.first { $0.type == type && $0.status == "True" }
    }

    /// The end of a Job that has failed; nil if it has not.
    fileprivate var failure: Exchanged.State? {
        guard let condition = condition("Failed") ?? condition("FailureTarget") else { return nil }
        let words = Self.words(condition.reason, condition.message)
        return condition.reason == "DeadlineExceeded"
            ? .failed(.infrastructure, reason: "the deadline of its Job has passed: \(words)")
            : .lost(reason: "its Job failed: \(words)")
    }

    private static func words(_ parts: String?...) -> String {
        let text = parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ": ")
        return text.isEmpty ? "no reason given" : String(OutsideText.line(text).prefix(400))
    }

    // MARK: Pods

    private var container: Listed.Container.State? {
        status?.containerStatuses?.first { $0.name == PodManifest.container }?.state
    }

    fileprivate var isOnLostNode: Bool {
        status?.reason == "NodeLost" || condition("DisruptionTarget")?.reason == "DeletionByTaintManager"
    }

    fileprivate var state: PodReading.State {
        if let disruption = condition("DisruptionTarget") { return .over(.lost(reason: Self.disrupted(disruption))) }
        if status?.reason == "NodeLost" { return .over(.lost(reason: "its node does not answer")) }
        switch status?.phase {
        case "Failed": return .over(failed)
        case "Succeeded": return .over(.lost(reason: "its pod ended before the result was fetched"))
        case "Unknown": return .silent("its node does not answer")
        default: break
        }
        if metadata.deletionTimestamp != nil { return .over(.lost(reason: "its pod is being deleted")) }
        if container?.running != nil { return .running(pod: metadata.name) }
        if let terminated = container?.terminated { return .over(Self.ended(terminated)) }
        return pending
    }

    private static func disrupted(_ condition: Listed.Condition) -> String {
        switch condition.reason {
        case "DeletionByTaintManager": "its node does not answer or was closed to it"
        case "DeletionByPodGC": "its node is gone"
        case "PreemptionByScheduler": "a pod with a higher priority took its place"
        case "EvictionByEvictionAPI": "it was evicted; its node is being emptied"
        case "TerminationByKubelet": "its node ended it: \(words(condition.message))"
        default: "it was evicted: \(words(condition.reason, condition.message))"
        }
    }

    // MARK: Pods that have not started

    /// Reasons of a waiting container after which waiting does not help.
    private static let final: Set<String> = ["InvalidImageName", "ErrImageNeverPull"]
    private static let blocking: Set<String> = [
        "ErrImagePull", "ImagePullBackOff", "ImageInspectError", "RegistryUnavailable", "CreateContainerConfigError",
        "CreateContainerError", "RunContainerError", "CrashLoopBackOff",
    ]

    private var pending: PodReading.State {
        if let waiting = container?.waiting, let reason = waiting.reason {
            let words = "its container cannot start: \(Self.words(reason, waiting.message))"
            if Self.final.contains(reason) { return .blocked(words, isFinal: true) }
            if Self.blocking.contains(reason) { return .blocked(words, isFinal: false) }
        }
        let scheduled = status?.conditions?.first { $0.type == "PodScheduled" && $0.status == "False" }
        return .waiting(scheduled.map { "no node takes its pod: \(Self.words($0.message ?? $0.reason))" })
    }

    // MARK: Pods that have failed

    private var failed: Exchanged.State {
        let message = status?.message ?? ""
        switch status?.reason {
        case "Evicted":
            // The same reason is given for a pod that used too much and for one that was in the way.
            return message.contains("exceed")
                ? .failed(.workerExit, reason: "its pod used too much room: \(Self.words(message))")
                : .lost(reason: "it was evicted: \(Self.words(message))")
        case "DeadlineExceeded":
            return .failed(.workerTimeout, reason: "the deadline of its pod has passed")
        case .some(let reason) where ["Shutdown", "NodeShutdown", "Terminated", "Preempting"].contains(reason):
            return .lost(reason: "its node ended it: \(Self.words(message))")
        case .some(let reason) where container?.terminated == nil:
            // Such as OutOfcpu: the node refused it.
            return .lost(reason: "its node refused it: \(Self.words(reason, message))")
        default:
            return container?.terminated.map(Self.ended) ?? .lost(reason: "its pod failed: \(Self.words(message))")
        }
    }

    private static func ended(_ end: Listed.Container.Detail) -> Exchanged.State {
        let code = end.exitCode ?? -1
        let last = end.message.map {
            OutsideText.lines($0).split(separator: "\n").last.map { ": \($0.prefix(300))" } ?? ""
        }
        switch end.reason {
        case "OOMKilled":
            return .failed(.workerExit, reason: "its pod used more memory than its limit, and was ended")
        case "ContainerStatusUnknown": return .lost(reason: "its node does not know how its container ended")
        case "StartError", "ContainerCannotRun":
            return .failed(
                .infrastructure, reason: "the program cannot be started in the image: \(words(end.message))")
        default: break
        }
        switch code {
        case 0: return .lost(reason: "its pod ended before the result was fetched")
        // A signal, and no end of its own.
        case 129...: return .lost(reason: "its program was ended by signal \(code - 128)")
        default: return .failed(.infrastructure, reason: "its program ended with status \(code)\(last ?? "")")
        }
    }
}
