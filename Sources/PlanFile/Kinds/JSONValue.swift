/// JSON for defaults and for the schema. An object keeps the order of its keys.
indirect enum JSONValue: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    case string(String)
    case integer(Int)
    case bool(Bool)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])

    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { ($0.0, $0.1) }) }

    static func == (a: JSONValue, b: JSONValue) -> Bool { a.text() == b.text() }

    /// The value as a node, so that a default is read like a value of the file.
    var node: SourceNode {
        let content: SourceNode.Content =
            switch self {
            case .string(let text): .scalar(SourceNode.Scalar(text: text, style: .plain))
            case .integer(let number): .scalar(SourceNode.Scalar(text: String(number), style: .plain))
            case .bool(let flag): .scalar(SourceNode.Scalar(text: flag ? "true" : "false", style: .plain))
            case .array(let items): .list(items.map(\.node))
            case .object(let members):
                .mapping(
                    members.map { SourceNode.Entry(key: $0.key, keyPlace: .wholeFile, value: $0.value.node) })
            }
        return SourceNode(place: .wholeFile, content: content)
    }

    /// Returns the value in one line, or, with an indent, with one line for each member of an object.
    func text(indent: Int? = nil) -> String {
        switch self {
        case .string(let text): return Self.quoted(text)
        case .integer(let number): return String(number)
        case .bool(let flag): return flag ? "true" : "false"
        case .array(let items): return "[" + items.map { $0.text(indent: indent) }.joined(separator: ", ") + "]"
        case .object(let members):
            guard let indent, !members.isEmpty else {
                return "{" + members.map { "\(Self.quoted($0.key)): \($0.value.text())" }.joined(separator: ", ") + "}"
            }
            let inner = String(repeating: " ", count: indent + 2)
            let lines = members.map { "\(inner)\(Self.quoted($0.key)): \($0.value.text(indent: indent + 2))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + String(repeating: " ", count: indent) + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let code = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
