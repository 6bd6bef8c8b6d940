/// One key of a mapping, with its name, kind, default and meaning.
///
/// The reader, the JSON Schema and the reference are all generated from it, so they cannot differ.
struct Key<Value: Sendable>: AnyKey {
    let name: String
    let kind: Kind<Value>
    let isRequired: Bool
    let defaultValue: JSONValue?
    let defaultWords: String?
    let meaning: String

    /// Returns a key that must be present.
    static func required(_ name: String, _ kind: Kind<Value>, meaning: String) -> Key {
        Key(name: name, kind: kind, isRequired: true, defaultValue: nil, defaultWords: nil, meaning: meaning)
    }

    /// Returns a key that has a fixed value where it is missing.
    static func optional(_ name: String, _ kind: Kind<Value>, default value: JSONValue, meaning: String) -> Key {
        Key(name: name, kind: kind, isRequired: false, defaultValue: value, defaultWords: nil, meaning: meaning)
    }

    /// Returns a key that may be missing.
    ///
    /// - Parameter otherwise: the default in words, for the reference.
    static func optional(_ name: String, _ kind: Kind<Value>, otherwise: String, meaning: String) -> Key {
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
