/// One key of a mapping: the only place that says its name, its kind, its default and what it means.
///
/// Reading, the JSON Schema and the reference are all made from it, so they cannot differ.
struct Key<Value: Sendable>: AnyKey {
    let name: String
    let kind: Kind<Value>
    let isRequired: Bool
    let defaultValue: JSONValue?
    let defaultWords: String?
    let meaning: String

    /// A key that has to be there.
    static func required(_ name: String, _ kind: Kind<Value>, _ meaning: String) -> Key {
        Key(name: name, kind: kind, isRequired: true, defaultValue: nil, defaultWords: nil, meaning: meaning)
    }

    /// A key that stands for a fixed value where it is missing.
    static func optional(_ name: String, _ kind: Kind<Value>, default value: JSONValue, _ meaning: String) -> Key {
        Key(name: name, kind: kind, isRequired: false, defaultValue: value, defaultWords: nil, meaning: meaning)
    }

    /// A key that may be missing.
    ///
    /// - Parameter otherwise: what holds then, in words.
    static func optional(_ name: String, _ kind: Kind<Value>, otherwise: String, _ meaning: String) -> Key {
        Key(name: name, kind: kind, isRequired: false, defaultValue: nil, defaultWords: otherwise, meaning: meaning)
    }

    func readAny(_ node: SourceNode, _ context: ReadingContext) -> (any Sendable)? { kind.read(node, context) }
    func schema(_ context: ReadingContext) -> JSONValue { kind.schema(context) }
    var word: String { kind.word }
    var keys: [any AnyKey] { kind.keys }
}

/// A key of any kind of value.
protocol AnyKey: Sendable {
    var name: String { get }
    var isRequired: Bool { get }
    var defaultValue: JSONValue? { get }
    var defaultWords: String? { get }
    var meaning: String { get }
    var word: String { get }
    var keys: [any AnyKey] { get }
    func readAny(_ node: SourceNode, _ context: ReadingContext) -> (any Sendable)?
    func schema(_ context: ReadingContext) -> JSONValue
}
