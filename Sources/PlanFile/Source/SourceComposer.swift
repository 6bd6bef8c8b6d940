import Yams

/// Converts the nodes of Yams: resolves aliases and merge keys, and reports duplicate keys, within limits.
struct SourceComposer {
    private let findings: Findings
    /// The character that replaces the `*` of an alias.
    private let alias: Unicode.Scalar
    /// The original first characters of renamed keys, by the place of the key.
    var originals: [Place: Unicode.Scalar] = [:]
    private var anchors: [String: (content: SourceNode.Content, size: Int)] = [:]

    /// The maximum number of values in a file with its aliases expanded. A plan has a few hundred.
    static let maximumValues = 50_000
    /// The maximum depth of nesting. A plan has five. It bounds the recursion here and in all readers of nodes.
    static let maximumDepth = 40

    init(findings: Findings, alias: Unicode.Scalar) {
        self.findings = findings
        self.alias = alias
    }

    mutating func compose(_ root: Node) -> SourceNode? {
        anchors = [:]
        return compose(root, depth: 0)?.node
    }

    /// Returns the value and the number of values in it with its aliases expanded; nil if a limit is exceeded.
    private mutating func compose(_ node: Node, depth: Int) -> (node: SourceNode, size: Int)? {
        let place = Self.place(of: node)
        guard depth < Self.maximumDepth else {
            findings.error("values are nested more than \(Self.maximumDepth) deep", at: place)
            return nil
        }
        checkTag(of: node, at: place)
        var result: (content: SourceNode.Content, size: Int)
        switch node {
        case .scalar(let scalar):
            if scalar.style == .plain, scalar.string.unicodeScalars.first == alias {
                result = resolve(scalar.string, at: place) ?? (.unreadable, 1)
            } else {
                result = (.scalar(SourceNode.Scalar(text: restored(scalar.string), style: style(of: scalar))), 1)
            }
        case .sequence(let sequence):
            var items: [SourceNode] = []
            var size = 1
            for item in sequence {
                guard let item = compose(item, depth: depth + 1) else { return nil }
                items.append(item.node)
                size += item.size
                guard isWithinLimit(size, at: item.node.place) else { return nil }
            }
            result = (.list(items), size)
        case .mapping(let mapping):
            guard let mapping = compose(mapping, at: place, depth: depth) else { return nil }
            result = mapping
        case .alias:
            // Yams makes these only if it is asked to keep aliases.
            result = (.unreadable, 1)
        }
        if let anchor = node.anchor { anchors[anchor.rawValue] = result }
        return (SourceNode(place: place, content: result.content), result.size)
    }

    private mutating func compose(
        _ mapping: Node.Mapping, at place: Place, depth: Int
    ) -> (content: SourceNode.Content, size: Int)? {
        var entries: [SourceNode.Entry] = []
        var merged: [SourceNode] = []
        var size = 1
        var places: [String: Place] = [:]
        for (keyNode, valueNode) in mapping {
            guard let composedKey = compose(keyNode, depth: depth + 1),
                let value = compose(valueNode, depth: depth + 1)
            else { return nil }
            size += composedKey.size + value.size
            guard isWithinLimit(size, at: value.node.place) else { return nil }
            guard let key = key(composedKey.node) else { continue }
            if let first = places[key.text] {
                findings.error(
                    "duplicate key '\(SourceNode.shortened(key.text))'", at: key.place,
                    hint: "it first occurs on line \(first.line)")
                continue
            }
            places[key.text] = key.place
            if key.isMerge {
                merged.append(value.node)
            } else {
                entries.append(SourceNode.Entry(key: key.text, keyPlace: key.place, value: value.node))
            }
        }
        for source in merged { merge(source, into: &entries) }
        return (.mapping(entries), size)
    }

    /// Adds the missing entries of a merge key (https://yaml.org/type/merge.html). A mapping's own keys win, then the
    /// first mapping of a list.
    private func merge(_ source: SourceNode, into entries: inout [SourceNode.Entry]) {
        let sources: [SourceNode] = if case .list(let list) = source.content { list } else { [source] }
        for source in sources {
            if case .unreadable = source.content { continue }
            guard case .mapping(let more) = source.content else {
                findings.error("'<<' takes a mapping or a list of mappings, found \(source.found)", at: source.place)
                continue
            }
            let known = Set(entries.map(\.key))
            entries += more.filter { !known.contains($0.key) }
        }
    }

    private func key(_ node: SourceNode) -> (text: String, place: Place, isMerge: Bool)? {
        let place = node.place
        guard case .scalar(var scalar) = node.content else {
            if case .unreadable = node.content { return nil }
            findings.error("a key must be a word, found \(node.found)", at: place)
            return nil
        }
        if let original = originals[place], !scalar.text.isEmpty {
            scalar.text.unicodeScalars.removeFirst()
            scalar.text = restored(String(original) + scalar.text)
        }
        return (scalar.text, place, scalar.style == .plain && scalar.text == "<<")
    }

    // MARK: Scalars

    private func resolve(_ text: String, at place: Place) -> (content: SourceNode.Content, size: Int)? {
        let name = String(text.unicodeScalars.dropFirst())
        guard name.unicodeScalars.allSatisfy(SourceDocument.isName) else {
            findings.error(
                "'*\(SourceNode.shortened(restored(name)))' is not an alias", at: place,
                hint: "put quotes around a text that starts with '*'")
            return nil
        }
        guard let target = anchors[name] else {
            findings.error(
                "no anchor '&\(SourceNode.shortened(name))' comes before this alias", at: place,
                hint: "put quotes around a text that starts with '*'")
            return nil
        }
        return target
    }

    private func restored(_ text: String) -> String {
        guard text.unicodeScalars.contains(alias) else { return text }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text.unicodeScalars.lazy.map { $0 == alias ? "*" : $0 })
        return String(view)
    }

    private func style(of scalar: Node.Scalar) -> SourceNode.Scalar.Style {
        switch scalar.style {
        case .any, .plain: .plain
        case .singleQuoted, .doubleQuoted: .quoted
        case .literal: .literal
        case .folded: .folded
        }
    }

    // MARK: Limits

    private func isWithinLimit(_ size: Int, at place: Place) -> Bool {
        guard size > Self.maximumValues else { return true }
        findings.error(
            "the file has more than \(Self.maximumValues) values with its aliases expanded", at: place)
        return false
    }

    private func checkTag(of node: Node, at place: Place) {
        let tag = node.tag.description
        let known = ["", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"]
        guard !known.contains(tag), !tag.hasPrefix("!!") || tag == "!" else { return }
        findings.error("the tag '\(SourceNode.shortened(tag))' is not supported", at: place, hint: "remove it")
    }

    private static func place(of node: Node) -> Place {
        node.mark.map { Place(line: $0.line, column: $0.column) } ?? .wholeFile
    }
}
