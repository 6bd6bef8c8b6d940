/// The values of a mapping while it is read, by key.
struct Fields {
    /// A required key is missing or unreadable. The problem has been reported.
    struct Incomplete: Error {}

    private(set) var written: MappingDraft
    let context: ReadingContext

    init(_ written: MappingDraft, context: ReadingContext) {
        self.written = written
        self.context = context
    }

    mutating func set(_ key: any AnyKey, to node: SourceNode) {
        written.nodes[key.name] = node
        written.values[key.name] = key.readAny(node, context.below(key.name))
    }

    /// Where the mapping starts.
    var place: Place { written.place }

    /// Returns the value in the file, or the default of the key.
    func value<Value>(_ key: Key<Value>) throws(Incomplete) -> Value {
        if let value = self.written(key) { return value }
        guard let standard = key.defaultValue,
            let value = key.kind.read(standard.node, context.below(key.name))
        else { throw Incomplete() }
        return value
    }

    /// Returns the value in the file; nil if the key is missing or its value was refused.
    func written<Value>(_ key: Key<Value>) -> Value? { written.values[key.name] as? Value }

    /// Returns the place of the value of a key, or of the mapping if the key is missing.
    func place<Value>(of key: Key<Value>) -> Place { written.nodes[key.name]?.place ?? place }

    /// Returns the node of the value of a key.
    func node<Value>(of key: Key<Value>) -> SourceNode? { written.nodes[key.name] }
}

/// The values of a mapping before defaults and inherited values are filled in.
struct MappingDraft: Sendable {
    /// Where the mapping starts.
    var place: Place
    /// Accepted values by key.
    var values: [String: any Sendable] = [:]
    /// Nodes of the file by key, also of values that were refused.
    var nodes: [String: SourceNode] = [:]

    func has(_ key: any AnyKey) -> Bool { nodes[key.name] != nil }

    /// Returns the mapping, with the values of another for the keys that it lacks.
    ///
    /// - Parameter excluding: keys that are not inherited.
    func inheriting(_ other: MappingDraft, excluding: [any AnyKey] = []) -> MappingDraft {
        let own = Set(nodes.keys).union(excluding.map(\.name))
        var result = self
        result.nodes.merge(other.nodes.filter { !own.contains($0.key) }) { first, _ in first }
        result.values.merge(other.values.filter { !own.contains($0.key) }) { first, _ in first }
        return result
    }
}

extension Kind where Value == MappingDraft {
    /// A mapping whose values are combined with others before they are used.
    static func section(keys: [any AnyKey]) -> Kind {
        .mapping(keys: keys) { fields throws(Fields.Incomplete) in fields.written }
    }
}
