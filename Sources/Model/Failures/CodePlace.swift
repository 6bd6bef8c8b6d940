/// A line of a source file, as a tool's output names it.
package struct CodePlace: Equatable {
    /// Relative to the checkout if the file is in it.
    var path: String
    var line: Int

    var text: String { "\(path):\(line)" }

    /// Whether the file can be the user's: not one of a runtime, a library or an installed package.
    var isOwn: Bool {
        guard !path.hasPrefix("/"), !path.hasPrefix("<"), !path.hasPrefix("~") else { return false }
        return !Self.foreign.contains { path.contains($0) }
    }

    private static let foreign = [
        "node:", "node_modules/", "site-packages/", "dist-packages/", ".venv/", "vendor/bundle/", ".cargo/registry/",
        "internal/process/", "internal/modules/", "<tmp>", "://",
    ]

    /// Parses `path:12`, `path:12:5`, `path(12,5)` or `path:[12,5]` at the start of a text.
    ///
    /// - Returns: the place, and the text after it.
    static func parse(startOf text: Substring) -> (place: CodePlace, rest: Substring)? {
        let scheme = "file://"
        let text = text.hasPrefix(scheme) ? text.dropFirst(scheme.count) : text
        guard let end = text.firstIndex(where: { ends(path: $0) }), end > text.startIndex else { return nil }
        let path = text[..<end]
        guard isFileName(path) else { return nil }
        let isOpen = text[end] == "("
        var rest = text[end...].dropFirst()
        if !isOpen, rest.first == "[" { rest = rest.dropFirst() }
        guard let line = number(&rest) else { return nil }
        if let separator = rest.first, separator == ":" || separator == ",", rest.dropFirst().first?.isNumber ?? false {
            rest = rest.dropFirst()
            _ = number(&rest)
        }
        if isOpen || rest.first == "]" {
            guard rest.first == ")" || rest.first == "]" else { return nil }
            rest = rest.dropFirst()
        }
        let shown = path.hasPrefix("./") ? path.dropFirst(2) : path
        return (CodePlace(path: String(shown), line: line), rest)
    }

    /// Returns the first place that starts a word of a text.
    static func first(in text: Substring) -> (place: CodePlace, rest: Substring)? {
        var rest = text
        while !rest.isEmpty {
            rest = rest.drop { $0.isWhitespace || "([\"'`,".contains($0) }
            if let found = parse(startOf: rest) { return found }
            rest = rest.drop { !$0.isWhitespace && !"([\"'`,".contains($0) }
        }
        return nil
    }

    private static func ends(path character: Character) -> Bool {
        character.isWhitespace || ":(\"'`,;|".contains(character)
    }

    /// A name with an extension, or one of the files that build tools name without.
    private static func isFileName(_ path: Substring) -> Bool {
        let name = path.split(separator: "/").last ?? path
        if ["Makefile", "makefile", "GNUmakefile", "Dockerfile", "Rakefile", "Gemfile"].contains(name) { return true }
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return false }
        let suffix = name[dot...].dropFirst()
        guard let first = suffix.first, first.isLetter, suffix.count <= 10 else { return false }
        return suffix.allSatisfy { $0.isLetter || $0.isNumber } && !["com", "org", "net", "localhost"].contains(suffix)
    }

    private static func number(_ text: inout Substring) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), digits.count <= 8 else { return nil }
        text = text.dropFirst(digits.count)
        return number
    }
}
