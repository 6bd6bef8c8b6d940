/// The state of an attribute, as gitattributes(5) defines it.
enum AttributeValue: Sendable, Equatable {
    case set
    case unset
    case unspecified
    case text(String)
}

/// The lines of one `.gitattributes` or of `info/attributes`.
struct AttributeFile: Sendable {
    struct Rule: Sendable {
        var pattern: PathPattern
        var attributes: [(name: String, value: AttributeValue)]
    }

    private(set) var rules: [Rule] = []
    /// Attributes that set several others.
    private(set) var macros: [String: [(name: String, value: AttributeValue)]] = [:]

    init(_ content: [UInt8]) {
        var content = content[...]
        if content.starts(with: [0xef, 0xbb, 0xbf]) { content = content.dropFirst(3) }
        for line in content.split(separator: UInt8(ascii: "\n")) {
            let line = Array(line).trimmed()
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            let (head, rest) = Self.splitPattern(line)
            let attributes = rest.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d })
                .map(Self.attribute)
            if head.starts(with: "[attr]".utf8), first != UInt8(ascii: "\"") {
                macros[String(decoding: head.dropFirst(6), as: UTF8.self)] = attributes
            } else if head.first != UInt8(ascii: "!"), let pattern = PathPattern(head[...]),
                !pattern.matchesDirectoriesOnly
            {
                rules.append(Rule(pattern: pattern, attributes: attributes))
            }
        }
    }

    private static func splitPattern(_ line: ArraySlice<UInt8>) -> (head: [UInt8], rest: ArraySlice<UInt8>) {
        if line.first == UInt8(ascii: "\""), let (text, rest) = unquote(line) { return (text, rest) }
        let end = line.firstIndex { $0 == 0x20 || $0 == 0x09 } ?? line.endIndex
        return (Array(line[..<end]), line[end...])
    }

    /// Reads a name in double quotes with C escapes.
    private static func unquote(_ line: ArraySlice<UInt8>) -> (text: [UInt8], rest: ArraySlice<UInt8>)? {
        let escapes: [UInt8: UInt8] = [
            UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10,
            UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13, UInt8(ascii: "\""): 34,
            UInt8(ascii: "\\"): 92,
        ]
        var text: [UInt8] = []
        var place = line.startIndex + 1
        while place < line.endIndex {
            let byte = line[place]
            if byte == UInt8(ascii: "\"") { return (text, line[(place + 1)...]) }
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard place < line.endIndex else { return nil }
            if let escape = escapes[line[place]] {
                text.append(escape)
                place += 1
            } else {
                let digits = line[place...].prefix(3)
                guard let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) else { return nil }
                text.append(value)
                place += 3
            }
        }
        return nil
    }

    private static func attribute(_ word: ArraySlice<UInt8>) -> (name: String, value: AttributeValue) {
        let text = String(decoding: word, as: UTF8.self)
        if text.hasPrefix("-") { return (String(text.dropFirst()), .unset) }
        if text.hasPrefix("!") { return (String(text.dropFirst()), .unspecified) }
        guard let equals = text.firstIndex(of: "=") else { return (text, .set) }
        return (String(text[..<equals]), .text(String(text[text.index(after: equals)...])))
    }
}

/// The attribute files that apply to a directory.
struct AttributeRules: Sendable {
    private var levels: [(directoryLength: Int, file: AttributeFile)] = []
    private var macros: [String: [(name: String, value: AttributeValue)]] = [
        "binary": [("diff", .unset), ("merge", .unset), ("text", .unset)]
    ]
    /// `info/attributes` of the target repository; it overrides every file of the tree.
    private let info: AttributeFile?

    init(info: AttributeFile?) {
        self.info = info
        if let info { macros.merge(info.macros) { _, new in new } }
    }

    var isEmpty: Bool { levels.isEmpty && info == nil }

    /// Adds the file of a directory. Macros are only read from the root, as in Git.
    mutating func add(_ file: AttributeFile, at directory: RawPath) {
        levels.append((directory.count, file))
        if directory.isEmpty { macros.merge(file.macros) { _, new in new } }
    }

    /// Returns the attributes of a file. For each attribute, deeper files and later lines win.
    ///
    /// Reads from the strongest line to the weakest and keeps the first value of each attribute, so that a macro which a
    /// stronger line switches off is not expanded.
    func attributes(of path: RawPath) -> [String: AttributeValue] {
        var found: [String: AttributeValue] = [:]
        if let info { apply(info, below: 0, to: path, &found) }
        for level in levels.reversed() { apply(level.file, below: level.directoryLength, to: path, &found) }
        return found
    }

    private func apply(
        _ file: AttributeFile, below directoryLength: Int, to path: RawPath, _ found: inout [String: AttributeValue]
    ) {
        for rule in file.rules.reversed() where rule.pattern.matches(path, isDirectory: false, below: directoryLength) {
            assign(rule.attributes, &found)
        }
    }

    private func assign(
        _ attributes: [(name: String, value: AttributeValue)], _ found: inout [String: AttributeValue]
    ) {
        for (name, value) in attributes.reversed() where found[name] == nil {
            found[name] = value
            if value == .set, let members = macros[name] { assign(members, &found) }
        }
    }
}
