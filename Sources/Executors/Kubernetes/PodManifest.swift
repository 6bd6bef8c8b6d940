import Foundation
import Jobs
import Model

/// The Job of one attempt, as the cluster gets it.
///
/// Nothing in it makes Kubernetes start an attempt twice: the coordinator owns retries.
struct PodManifest {
    let settings: ExecutorSettings
    let pods: PodSettings
    /// Name of the Job, made by `Ticket.name`.
    let name: String
    let resources: JobResources
    /// Seconds for set-up, worker and checks.
    let seconds: Double
    /// Texts about the attempt, for people and for the check that the Job is that of the order.
    let annotations: [String: String]
    /// nil for checks.
    let attempt: Int?

    /// Name of the container.
    static let container = "attempt"
    static let runLabel = "orchestrate/run"
    static let jobLabel = "orchestrate/job"
    static let tokenKey = "orchestrate/token"

    /// Seconds that a pod waits for its order.
    static let orderPatience: Double = 300
    /// Seconds that a pod keeps a result that nobody fetches.
    static let keep: Double = 900
    /// Seconds after which a pod that no node takes is given up.
    static let queuePatience: Double = 86_400
    /// Seconds between SIGTERM and SIGKILL: the worker's grace, and the time to write the result.
    static let grace = 20
    /// Seconds that a node may be silent before its pods are given up.
    static let nodePatience = 30
    /// Seconds that a finished Job stays, if nobody removes it.
    private static let timeToLive = 3600

    /// Returns the label of all jobs of a run, which begins their names.
    static func run(of job: String) -> String { String(job.prefix { $0 != "-" }) }

    /// Returns the folder of a job's files in its pod.
    static func root(of job: String, settings: ExecutorSettings) -> String { "\(settings.files)/\(job)" }

    private var podSeconds: Int { Int((Self.orderPatience + seconds + Self.keep).rounded(.up)) }

    /// Returns the command of the container.
    var command: [String] {
        [
            settings.program ?? "orchestrate", "job", "pod", name, "--root", Self.root(of: name, settings: settings),
            "--wait", "\(Int(Self.orderPatience))", "--keep", "\(Int(Self.keep))",
        ]
    }

    /// Returns the manifest as JSON.
    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(job)
    }

    private var job: Manifest.Job {
        var labels = [
            "app.kubernetes.io/name": "orchestrate", "app.kubernetes.io/managed-by": "orchestrate",
            Self.runLabel: Self.run(of: name), Self.jobLabel: name,
        ]
        labels["orchestrate/attempt"] = attempt.map(String.init)
        let podLabels = labels
        if let queue = settings.queue { labels["kueue.x-k8s.io/queue-name"] = queue }
        return Manifest.Job(
            metadata: .init(name: name, labels: labels, annotations: annotations),
            spec: .init(
                // Kueue starts the Job when its queue has room.
                suspend: settings.queue == nil ? nil : true,
                // Time in the queue of the cluster counts here, and not in the deadline of the pod.
                activeDeadlineSeconds: podSeconds + Int(Self.queuePatience), ttlSecondsAfterFinished: Self.timeToLive,
                template: .init(
                    metadata: .init(
                        labels: podLabels, annotations: annotations.merging(pods.annotations) { own, _ in own }),
                    spec: podSpec)))
    }

    private var podSpec: Manifest.PodSpec {
        Manifest.PodSpec(
            activeDeadlineSeconds: podSeconds, terminationGracePeriodSeconds: Self.grace,
            serviceAccountName: pods.serviceAccount,
            imagePullSecrets: pods.pullSecrets.isEmpty ? nil : pods.pullSecrets.map { .init(name: $0) },
            nodeSelector: pods.nodeSelector.isEmpty ? nil : pods.nodeSelector,
            tolerations: Self.nodeTolerations + pods.tolerations.map(Self.toleration),
            runtimeClassName: pods.runtimeClass,
            securityContext: .init(
                runAsUser: pods.user, runAsGroup: pods.user, fsGroup: pods.user,
                runAsNonRoot: pods.user == nil ? nil : true),
            volumes: [.init(name: "files", emptyDir: .init(sizeLimit: resources.disk.map(String.init)))],
            containers: [
                Manifest.Container(
                    name: Self.container, image: pods.image, command: command, env: variables,
                    resources: quantities,
                    volumeMounts: [.init(name: "files", mountPath: settings.files)])
            ])
    }

    /// A node that does not answer loses its pods soon, and not after the default of five minutes.
    private static var nodeTolerations: [Manifest.Toleration] {
        ["unreachable", "not-ready"].map { name in
            Manifest.Toleration(
                key: "node.kubernetes.io/\(name)", operator: "Exists", effect: "NoExecute",
                tolerationSeconds: nodePatience)
        }
    }

    private static func toleration(_ entry: PodSettings.Toleration) -> Manifest.Toleration {
        Manifest.Toleration(
            key: entry.key, operator: entry.value == nil ? "Exists" : "Equal", value: entry.value, effect: entry.effect)
    }

    private var variables: [Manifest.Variable] {
        let given = settings.environment.compactMap { entry -> Manifest.Variable? in
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            // Kubernetes would replace `$(NAME)`.
            return parts.count == 2
                ? Manifest.Variable(name: parts[0], value: parts[1].replacing("$(", with: "$$(")) : nil
        }
        return given
            + pods.secrets.map {
                Manifest.Variable(
                    name: $0.variable, valueFrom: .init(secretKeyRef: .init(name: $0.name, key: $0.key)))
            }
    }

    private var quantities: Manifest.Resources {
        var all: [String: String] = [:]
        all["cpu"] = resources.cores.map(String.init)
        all["memory"] = resources.memory.map(String.init)
        all["ephemeral-storage"] = resources.disk.map(String.init)
        return Manifest.Resources(requests: all, limits: all)
    }
}

/// The parts of batch/v1 and v1 that a Job of ours has, with the names of the published API.
enum Manifest {
    struct Job: Encodable {
        var apiVersion = "batch/v1"
        var kind = "Job"
        var metadata: Metadata
        var spec: JobSpec
    }

    struct Metadata: Encodable {
        var name: String?
        var labels: [String: String]
        var annotations: [String: String]
    }

    struct JobSpec: Encodable {
        var parallelism = 1
        var completions = 1
        var backoffLimit = 0
        var podReplacementPolicy = "Failed"
        /// Every failure ends the Job, and no rule ignores one.
        var podFailurePolicy = PodFailurePolicy()
        var suspend: Bool?
        var activeDeadlineSeconds: Int
        var ttlSecondsAfterFinished: Int
        var template: Template
    }

    struct PodFailurePolicy: Encodable {
        struct Rule: Encodable {
            var action = "FailJob"
            var onPodConditions: [Condition]?
            var onExitCodes: ExitCodes?
        }

        struct Condition: Encodable {
            var type: String
            var status = "True"
        }

        struct ExitCodes: Encodable {
            var containerName = PodManifest.container
            var `operator` = "NotIn"
            var values = [0]
        }

        var rules = [
            Rule(onPodConditions: [Condition(type: "DisruptionTarget")]), Rule(onExitCodes: ExitCodes()),
        ]
    }

    struct Template: Encodable {
        var metadata: Metadata
        var spec: PodSpec
    }

    struct PodSpec: Encodable {
        var restartPolicy = "Never"
        var automountServiceAccountToken = false
        var enableServiceLinks = false
        /// The first process of the pod then collects the orphans of workers.
        var shareProcessNamespace = true
        var activeDeadlineSeconds: Int
        var terminationGracePeriodSeconds: Int
        var serviceAccountName: String?
        var imagePullSecrets: [Reference]?
        var nodeSelector: [String: String]?
        var tolerations: [Toleration]
        var runtimeClassName: String?
        var securityContext: PodSecurity
        var volumes: [Volume]
        var containers: [Container]
    }

    struct Reference: Encodable {
        var name: String
    }

    struct Toleration: Encodable, Equatable {
        var key: String
        var `operator`: String
        var value: String?
        var effect: String?
        var tolerationSeconds: Int?
    }

    struct PodSecurity: Encodable {
        struct Profile: Encodable {
            var type = "RuntimeDefault"
        }

        var seccompProfile = Profile()
        var runAsUser: Int?
        var runAsGroup: Int?
        var fsGroup: Int?
        var runAsNonRoot: Bool?
    }

    struct Volume: Encodable {
        struct EmptyDirectory: Encodable {
            var sizeLimit: String?
        }

        var name: String
        var emptyDir: EmptyDirectory
    }

    struct Container: Encodable {
        struct Security: Encodable {
            struct Capabilities: Encodable {
                var drop = ["ALL"]
            }

            var allowPrivilegeEscalation = false
            var capabilities = Capabilities()
        }

        var name: String
        var image: String
        var command: [String]
        var env: [Variable]
        var resources: Resources
        var volumeMounts: [Mount]
        var securityContext = Security()
        /// What the program said last is in the status of a pod that failed.
        var terminationMessagePolicy = "FallbackToLogsOnError"
    }

    struct Mount: Encodable {
        var name: String
        var mountPath: String
    }

    struct Variable: Encodable {
        struct Source: Encodable {
            var secretKeyRef: SecretKey
        }

        struct SecretKey: Encodable {
            var name: String
            var key: String
        }

        var name: String
        var value: String?
        var valueFrom: Source?
    }

    struct Resources: Encodable {
        var requests: [String: String]
        var limits: [String: String]
    }
}
