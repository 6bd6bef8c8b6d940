extension Kind where Value == [String] {
    /// Names of variables to pass through, or `NAME=value` to set one; each name once.
    static let environment = Kind(word: "a list of variables") { _ in
        ["type": "array", "items": ["type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*(=|$)"]]
    } read: { node, context in
        let entries = Kind<[SourceNode]>.list("a list of variables", of: .any).read(node, context)
        guard let entries else { return nil }
        var names: Set<String> = []
        var isGood = true
        for entry in entries {
            guard case .scalar(let scalar) = entry.content, !entry.isNull, !scalar.text.contains("\0") else {
                context.expected("NAME or NAME=value", at: entry, hint: "write it like [API_KEY, MODE=fast]")
                isGood = false
                continue
            }
            let name = String(scalar.text.prefix { $0 != "=" })
            guard isVariable(name) else {
                context.findings.error(
                    "'\(context.path)': '\(SourceNode.shortened(name))' is not a variable name", at: entry.place,
                    hint: "use letters, digits and '_', and do not start with a digit")
                isGood = false
                continue
            }
            if !names.insert(name).inserted {
                context.findings.error("'\(context.path)': '\(name)' occurs twice", at: entry.place)
                isGood = false
            }
        }
        guard isGood else { return nil }
        return entries.compactMap { if case .scalar(let scalar) = $0.content { scalar.text } else { nil } }
    }

    private static func isVariable(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return name.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
        }
    }
}

extension Kind where Value == SourceNode {
    /// Any value, unread.
    static let any = Kind(word: "a value") { _ in
        [:]
    } read: { node, _ in
        node
    }
}
