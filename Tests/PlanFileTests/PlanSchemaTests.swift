import Foundation
import Model
import Testing

@testable import PlanFile

/// The schema, the tables and the decoder know the same keys.
@Suite struct PlanSchemaTests {
    private static func parsed(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// Values for keys that take more than any text.
    private static let samples: [String: String] = [
        "version": "1", "name": "a", "repository": ".", "integration": "a/b", "use": "w", "run": "\"true\"",
        "workers.ladder.prompt": "none", "depends_on": "[]",
        // One thing only may be said of a checkpoint.
        "checkpoints.after": "{failure_rate: 30%}",
        "playbook": "\"\(#filePath)\"", "verify.holdout_sample": "30%", "stages.verify.holdout_sample": "30%",
        "sandbox.read": "[/a]", "sandbox.write": "[/a]", "cache": "[/a]",
        "resume": "\"true {session}\"", "trailers": "{Refs: a}", "author": "a <a@b.c>", "co_author": "[a <a@b.c>]",
        "webhook": "\"http://localhost/\"",
    ]

    /// Keys that mean nothing with a strategy.
    private static let foreign: [String: Set<String>] = [
        "dependency-tree": ["tasks", "scaffold"], "list": ["scaffold"], "scaffold": ["tasks"],
    ]

    /// A value of the kind a schema describes, with every key it names.
    private static func value(
        of schema: [String: Any], path: String, root: [String: Any], strategy: String = "dependency-tree"
    ) throws -> String {
        func value(of schema: [String: Any], path: String) throws -> String {
            try Self.value(of: schema, path: path, root: root, strategy: strategy)
        }
        let key = String(path.split(separator: ".").last ?? "")
        if key == "strategy" { return strategy }
        if let sample = samples[path] ?? samples[key] { return sample }
        if let way = schema["$ref"] as? String { return try value(of: target(of: way, in: root), path: path) }
        if let first = (schema["anyOf"] as? [[String: Any]])?.first, schema["type"] == nil {
            return try value(of: first, path: path)
        }
        if let words = schema["enum"] as? [String] { return try #require(words.first) }
        if let properties = schema["properties"] as? [String: [String: Any]] {
            let unused = key == "decompose" ? foreign[strategy, default: []] : []
            let members = try properties.filter { !unused.contains($0.key) }.sorted { $0.key < $1.key }.map {
                "\($0.key): \(try value(of: $0.value, path: path.isEmpty ? $0.key : "\(path).\($0.key)"))"
            }
            return "{\(members.joined(separator: ", "))}"
        }
        switch schema["type"] {
        case "array" as String:
            let items = try #require(schema["items"] as? [String: Any])
            return "[\(try value(of: items, path: path))]"
        case "boolean" as String: return "true"
        case "integer" as String, "number" as String: return "1"
        case is [String]: return "1"
        default: return "a"
        }
    }

    /// What `#/a/b` means.
    private static func target(of way: String, in root: [String: Any]) throws -> [String: Any] {
        try way.split(separator: "/").dropFirst().reduce(root) { schema, key in
            try #require(schema[String(key)] as? [String: Any], "\(way)")
        }
    }

    @Test(arguments: ["dependency-tree", "list", "scaffold"])
    func `the plan with every key of the schema is accepted`(_ strategy: String) throws {
        let schema = try Self.parsed(PlanSchema.json())
        let text = try Self.value(of: schema, path: "", root: schema, strategy: strategy)
        #expect(PlanText.errors(text) == [])
        #expect(text.contains("conflict_attempts"))
        #expect(text.contains("depends_on") == (strategy == "list"))
    }

    @Test func `the worker with every key of the schema is accepted`() throws {
        let schema = try Self.parsed(PlanSchema.workerJSON())
        let text = try Self.value(of: schema, path: "", root: schema)
        #expect(throws: Never.self) { try WorkerFile.decode(text, file: "worker.yaml", folder: "a").get() }
    }

    /// Each key of the tables is in the schema or refused, and none is both.
    @Test func `every key is accepted or refused`() throws {
        var count = 0
        func compare(_ keys: [any AnyKey], with schema: [String: Any], path: String) throws {
            func shapes(_ schema: [String: Any]) -> [[String: Any]] {
                if schema["properties"] != nil { return [schema] }
                if let several = schema["anyOf"] as? [[String: Any]] { return several.flatMap(shapes) }
                return (schema["items"] as? [String: Any]).map(shapes) ?? [schema]
            }
            guard !keys.isEmpty else { return }
            // Of several shapes those that these keys are for.
            let names = Set(keys.map(\.name))
            let inner = shapes(schema).filter { shape in
                (shape["properties"] as? [String: Any]).map { names.isSuperset(of: $0.keys) } ?? false
            }
            #expect(!inner.isEmpty)
            #expect(inner.allSatisfy { $0["additionalProperties"] as? Bool == false })
            let properties = inner.compactMap { $0["properties"] as? [String: [String: Any]] }.reduce(into: [:]) {
                $0.merge($1) { first, _ in first }
            }
            for key in keys {
                let path = path.isEmpty ? key.name : "\(path).\(key.name)"
                #expect((properties[key.name] == nil) == (Unsupported.plan.keys[path] != nil), "\(path)")
                if let property = properties[key.name] { try compare(key.keys, with: property, path: path) }
                count += 1
            }
        }
        try compare(PlanKeys.kind.keys, with: Self.parsed(PlanSchema.json()), path: "")
        #expect(count > 50)
    }

    /// A default is read by the same kind as what is written, so it has to be one that the kind takes.
    @Test func `every default can be read`() {
        func read(_ keys: [any AnyKey], _ unsupported: Unsupported) {
            for key in keys {
                if let value = key.defaultValue {
                    let findings = Findings(file: "", lines: SourceLines(""))
                    let context = ReadingContext(findings: findings, unsupported: Unsupported(keys: [:], values: [:]))
                    #expect(key.readAny(value.node, context) != nil, "\(key.name)")
                    #expect(findings.diagnostics.isEmpty)
                }
                read(key.keys, unsupported)
            }
        }
        read(PlanKeys.kind.keys, .plan)
        read(WorkerKeys.kind.keys, .worker)
    }

    /// Every line of the table of what is not supported does refuse something.
    @Test func `every refusal is reached`() {
        for (path, hint) in Unsupported.plan.keys { #expect(refusals(of: "1", at: path).contains(hint), "\(path)") }
        for (path, values) in Unsupported.plan.values {
            for (value, hint) in values { #expect(refusals(of: value, at: path).contains(hint), "\(path): \(value)") }
        }
    }

    /// What is refused of a plan is refused of a stage, and of a scaffold's tasks.
    @Test func `every refusal holds in stages`() {
        for (path, hint) in Unsupported.plan.keys where path.hasPrefix("verify.") || path.hasPrefix("workers.ladder.") {
            #expect(refusals(of: "1", at: path) { "{stages: [\($0)]}" }.contains(hint), "\(path)")
            #expect(refusals(of: "1", at: path) { "{decompose: {scaffold: {add: \($0)}}}" }.contains(hint), "\(path)")
        }
    }

    /// The hints for a plan that says `value` at a path.
    private func refusals(
        of value: String, at path: String, inside: (String) -> String = { $0 }
    ) -> [String] {
        let lists: Set = ["verify.done", "verify.task", "verify.landing", "workers.ladder"]
        var text = value
        var parts = path.split(separator: ".").map(String.init)
        while let key = parts.popLast() {
            text = "{\(key): \(text)}"
            if lists.contains(parts.joined(separator: ".")) { text = "[\(text)]" }
        }
        text = inside(text)
        guard case .failure(let problems) = PlanText.load(text) else { return [] }
        return problems.diagnostics.filter { $0.message.hasSuffix("is not supported yet") }.compactMap(\.hint)
    }
}
