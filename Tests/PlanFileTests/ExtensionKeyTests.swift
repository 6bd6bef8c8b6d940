import Foundation
import Testing

@testable import PlanFile

/// Keys that start with `x-` are a place for anchors at the top of a file, and unknown keys everywhere else.
@Suite struct ExtensionKeyTests {
    @Test func `a plan may have extension keys at its top`() {
        #expect(PlanText.errors(PlanText.start + "x-anchors: {a: 1}\nx-: 2") == [])
    }

    @Test(arguments: [
        ("scope: {x-a: 1}", "scope"), ("decompose: {x-a: 1}", "decompose"), ("base: {ref: a, x-a: 1}", "base"),
        ("depends: [{from: a, to: b, x-a: 1}]", "depends"), ("context: {x-a: 1}", "context"),
        ("derive: {x-a: 1}", "derive"), ("verify: {x-a: 1}", "verify"),
        ("verify: {task: [{run: a, x-a: 1}]}", "verify.task"),
        ("verify: {task: [{run: a, network: {hosts: [a], x-a: 1}}]}", "verify.task.network"),
        ("verify: {task: [{run: a, limits: {x-a: 1}}]}", "verify.task.limits"),
        ("verify: {done: [{reviewer: w, run: a, x-a: 1}]}", "verify.done"), ("guards: {x-a: 1}", "guards"),
        ("guards: {custom: [{run: a, x-a: 1}]}", "guards.custom"), ("landing: {x-a: 1}", "landing"),
        ("budget: {x-a: 1}", "budget"), ("checkpoints: [{after: {tasks: 1}, x-a: 1}]", "checkpoints"),
        ("checkpoints: [{after: {tasks: 1, x-a: 1}}]", "checkpoints.after"), ("sandbox: {x-a: 1}", "sandbox"),
        ("reviewers: [{run: a, x-a: 1}]", "reviewers"), ("reviewers: {of: [{run: a}], x-a: 1}", "reviewers"),
        ("stages: [{name: s, x-a: 1}]", "stages"), ("stages: [{name: s, scope: {x-a: 1}}]", "stages.scope"),
        ("stages: [{name: s, workers: {x-a: 1}}]", "stages.workers"),
        ("decompose: {strategy: list, tasks: [{files: [a], x-a: 1}]}", "decompose.tasks"),
    ])
    func `a nested mapping has no extension keys`(_ more: String, _ path: String) {
        let errors = PlanText.errors(PlanText.start + more)
        #expect(errors.count == 1)
        #expect(errors.first?.hasSuffix("unknown key 'x-a' in '\(path)'") == true, "\(errors)")
    }

    @Test func `the ladder of a plan has no extension keys`() {
        let text = PlanText.start.replacing("{run: \"true\"}", with: "{run: \"true\", x-a: 1}")
        #expect(PlanText.errors(text) == ["5:34: unknown key 'x-a' in 'workers.ladder'"])
    }

    @Test func `a worker has extension keys only at its top`() throws {
        let start = "version: 1\nname: w\nrun: a\n"
        func errors(_ more: String) -> [String] {
            switch WorkerFile.decode(start + more, file: "worker.yaml", folder: "w") {
            case .success: []
            case .failure(let problems): PlanText.shown(problems.diagnostics)
            }
        }
        #expect(errors("x-a: {b: 1}") == [])
        #expect(errors("limits: {x-a: 1}") == ["4:10: unknown key 'x-a' in 'limits'"])
        #expect(errors("prices: {input: 1, output: 1, x-a: 1}") == ["4:31: unknown key 'x-a' in 'prices'"])
    }

    @Test(arguments: [PlanSchema.json(), PlanSchema.workerJSON()])
    func `a schema allows extension keys only at its top`(text: String) throws {
        let schema = try JSONSerialization.jsonObject(with: Data(text.utf8))
        func places(in value: Any, path: String) -> [String] {
            if let list = value as? [Any] { return list.flatMap { places(in: $0, path: path + "/*") } }
            guard let object = value as? [String: Any] else { return [] }
            return (object["patternProperties"] == nil ? [] : [path])
                + object.flatMap { places(in: $0.value, path: path + "/" + $0.key) }
        }
        #expect(places(in: schema, path: "") == [""])
    }
}
