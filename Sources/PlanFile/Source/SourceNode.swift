/// A place in a file, counted from 1. Zeros mean the whole file.
struct Place: Sendable, Hashable {
    var line: Int
    var column: Int

    static let wholeFile = Place(line: 0, column: 0)
}

/// One value of a YAML file, with aliases and merge keys resolved.
struct SourceNode: Sendable {
    enum Content: Sendable {
        case scalar(Scalar)
        case list([SourceNode])
        case mapping([Entry])
        /// The value has a problem that has been reported.
        case unreadable
    }

    struct Scalar: Sendable {
        enum Style: Sendable { case plain, quoted, literal, folded }

        var text: String
        var style: Style
    }

    struct Entry: Sendable {
        var key: String
        var keyPlace: Place
        var value: SourceNode
    }

    var place: Place
    var content: Content

    /// Whether the value is empty, `null` or `~`.
    var isNull: Bool {
        guard case .scalar(let scalar) = content, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.text)
    }

    /// The value in words, for "expected …, found …".
    var found: String {
        switch content {
        case .list: "a list"
        case .mapping: "a mapping"
        case .unreadable: "nothing"
        case .scalar where isNull: "nothing"
        case .scalar(let scalar): "'\(Self.shortened(scalar.text))'"
        }
    }

    /// Returns the first line of a text, shortened to fit a message.
    static func shortened(_ text: String) -> String {
        let line = text.prefix { !$0.isNewline }
        return line.count > 60 ? "\(line.prefix(57))..." : line.count < text.count ? "\(line)..." : String(line)
    }
}
