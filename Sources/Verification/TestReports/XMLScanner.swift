/// Reads the tags of XML in one pass and without recursion.
///
/// Reports come from checks that run a worker's code, so declared entities are not expanded and no external resource is
/// loaded.
struct XMLScanner {
    enum Tag: Equatable {
        case start(String, [String: String], isEmpty: Bool)
        case end(String)
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Returns the next tag; nil at the end of the text or if a tag is not closed.
    mutating func next() -> Tag? {
        while let open = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
            index = open + 1
            if skip("!--", until: "-->") || skip("![CDATA[", until: "]]>") || skip("?", until: "?>") { continue }
            guard index < bytes.count else { return nil }
            switch bytes[index] {
            case UInt8(ascii: "!"): skipDeclaration()
            case UInt8(ascii: "/"):
                index += 1
                let name = word()
                guard skipPast(UInt8(ascii: ">")) else { return nil }
                return .end(name)
            default:
                let name = word()
                guard !name.isEmpty else { continue }
                return start(name)
            }
        }
        return nil
    }

    private mutating func start(_ name: String) -> Tag? {
        var attributes: [String: String] = [:]
        while true {
            skipBlanks()
            guard index < bytes.count else { return nil }
            switch bytes[index] {
            case UInt8(ascii: ">"):
                index += 1
                return .start(name, attributes, isEmpty: false)
            case UInt8(ascii: "/"):
                index += 1
                guard skipPast(UInt8(ascii: ">")) else { return nil }
                return .start(name, attributes, isEmpty: true)
            default:
                let key = word()
                skipBlanks()
                guard index < bytes.count else { return nil }
                guard !key.isEmpty, bytes[index] == UInt8(ascii: "=") else {
                    index += 1
                    continue
                }
                index += 1
                skipBlanks()
                guard let value = quoted() else { return nil }
                attributes[key] = value
            }
        }
    }

    private mutating func quoted() -> String? {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'"),
            let end = bytes[(index + 1)...].firstIndex(of: bytes[index])
        else { return nil }
        defer { index = end + 1 }
        return Self.text(bytes[(index + 1)..<end])
    }

    /// Decodes text: replaces XML's own entities and numeric characters.
    private static func text(_ raw: ArraySlice<UInt8>) -> String {
        guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
        var result = ""
        var rest = String(decoding: raw, as: UTF8.self)[...]
        while let mark = rest.firstIndex(of: "&") {
            result += rest[..<mark]
            rest = rest[mark...].dropFirst()
            guard let end = rest.prefix(10).firstIndex(of: ";"), let character = character(rest[..<end]) else {
                result += "&"
                continue
            }
            result.append(character)
            rest = rest[end...].dropFirst()
        }
        return result + rest
    }

    private static func character(_ name: Substring) -> Character? {
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.first == "#" else { return nil }
            let digits = name.dropFirst()
            let number = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return number.flatMap { Unicode.Scalar($0) }.map { Character($0) }
        }
    }

    private mutating func word() -> String {
        let start = index
        while index < bytes.count, !Self.endsWord(bytes[index]) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
            || byte == UInt8(ascii: "<") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    private mutating func skipBlanks() {
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
    }

    private mutating func skipPast(_ byte: UInt8) -> Bool {
        guard let found = bytes[index...].firstIndex(of: byte) else {
            index = bytes.count
            return false
        }
        index = found + 1
        return true
    }

    /// Skips a part of the document that begins here. A part without an end extends to the end of the text.
    ///
    /// - Returns: whether such a part began here.
    private mutating func skip(_ start: String, until end: String) -> Bool {
        guard bytes[index...].starts(with: start.utf8) else { return false }
        index += start.utf8.count
        while index < bytes.count, !bytes[index...].starts(with: end.utf8) { index += 1 }
        index = min(bytes.count, index + end.utf8.count)
        return true
    }

    /// Skips a document type, which may contain declarations in angle brackets.
    private mutating func skipDeclaration() {
        var depth = 0
        while index < bytes.count {
            defer { index += 1 }
            switch bytes[index] {
            case UInt8(ascii: "<"): depth += 1
            case UInt8(ascii: ">") where depth == 0: return
            case UInt8(ascii: ">"): depth -= 1
            default: break
            }
        }
    }
}
