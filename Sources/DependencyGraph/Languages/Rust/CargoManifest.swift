import Model

/// Reads the part of TOML that manifests use: sections, strings, and tables and arrays on one line.
enum CargoManifest {
    static func scan(_ bytes: Source.Bytes, into facts: inout FactWriter) {
        let lines = bytes.string.split(separator: "\n", omittingEmptySubsequences: false)
        var next = 0
        while next < lines.count {
            let line = UInt32(next + 1)
            let whole = joined(lines, from: &next)
            let text = trim(whole[...])
            if text.hasPrefix("[") {
                let name = text.drop { $0 == "[" }.prefix { $0 != "]" }
                facts.add(kind: Rust.Kind.section.rawValue, string: String(trim(name)), line: line)
            } else if let equals = text.firstIndex(of: "="), !text.hasPrefix("#") {
                let key = trim(text[..<equals]).filter { $0 != "\"" }
                setting(key, trim(text[text.index(after: equals)...]), line: line, into: &facts)
            }
        }
    }

    /// The longest inline table with lists that span lines, in lines.
    private static let longestTable = 256

    /// Returns a line, and the lines after it while its table is open. A list inside such a table may span lines.
    private static func joined(_ lines: [Substring], from next: inout Int) -> String {
        var text = String(lines[next])
        next += 1
        guard text.contains("{"), !text.contains("}"), !trim(text[...]).hasPrefix("#") else { return text }
        let end = min(lines.count, next + longestTable)
        while next < end, !text.contains("}") {
            text += " " + lines[next]
            next += 1
        }
        return text
    }

    private static func setting(_ key: String, _ value: Substring, line: UInt32, into facts: inout FactWriter) {
        if value.hasPrefix("{") {
            // A dependency's table: `{ path = "…", package = "…" }`.
            emit(key, "", line: line, into: &facts)
            for part in value.dropFirst().prefix(while: { $0 != "}" }).split(separator: ",") {
                guard let equals = part.firstIndex(of: "=") else { continue }
                let inner = trim(part[..<equals])
                guard inner == "path" || inner == "package" || inner == "workspace" else { continue }
                emit("\(key).\(inner)", unquoted(trim(part[part.index(after: equals)...])), line: line, into: &facts)
            }
        } else {
            emit(key, unquoted(value), line: line, into: &facts)
        }
    }

    private static func emit(_ key: String, _ value: Substring, line: UInt32, into facts: inout FactWriter) {
        var key = key
        let place = key.withUTF8 { facts.place(of: $0) }
        facts.add(kind: Rust.Kind.setting.rawValue, string: String(value), line: line, value: place)
    }

    private static func trim(_ text: Substring) -> Substring {
        let isBlank = { (character: Character) in character == " " || character == "\t" || character == "\r" }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }

    /// The text in quotes, or the word before a comment.
    private static func unquoted(_ value: Substring) -> Substring {
        if let quote = value.first, quote == "\"" || quote == "'" {
            return value.dropFirst().prefix { $0 != quote }
        }
        return trim(value.prefix { $0 != "#" })
    }
}
