/// JSON Schemas for editors, made from the tables that reading follows.
package enum PlanSchema {
    /// The schema of a plan, as `docs/plan.schema.json` holds it.
    package static func json() -> String {
        document(PlanKeys.kind, title: "A plan of orchestrate", notYet: .plan)
    }

    /// The schema of a `worker.yaml`, as `docs/worker.schema.json` holds it.
    package static func workerJSON() -> String {
        document(WorkerKeys.kind, title: "A worker of orchestrate", notYet: .worker)
    }

    private static func document<Value>(_ kind: Kind<Value>, title: String, notYet: NotYet) -> String {
        let context = ReadingContext(findings: Findings(file: "", lines: SourceLines("")), notYet: notYet)
        var members: [(key: String, value: JSONValue)] = [
            ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", .string(title)),
        ]
        if case .object(let more) = kind.schema(context) { members += more }
        return JSONValue.object(members).text(indent: 0) + "\n"
    }
}
