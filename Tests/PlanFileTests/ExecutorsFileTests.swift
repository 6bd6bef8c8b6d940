import Foundation
import Model
import PlanFile
import TestSupport
import Testing

/// The user's `executors.yaml`, and the keys of plans that name its entries.
@Suite struct ExecutorsFileTests {
    private func load(_ text: String) throws -> Result<[ExecutorSettings], PlanProblems> {
        let scratch = try ScratchDirectory("executors")
        let path = scratch.appending(ExecutorsFile.name)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return ExecutorsFile.load(path)
    }

    private func problems(_ text: String) throws -> String {
        switch try load(text) {
        case .success: ""
        case .failure(let problems): problems.description
        }
    }

    @Test func `hosts are names, or have slots of their own`() throws {
        let found = try load(
            """
            version: 1
            executors:
              - name: farm
                kind: ssh
                hosts: [build1, {host: me@build2, slots: 16}]
                slots: 8
                lease: 90s
                environment: ["A=b c"]
                resources: {cores: 2, memory: 4G}
              - {name: cluster, kind: slurm, queue: long, source: "https://example.com/r.git"}
            """
        ).get()
        #expect(
            found == [
                ExecutorSettings(
                    name: "farm", kind: .ssh,
                    hosts: [.init(name: "build1", slots: 8), .init(name: "me@build2", slots: 16)], slots: 8,
                    environment: ["A=b c"], resources: JobResources(cores: 2, memory: 4 << 30), lease: 90),
                ExecutorSettings(
                    name: "cluster", kind: .slurm, queue: "long", source: .url("https://example.com/r.git")),
            ])
    }

    @Test func `pods have an image and what they need`() throws {
        let found = try load(
            """
            version: 1
            executors:
              - name: agents
                kind: kubernetes
                context: work
                namespace: agents
                image: registry.example.com/agents:7
                queue: nightly
                secrets: [ANTHROPIC_API_KEY=models/anthropic.key]
                service_account: worker
                pull_secrets: [registry]
                node_selector: [kubernetes.io/arch=amd64, "disk="]
                tolerations: [spot, "pool=agents:NoSchedule", "gpu:NoExecute"]
                annotations: ["sidecar.istio.io/inject=false"]
                user: 1000
                runtime_class: gvisor
              - {name: plain, kind: kubernetes, image: x, files: /data}
            """
        ).get()
        #expect(
            found == [
                ExecutorSettings(
                    name: "agents", kind: .kubernetes, files: "/orchestrate", queue: "nightly",
                    pods: PodSettings(
                        image: "registry.example.com/agents:7", context: "work", namespace: "agents",
                        secrets: [.init(variable: "ANTHROPIC_API_KEY", name: "models", key: "anthropic.key")],
                        serviceAccount: "worker", pullSecrets: ["registry"],
                        nodeSelector: ["kubernetes.io/arch": "amd64", "disk": ""],
                        tolerations: [
                            .init(key: "spot"), .init(key: "pool", value: "agents", effect: "NoSchedule"),
                            .init(key: "gpu", effect: "NoExecute"),
                        ], annotations: ["sidecar.istio.io/inject": "false"], user: 1000, runtimeClass: "gvisor")),
                ExecutorSettings(
                    name: "plain", kind: .kubernetes, files: "/data", pods: PodSettings(image: "x")),
            ])
    }

    @Test(arguments: [
        ("executors: [{name: a, kind: ssh}]", "executor 'a' has no hosts"),
        ("executors: [{name: a, kind: local, hosts: [b]}]", "executor 'a' is this machine"),
        ("executors: [{name: a, kind: slurm, hosts: [b, c]}]", "more than one machine with sbatch"),
        ("executors: [{name: here, kind: local}]", "stands for the slots of this machine"),
        ("executors: [{name: a, kind: local}, {name: a, kind: local}]", "two executors are called 'a'"),
        ("executors: [{name: a, kind: loca}]", "local"),
        ("executors: [{name: a, kind: local, file: /x}]", "files"),
        ("executors: [{name: a, kind: local, files: x}]", "starts with '/' or '~/'"),
        ("executors: [{name: a, kind: ssh, hosts: [-oProxyCommand=x]}]", "a host is a name"),
        ("executors: [{name: a, kind: local, environment: [PATH]}]", "expected NAME=value"),
        ("executors: [{name: a, kind: kubernetes}]", "executor 'a' has no image"),
        ("executors: [{name: a, kind: kubernetes, image: x, hosts: [b]}]", "executor 'a' is a cluster"),
        ("executors: [{name: a, kind: kubernetes, image: x, files: ~/x}]", "pods need a path that starts with '/'"),
        ("executors: [{name: a, kind: kubernetes, image: x, namespace: A_b}]", "expected small letters"),
        ("executors: [{name: a, kind: kubernetes, image: x, secrets: [KEY]}]", "expected NAME=secret/key"),
        ("executors: [{name: a, kind: kubernetes, image: x, secrets: [K=a/b/c]}]", "expected NAME=secret/key"),
        ("executors: [{name: a, kind: kubernetes, image: x, tolerations: ['a:Never']}]", "expected key, key:Effect"),
        ("executors: [{name: a, kind: kubernetes, image: x, node_selector: [ssd]}]", "expected label=value"),
        ("executors: [{name: a, kind: kubernetes, image: -x}]", "expected one word"),
        ("executors: [{name: a, kind: kubernetes, image: x, user: 0}]", "user"),
        (
            "executors: [{name: a, kind: kubernetes, image: x, environment: [A=b], secrets: [A=c/d]}]",
            "sets A under 'environment' and under 'secrets'"
        ),
        ("executors: [{name: a, kind: slurm, namespace: b}]", "'executors.namespace' is for 'kind: kubernetes'"),
        ("executors: [{name: a, kind: local, image: x}]", "executor 'a' is of another kind"),
    ])
    func `a mistake is reported with its place`(text: String, words: String) throws {
        let report = try problems("version: 1\n\(text)\n")
        #expect(report.contains(words), "\(report)")
        #expect(report.contains("executors.yaml:2:"), "\(report)")
    }

    @Test func `a check of a whole tree may run on an executor, one in the worker's slot may not`() throws {
        let plan = try PlanText.plan(
            "verify: {landing: [{run: a, executor: farm, resources: {cores: 2}}, {run: b, executor: here}, {run: c}]}")
        #expect(plan.verify.landing.map(\.executor) == ["farm", nil, nil])
        #expect(plan.verify.landing[0].needs == JobResources(cores: 2))
        #expect(plan.executors == ["farm"])
        #expect(try PlanText.plan("verify: {final: [{run: a, executor: x}]}").executors == ["x"])
        #expect(try PlanText.plan("verify: {baseline: [{run: a, executor: y}]}").executors == ["y"])
        for list in ["done", "task", "holdout"] {
            let problems = PlanText.errors(PlanText.start + "verify: {\(list): [{run: a, executor: farm}]}")
            #expect(problems.contains { $0.contains("unknown key 'executor'") }, "\(problems)")
        }
    }
}
