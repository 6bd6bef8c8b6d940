/// The values of a mapping, by key.
struct Fields {
    /// A key that has to be there is not, or could not be read; that has been reported.
    struct Incomplete: Error {}

    private(set) var written: Written
    let context: ReadingContext

    init(_ written: Written, context: ReadingContext) {
        self.written = written
        self.context = context
    }

    mutating func set(_ key: any AnyKey, to node: SourceNode) {
        written.nodes[key.name] = node
        written.values[key.name] = key.readAny(node, context.below(key.name))
    }

    /// Where the mapping starts.
    var place: Place { written.place }

    /// What was written, or the default of the key.
    func value<Value>(_ key: Key<Value>) throws(Incomplete) -> Value {
        if let value = self.written(key) { return value }
        guard let standard = key.defaultValue,
            let value = key.kind.read(standard.node, context.below(key.name))
        else { throw Incomplete() }
        return value
    }

    /// What was written, if it could be read.
    func written<Value>(_ key: Key<Value>) -> Value? { written.values[key.name] as? Value }

    /// Where the value of a key stands, or the mapping if the key is missing.
    func place<Value>(of key: Key<Value>) -> Place { written.nodes[key.name]?.place ?? place }

    /// The value of a key as it stands in the file.
    func node<Value>(of key: Key<Value>) -> SourceNode? { written.nodes[key.name] }
}

/// What was written of a mapping, which may be filled up from another before it is judged.
struct Written: Sendable {
    /// Where the mapping starts.
    var place: Place
    /// By key, what could be read.
    var values: [String: any Sendable] = [:]
    /// By key, what stands in the file.
    var nodes: [String: SourceNode] = [:]

    func has(_ key: any AnyKey) -> Bool { nodes[key.name] != nil }

    /// With what the other has for keys that this one does not name.
    ///
    /// - Parameter excluding: keys that are not taken over.
    func inheriting(_ other: Written, excluding: [any AnyKey] = []) -> Written {
        let own = Set(nodes.keys).union(excluding.map(\.name))
        var result = self
        result.nodes.merge(other.nodes.filter { !own.contains($0.key) }) { first, _ in first }
        result.values.merge(other.values.filter { !own.contains($0.key) }) { first, _ in first }
        return result
    }
}

extension Kind where Value == Written {
    /// A mapping that is judged later.
    static func section(keys: [any AnyKey]) -> Kind {
        .mapping(keys: keys) { fields throws(Fields.Incomplete) in fields.written }
    }
}
