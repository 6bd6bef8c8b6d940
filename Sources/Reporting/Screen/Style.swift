/// How the parts of a text are set off from each other on a terminal.
package struct Style: Sendable, Equatable {
    /// What a part of a text means.
    package enum Role: Sendable, CaseIterable {
        case heading
        case good
        case bad
        case busy
        case faint
    }

    /// Whether escape sequences are written at all.
    package var isColored: Bool

    package init(isColored: Bool) { self.isColored = isColored }

    package static let plain = Style(isColored: false)

    package func paint(_ text: String, _ role: Role?) -> String {
        guard isColored, !text.isEmpty, let role else { return text }
        return "\u{1B}[\(Self.code(role))m\(text)\u{1B}[0m"
    }

    /// Numbers of "Select Graphic Rendition" (ECMA-48, 8.3.117), of which every terminal knows these.
    private static func code(_ role: Role) -> String {
        switch role {
        case .heading: "1"
        case .good: "32"
        case .bad: "31"
        case .busy: "36"
        case .faint: "2"
        }
    }
}

/// What a report has to fit into.
package struct Layout: Sendable, Equatable {
    /// Columns of the terminal; nil where lines may be as long as they like.
    package var width: Int?
    package var style: Style
    /// Seconds that the reader's clock is ahead of UTC.
    package var clockOffset: Int

    package init(width: Int? = nil, style: Style = .plain, clockOffset: Int = 0) {
        self.width = width
        self.style = style
        self.clockOffset = clockOffset
    }
}

/// The forms a report can be had in.
package enum OutputFormat: String, Sendable, CaseIterable {
    case text
    case json
}
