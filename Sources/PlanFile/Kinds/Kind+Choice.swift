extension Kind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// Reads one of a few words.
    ///
    /// - Parameter synonyms: other words for a case.
    static func choice(synonyms: [String: Value] = [:]) -> Kind {
        let words = Value.allCases.map(\.rawValue) + synonyms.keys.sorted()
        return Kind(word: words.joined(separator: " | ")) { context in
            let accepted = words.filter { context.refusedValues[$0] == nil }
            return ["enum": .array(accepted.map { .string($0) })]
        } read: { node, context in
            if context.reportUnsupported(node) { return nil }
            guard case .scalar(let scalar) = node.content,
                let value = Value(rawValue: scalar.text) ?? synonyms[scalar.text]
            else {
                let accepted = words.filter { context.refusedValues[$0] == nil }
                let text = if case .scalar(let scalar) = node.content { scalar.text } else { "" }
                let near = Suggestion.closest(to: text, among: accepted).map { "did you mean '\($0)'?" }
                context.expected(accepted.joined(separator: " or "), at: node, hint: near)
                return nil
            }
            return value
        }
    }
}

extension Kind where Value == Bool {
    /// `true` or `false`.
    static let flag = Kind(word: "true or false") { _ in
        ["type": "boolean"]
    } read: { node, context in
        if case .scalar(let scalar) = node.content, scalar.style == .plain {
            if scalar.text == "true" { return true }
            if scalar.text == "false" { return false }
        }
        context.expected("true or false", at: node)
        return nil
    }
}

extension Kind {
    /// A list of values of one kind.
    static func list<Item: Sendable>(_ word: String, of item: Kind<Item>, mayBeEmpty: Bool = true) -> Kind
    where Value == [Item] {
        Kind(word: word, keys: item.keys) { context in
            var members: [(key: String, value: JSONValue)] = [("type", "array"), ("items", item.schema(context))]
            if !mayBeEmpty { members.append(("minItems", 1)) }
            return .object(members)
        } read: { node, context in
            guard case .list(let nodes) = node.content else {
                context.expected(word, at: node, hint: "write it as a list, with '- ' before each item or as [a, b]")
                return nil
            }
            if nodes.isEmpty, !mayBeEmpty {
                context.findings.error("'\(context.path)': the list is empty", at: node.place)
                return nil
            }
            // An unreadable item has been reported; the other items are still checked.
            return nodes.compactMap { item.read($0, context) }
        }
    }
}
