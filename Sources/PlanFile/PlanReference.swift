/// The reference of all keys in Markdown, generated from the keys that the reader uses.
package enum PlanReference {
    /// The keys of a plan, one row each.
    package static func planKeys() -> String { table(of: PlanKeys.kind.keys, unsupported: .plan) }

    /// The keys of a `worker.yaml`.
    package static func workerKeys() -> String { table(of: WorkerKeys.kind.keys, unsupported: .worker) }

    /// The unsupported keys and values, with what to do instead.
    package static func unsupported() -> String {
        let plan = Unsupported.plan
        let keys = plan.keys.map { ("`\($0.key)`", $0.value) }
        let values = plan.values.flatMap { key, values in values.map { ("`\(key): \($0.key)`", $0.value) } }
        let worker = Unsupported.worker.keys.map { ("`\($0.key)` in a worker's folder", $0.value) }
        let rows = (keys + values + worker).sorted { $0.0 < $1.0 }.map { "| \($0.0) | \($0.1) |" }
        return (["| refused | instead |", "|---|---|"] + rows).joined(separator: "\n") + "\n"
    }

    private static func table(of keys: [any AnyKey], unsupported: Unsupported) -> String {
        let header = ["| key | value | default | meaning |", "|---|---|---|---|"]
        return (header + rows(of: keys, below: "", path: "", unsupported: unsupported)).joined(separator: "\n") + "\n"
    }

    /// - Parameters:
    ///   - prefix: the keys above, as shown.
    ///   - path: the keys above, as `Unsupported` writes them.
    private static func rows(of keys: [any AnyKey], below prefix: String, path: String, unsupported: Unsupported)
        -> [String]
    {
        keys.flatMap { key -> [String] in
            let path = path.isEmpty ? key.name : "\(path).\(key.name)"
            guard unsupported.keys[path] == nil else { return [] }
            let refused = unsupported.values[path] ?? [:]
            let word = key.word.split(separator: " | ").filter { refused[String($0)] == nil }.joined(separator: " \\| ")
            let row = "| `\(prefix)\(key.name)` | \(word) | \(standard(of: key)) | \(key.meaning) |"
            let inner = key.word.hasSuffix("mapping") ? "." : "[]."
            return [row]
                + rows(of: key.keys, below: "\(prefix)\(key.name)\(inner)", path: path, unsupported: unsupported)
        }
    }

    private static func standard(of key: any AnyKey) -> String {
        if key.isRequired { return "required" }
        if let words = key.defaultWords { return words }
        return switch key.defaultValue {
        case .string(let text): "`\(text)`"
        case .object: ""
        case let value?: "`\(value.text())`"
        case nil: ""
        }
    }
}
