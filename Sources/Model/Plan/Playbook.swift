/// Advice of people to workers, in Markdown.
///
/// A proposal that was rejected stays in the text as a comment, so that it is not proposed again.
package struct Playbook: Sendable, Equatable {
    package private(set) var text: String

    package init(_ text: String) { self.text = text }

    /// The text for a prompt: without its comments.
    package var prompt: String {
        var kept = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "<!--") {
            kept += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstRange(of: "-->") else { return kept }
            rest = rest[end.upperBound...]
        }
        return kept + rest
    }

    /// Whether it has a text, as advice or as a rejected proposal, whatever its white space and letter case.
    package func has(_ advice: String) -> Bool {
        Self.normalised(text).contains(Self.normalised(advice)) || text.contains(Self.comment(advice))
    }

    /// Adds an item at the end.
    package mutating func accept(_ advice: String) {
        startLine()
        let isItem = text.split(separator: "\n").last.map { $0.hasPrefix("- ") || $0.hasPrefix("  ") } ?? false
        if !text.isEmpty, !isItem, !text.hasSuffix("\n\n") { text += "\n" }
        text += "- " + advice.split(whereSeparator: \.isNewline).joined(separator: "\n  ") + "\n"
    }

    package mutating func reject(_ advice: String) {
        startLine()
        text += Self.comment(advice) + "\n"
    }

    private mutating func startLine() {
        if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
    }

    private static func comment(_ advice: String) -> String {
        "<!-- rejected: \(advice.split(whereSeparator: \.isWhitespace).joined(separator: " ").replacing("--", with: "- -")) -->"
    }

    package static func normalised(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }
}

/// What a plan gives its workers to read, and what may change while a run goes on.
package struct Guidance: Codable, Sendable, Equatable {
    package var playbook: String?
    package var examples: [Example]?

    package init(playbook: String? = nil, examples: [Example]? = nil) {
        self.playbook = playbook
        self.examples = examples
    }
}

extension Plan {
    package var guidance: Guidance {
        get { Guidance(playbook: playbook, examples: examples) }
        set { (playbook, examples) = (newValue.playbook, newValue.examples) }
    }
}
