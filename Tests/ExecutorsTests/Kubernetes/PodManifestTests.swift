import Foundation
import Model
import Testing

@testable import Executors

/// The Job that a cluster gets for one attempt.
@Suite struct PodManifestTests {
    private func manifest(_ change: (inout ExecutorSettings, inout PodSettings) -> Void = { _, _ in }) throws
        -> [String: Any]
    {
        var pods = PodSettings(image: "registry/orchestrate:1")
        var settings = ExecutorSettings(name: "cluster", kind: .kubernetes, files: "/orchestrate")
        change(&settings, &pods)
        let manifest = PodManifest(
            settings: settings, pods: pods, name: "o1-2-3",
            resources: JobResources(cores: 4, memory: 8 << 30, disk: 20 << 30), seconds: 1000,
            annotations: ["orchestrate/token": "abc"], attempt: 2)
        return try #require(try JSONSerialization.jsonObject(with: manifest.json()) as? [String: Any])
    }

    private func value(_ object: Any?, _ path: String) -> Any? {
        path.split(separator: ".").reduce(object) { value, key in
            if let index = Int(key) {
                return (value as? [Any]).flatMap { $0.indices.contains(index) ? $0[index] : nil }
            }
            return (value as? [String: Any])?[String(key)]
        }
    }

    private func expect(_ manifest: [String: Any], _ path: String, _ wanted: some Equatable, line: Int = #line) {
        let found = value(manifest, path)
        #expect("\(found ?? "nothing")" == "\(wanted)", "\(path), line \(line)")
    }

    @Test func `Kubernetes starts an attempt once and never again`() throws {
        let job = try manifest()
        expect(job, "apiVersion", "batch/v1")
        expect(job, "spec.backoffLimit", 0)
        expect(job, "spec.completions", 1)
        expect(job, "spec.parallelism", 1)
        expect(job, "spec.podReplacementPolicy", "Failed")
        expect(job, "spec.template.spec.restartPolicy", "Never")
        let rules = try #require(value(job, "spec.podFailurePolicy.rules") as? [[String: Any]])
        #expect(rules.allSatisfy { $0["action"] as? String == "FailJob" })
        expect(job, "spec.podFailurePolicy.rules.0.onPodConditions.0.type", "DisruptionTarget")
        expect(job, "spec.podFailurePolicy.rules.1.onExitCodes.operator", "NotIn")
    }

    @Test func `a pod ends by itself, and time in a queue does not count`() throws {
        let job = try manifest()
        let own = Int(PodManifest.orderPatience + 1000 + PodManifest.keep)
        expect(job, "spec.template.spec.activeDeadlineSeconds", own)
        expect(job, "spec.activeDeadlineSeconds", own + 86_400)
        expect(job, "spec.ttlSecondsAfterFinished", 3600)
        let tolerations = try #require(value(job, "spec.template.spec.tolerations") as? [[String: Any]])
        #expect(
            tolerations.compactMap { $0["key"] as? String } == [
                "node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready",
            ])
        #expect(
            tolerations.allSatisfy { $0["tolerationSeconds"] as? Int == 30 && $0["effect"] as? String == "NoExecute" })
    }

    @Test func `a pod has what it asks for, and no token of the cluster`() throws {
        let job = try manifest()
        let container = "spec.template.spec.containers.0"
        for part in ["requests", "limits"] {
            expect(job, "\(container).resources.\(part).cpu", "4")
            expect(job, "\(container).resources.\(part).memory", "\(8 << 30)")
            expect(job, "\(container).resources.\(part).ephemeral-storage", "\(20 << 30)")
        }
        expect(job, "spec.template.spec.automountServiceAccountToken", 0)
        expect(job, "spec.template.spec.enableServiceLinks", 0)
        expect(job, "\(container).securityContext.allowPrivilegeEscalation", 0)
        expect(job, "\(container).volumeMounts.0.mountPath", "/orchestrate")
        #expect(value(job, "spec.suspend") == nil)
        #expect(
            value(job, "\(container).command") as? [String] == [
                "orchestrate", "job", "pod", "o1-2-3", "--root", "/orchestrate/o1-2-3", "--wait", "300", "--keep",
                "900",
            ])
    }

    @Test func `labels find the jobs of a run, and the token is a note`() throws {
        let job = try manifest()
        for place in ["metadata", "spec.template.metadata"] {
            expect(job, "\(place).labels.orchestrate/run", "o1")
            expect(job, "\(place).labels.orchestrate/job", "o1-2-3")
            expect(job, "\(place).annotations.orchestrate/token", "abc")
        }
    }

    @Test func `all keys of the configuration arrive`() throws {
        let job = try manifest { settings, pods in
            settings.queue = "agents"
            settings.environment = ["A=b=$(HOME)"]
            settings.program = "/opt/orchestrate"
            pods.secrets = [.init(variable: "KEY", name: "models", key: "main")]
            pods.serviceAccount = "worker"
            pods.pullSecrets = ["registry"]
            pods.nodeSelector = ["disk": "ssd"]
            pods.tolerations = [.init(key: "a", value: "b", effect: "NoSchedule"), .init(key: "c")]
            pods.annotations = ["x/y": "z", "orchestrate/token": "forged"]
            pods.user = 1000
            pods.runtimeClass = "gvisor"
        }
        let pod = "spec.template.spec"
        expect(job, "spec.suspend", 1)
        #expect((value(job, "metadata.labels") as? [String: String])?["kueue.x-k8s.io/queue-name"] == "agents")
        expect(job, "\(pod).containers.0.env.0.value", "b=$$(HOME)")
        expect(job, "\(pod).containers.0.env.1.valueFrom.secretKeyRef.name", "models")
        expect(job, "\(pod).containers.0.env.1.valueFrom.secretKeyRef.key", "main")
        expect(job, "\(pod).containers.0.command.0", "/opt/orchestrate")
        expect(job, "\(pod).serviceAccountName", "worker")
        expect(job, "\(pod).imagePullSecrets.0.name", "registry")
        expect(job, "\(pod).nodeSelector.disk", "ssd")
        expect(job, "\(pod).tolerations.2.operator", "Equal")
        expect(job, "\(pod).tolerations.3.operator", "Exists")
        expect(job, "\(pod).securityContext.runAsUser", 1000)
        expect(job, "\(pod).securityContext.runAsNonRoot", 1)
        expect(job, "\(pod).runtimeClassName", "gvisor")
        let notes = try #require(value(job, "spec.template.metadata.annotations") as? [String: String])
        #expect(notes == ["x/y": "z", "orchestrate/token": "abc"])
    }
}
