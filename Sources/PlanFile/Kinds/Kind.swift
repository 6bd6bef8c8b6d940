/// What the value of a key may be: how it is read, how the schema says it, and how the reference calls it.
struct Kind<Value: Sendable>: Sendable {
    /// "a whole number", "a list of globs"; follows "expected".
    let word: String
    /// For a mapping or a list of mappings: the keys in it.
    let keys: [any AnyKey]
    /// The schema of a value at a path such as `verify.done`.
    let schema: @Sendable (ReadingContext) -> JSONValue
    /// Reads a value; nil is returned after what is wrong has been reported.
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

    /// The same kind of value turned into another, which may find more that is wrong.
    func map<Other: Sendable>(_ turn: @escaping @Sendable (Value, ReadingContext) -> Other) -> Kind<Other> {
        let read = self.read
        return Kind<Other>(word: word, keys: keys, schema: schema) { node, context in
            read(node, context).map { turn($0, context) }
        }
    }

    /// The same kind of value at a second place, where the schema and the reference point to the first.
    ///
    /// - Parameter path: the first place; what is refused there is refused here.
    func asIn(_ path: String) -> Kind {
        let read = self.read
        let way = path.split(separator: ".").joined(separator: "/properties/")
        return Kind(word: "as `\(path)`") { _ in
            ["$ref": .string("#/properties/\(way)")]
        } read: { node, context in
            read(node, context.refusing(as: path))
        }
    }
}

/// Where in a file a value is read, and what is refused there.
struct ReadingContext {
    let findings: Findings
    let notYet: NotYet
    /// Keys from the top, joined by dots; items of a list have the path of the list.
    var path = ""
    /// The path by which `notYet` knows the place: that of the plan's own rules inside a stage.
    private var refusedPath = ""

    init(findings: Findings, notYet: NotYet) {
        self.findings = findings
        self.notYet = notYet
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

    /// Why the value of this key is refused, if it is whatever it may be.
    var refusal: String? { notYet.keys[refusedPath] }

    /// Why single values of this key are refused.
    var refusedValues: [String: String] { notYet.values[refusedPath] ?? [:] }

    /// Says that a value is of the wrong kind, or that it is of one that is not supported yet.
    func expected(_ word: String, at node: SourceNode, hint: String? = nil) {
        if case .unreadable = node.content { return }
        if refuseNotYet(node) { return }
        var hint = hint
        if hint == nil, case .mapping(let entries) = node.content, entries.allSatisfy(\.value.isNull) {
            hint = "put quotes around a text that starts with '{'"
        }
        let key = path.isEmpty ? "" : "'\(path)': "
        findings.error("\(key)expected \(word), found \(node.found)", at: node.place, hint: hint)
    }

    /// Says that a value is not supported yet, if it is in the table of those.
    func refuseNotYet(_ node: SourceNode) -> Bool {
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
