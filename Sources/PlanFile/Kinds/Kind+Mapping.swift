extension Kind {
    /// A mapping of known keys.
    ///
    /// - Parameters:
    ///   - rules: further rules of the schema, such as `anyOf`.
    ///   - hasExtensions: whether keys that start with `x-` are ignored, as a place for anchors. Only the top level of
    ///     a file has them.
    ///   - build: makes the value; checks that need several keys belong there.
    static func mapping(
        keys: [any AnyKey], rules: JSONValue = [:], hasExtensions: Bool = false,
        build: @escaping @Sendable (Fields) throws(Fields.Incomplete) -> Value?
    ) -> Kind {
        Kind(word: "mapping", keys: keys) { context in
            MappingSchema(keys: keys, rules: rules, hasExtensions: hasExtensions, context: context).json
        } read: { node, context in
            guard case .mapping(let entries) = node.content else {
                let names = keys.map(\.name).filter { context.below($0).refusal == nil }
                context.expected("a mapping with \(names.joined(separator: ", "))", at: node)
                return nil
            }
            var fields = Fields(MappingDraft(place: node.place), context: context)
            for entry in entries where !context.findings.isFull {
                let path = context.below(entry.key).path
                if let hint = context.below(entry.key).refusal {
                    context.findings.error("'\(path)' is not supported yet", at: entry.keyPlace, hint: hint)
                } else if let key = keys.first(where: { $0.name == entry.key }) {
                    fields.set(key, to: entry.value)
                } else if !(hasExtensions && entry.key.hasPrefix("x-")) {
                    reportUnknown(entry, among: keys, in: context)
                }
            }
            for key in keys where key.isRequired && !entries.contains(where: { $0.key == key.name }) {
                context.findings.error(
                    "missing key '\(context.below(key.name).path)'", at: node.place, hint: key.meaning)
            }
            do throws(Fields.Incomplete) { return try build(fields) } catch { return nil }
        }
    }

    private static func reportUnknown(_ entry: SourceNode.Entry, among keys: [any AnyKey], in context: ReadingContext) {
        let names = keys.map(\.name).filter { context.below($0).refusal == nil }
        let known = "known keys are \(names.joined(separator: ", "))"
        let hint = Suggestion.closest(to: entry.key, among: names).map { "did you mean '\($0)'? \(known)" } ?? known
        let shown = SourceNode.shortened(entry.key)
        let place = context.path.isEmpty ? "" : " in '\(context.path)'"
        context.findings.error("unknown key '\(shown)'\(place)", at: entry.keyPlace, hint: hint)
    }
}

/// The JSON Schema of a mapping.
struct MappingSchema {
    let keys: [any AnyKey]
    let rules: JSONValue
    let hasExtensions: Bool
    let context: ReadingContext

    var json: JSONValue {
        let accepted = keys.filter { context.below($0.name).refusal == nil }
        var members: [(key: String, value: JSONValue)] = [
            ("type", "object"),
            ("properties", .object(accepted.map { ($0.name, described($0)) })),
        ]
        if hasExtensions { members.append(("patternProperties", ["^x-": true])) }
        let required = accepted.filter(\.isRequired)
        if !required.isEmpty { members.append(("required", .array(required.map { .string($0.name) }))) }
        members.append(("additionalProperties", false))
        if case .object(let rules) = rules { members += rules }
        return .object(members)
    }

    private func described(_ key: any AnyKey) -> JSONValue {
        guard case .object(var members) = key.schema(context.below(key.name)) else { return [:] }
        members.insert(("description", .string(key.meaning)), at: 0)
        if let value = key.defaultValue { members.append(("default", value)) }
        return .object(members)
    }
}
