/// The colours of a text on a terminal.
package struct Style: Sendable, Equatable {
    /// The meaning of a part of a text.
    package enum Role: Sendable, CaseIterable {
        case heading
        case good
        case bad
        case busy
        case faint
        /// A person has to act.
        case urgent
    }

    /// Whether escape sequences are written.
    package var isColored: Bool

    package init(isColored: Bool) { self.isColored = isColored }

    package static let plain = Style(isColored: false)

    /// The text in the colour of its role; as it is without a role or without colours.
    package func paint(_ text: String, _ role: Role?) -> String {
        guard isColored, !text.isEmpty, let role else { return text }
        return "\u{1B}[\(Self.code(role))m\(text)\u{1B}[0m"
    }

    /// Numbers of "Select Graphic Rendition" (ECMA-48, 8.3.117), supported by every terminal.
    static func code(_ role: Role) -> String {
        switch role {
        case .heading: "1"
        case .good: "32"
        case .bad: "31"
        case .busy: "36"
        case .faint: "2"
        case .urgent: "33"
        }
    }
}

/// The space and style of a report.
package struct Layout: Sendable, Equatable {
    /// Columns of the terminal; nil for lines of any length.
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

/// The forms of a report.
package enum OutputFormat: String, Sendable, CaseIterable {
    case text
    case json
}
