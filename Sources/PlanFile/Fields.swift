/// The values of a mapping, by key.
struct Fields {
    /// A key that has to be there is not, or could not be read; that has been reported.
    struct Incomplete: Error {}

    /// Where the mapping starts.
    let place: Place
    let context: ReadingContext
    private var values: [String: any Sendable] = [:]
    private var nodes: [String: SourceNode] = [:]

    init(place: Place, context: ReadingContext) {
        self.place = place
        self.context = context
    }

    mutating func set(_ key: any AnyKey, to node: SourceNode) {
        nodes[key.name] = node
        values[key.name] = key.readAny(node, context.below(key.name))
    }

    /// What was written, or the default of the key.
    func value<Value>(_ key: Key<Value>) throws(Incomplete) -> Value {
        if let value = values[key.name] as? Value { return value }
        guard let standard = key.defaultValue,
            let value = key.kind.read(standard.node, context.below(key.name))
        else { throw Incomplete() }
        return value
    }

    /// What was written, if it could be read.
    func written<Value>(_ key: Key<Value>) -> Value? { values[key.name] as? Value }

    /// Where the value of a key stands, or the mapping if the key is missing.
    func place<Value>(of key: Key<Value>) -> Place { nodes[key.name]?.place ?? place }

    /// The value of a key as it stands in the file.
    func node<Value>(of key: Key<Value>) -> SourceNode? { nodes[key.name] }
}
