/// JSON Schemas for editors, generated from the keys that the reader uses.
package enum PlanSchema {
    /// The schema of a plan, as `docs/plan.schema.json` holds it.
    package static func json() -> String {
        document(PlanKeys.kind, title: "A plan of orchestrate", unsupported: .plan)
    }

    /// The schema of a `worker.yaml`, as `docs/worker.schema.json` holds it.
    package static func workerJSON() -> String {
        document(WorkerKeys.kind, title: "A worker of orchestrate", unsupported: .worker)
    }

    /// The schema of `executors.yaml`, as `docs/executors.schema.json` holds it.
    package static func executorsJSON() -> String {
        document(
            ExecutorsFile.kind, title: "The executors of orchestrate", unsupported: Unsupported(keys: [:], values: [:]))
    }

    private static func document<Value>(_ kind: Kind<Value>, title: String, unsupported: Unsupported) -> String {
        let context = ReadingContext(findings: Findings(file: "", lines: SourceLines("")), unsupported: unsupported)
        var members: [(key: String, value: JSONValue)] = [
            ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", .string(title)),
        ]
        if case .object(let more) = kind.schema(context) { members += more }
        return JSONValue.object(members).text(indent: 0) + "\n"
    }
}
