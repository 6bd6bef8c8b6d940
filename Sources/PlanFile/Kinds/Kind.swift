/// A kind of value: how it is read, its JSON Schema, and its name in the reference.
struct Kind<Value: Sendable>: Sendable {
    /// The name of the kind, such as "a list of globs". It follows the word "expected".
    let word: String
    /// The keys of a mapping, or of the mappings in a list.
    let keys: [any AnyKey]
    /// Returns the schema of a value at a path such as `verify.done`.
    let schema: @Sendable (ReadingContext) -> JSONValue
    /// Reads a value. It returns nil after it has reported a problem.
    let read: @Sendable (SourceNode, ReadingContext) -> Value?

    init(
        word: String, keys: [any AnyKey] = [], schema: @escaping @Sendable (ReadingContext) -> JSONValue,
        read: @escaping @Sendable (SourceNode, ReadingContext) -> Value?
    ) {
        self.word = word
        self.keys = keys
        self.schema = schema
        self.read = read
    }

    /// Returns a kind that converts the values of this one. The conversion may report more problems.
    func map<Other: Sendable>(_ turn: @escaping @Sendable (Value, ReadingContext) -> Other) -> Kind<Other> {
        let read = self.read
        return Kind<Other>(word: word, keys: keys, schema: schema) { node, context in
            read(node, context).map { turn($0, context) }
        }
    }

    /// Returns the same kind for a second place. The schema and the reference point to the first place.
    ///
    /// - Parameter path: the first place. Values that are refused there are refused here too.
    func asIn(_ path: String) -> Kind {
        let read = self.read
        let way = path.split(separator: ".").joined(separator: "/properties/")
        return Kind(word: "like `\(path)`") { _ in
            ["$ref": .string("#/properties/\(way)")]
        } read: { node, context in
            read(node, context.refusing(as: path))
        }
    }
}

/// The place in a file where a value is read, and the values that are refused there.
struct ReadingContext {
    let findings: Findings
    let unsupported: Unsupported
    /// Keys from the top, joined by dots. Items of a list have the path of the list.
    var path = ""
    /// The path of the place in `unsupported`. In a stage it is the path of the plan's own rules.
    private var refusedPath = ""

    init(findings: Findings, unsupported: Unsupported) {
        self.findings = findings
        self.unsupported = unsupported
    }

    func below(_ key: String) -> ReadingContext {
        var context = self
        context.path = path.isEmpty ? key : "\(path).\(key)"
        context.refusedPath = refusedPath.isEmpty ? key : "\(refusedPath).\(key)"
        return context
    }

    func refusing(as path: String) -> ReadingContext {
        var context = self
        context.refusedPath = path
        return context
    }

    /// Why the key is refused, whatever its value; nil if it is not.
    var refusal: String? { unsupported.keys[refusedPath] }

    /// Why some values of the key are refused, by value.
    var refusedValues: [String: String] { unsupported.values[refusedPath] ?? [:] }

    /// Reports a value of the wrong kind, or one that is not supported yet.
    func expected(_ word: String, at node: SourceNode, hint: String? = nil) {
        if case .unreadable = node.content { return }
        if reportUnsupported(node) { return }
        var hint = hint
        if hint == nil, case .mapping(let entries) = node.content, entries.allSatisfy(\.value.isNull) {
            hint = "put quotes around a text that starts with '{'"
        }
        let key = path.isEmpty ? "" : "'\(path)': "
        findings.error("\(key)expected \(word), found \(node.found)", at: node.place, hint: hint)
    }

    /// Reports a value that is not supported yet. Returns whether it did.
    func reportUnsupported(_ node: SourceNode) -> Bool {
        switch node.content {
        case .scalar(let scalar):
            guard let hint = refusedValues[scalar.text] else { return false }
            findings.error("'\(path): \(scalar.text)' is not supported yet", at: node.place, hint: hint)
            return true
        case .mapping(let entries):
            let refused = entries.compactMap { entry in
                below(entry.key).refusal.map { (entry, hint: $0) }
            }
            for (entry, hint) in refused {
                findings.error("'\(below(entry.key).path)' is not supported yet", at: entry.keyPlace, hint: hint)
            }
            return !refused.isEmpty
        case .list, .unreadable: return false
        }
    }
}
