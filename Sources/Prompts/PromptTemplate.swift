/// The order of a prompt's parts and the text between them.
///
/// In a template, `{{part}}` alone on a line is replaced by a part, and `{{part: 500}}` by one of at most 500 tokens.
/// Empty parts, and parts that the template does not name, are left out.
package struct PromptTemplate: Sendable, Equatable {
    enum Segment: Sendable, Equatable {
        case text(String)
        case part(PromptPart, budget: Int?)
    }

    var segments: [Segment]

    /// The file beside a worker's `worker.yaml` that replaces the standard template.
    package static let fileName = "prompt.md"

    /// The standard template: first the task, then information from others, last the rules and the acceptance criteria.
    package static let standard = PromptTemplate(segments: PromptPart.allCases.map { .part($0, budget: nil) })

    private init(segments: [Segment]) { self.segments = segments }

    /// A problem of a template.
    package struct Problem: Error, Equatable, CustomStringConvertible {
        /// Counted from 1.
        package var line: Int
        package var description: String
    }

    package init(parsing text: String) throws(Problem) {
        var segments: [Segment] = []
        var words: [Substring] = []
        var named: Set<PromptPart> = []
        func flush() {
            let joined = words.joined(separator: "\n").trimmed
            if !joined.isEmpty { segments.append(.text(joined)) }
            words = []
        }
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let bare = line.trimmed
            guard bare.hasPrefix("{{"), bare.hasSuffix("}}") else {
                words.append(line)
                continue
            }
            flush()
            let pieces = bare.dropFirst(2).dropLast(2).split(separator: ":", maxSplits: 1).map { $0.trimmed }
            guard let name = pieces.first, let part = PromptPart(rawValue: name) else {
                let known = PromptPart.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(
                    line: number + 1,
                    description: "'\(pieces.first ?? "")' is not a part of a prompt; the parts are \(known)"
                )
            }
            guard named.insert(part).inserted else {
                throw Problem(line: number + 1, description: "the part '\(name)' occurs twice")
            }
            let budget = pieces.count > 1 ? Int(pieces[1]) : nil
            guard pieces.count == 1 || (budget ?? -1) >= 0 else {
                throw Problem(line: number + 1, description: "'\(pieces[1])' is not a number of tokens")
            }
            segments.append(.part(part, budget: budget))
        }
        flush()
        self.segments = segments
    }

    func names(_ part: PromptPart) -> Bool {
        segments.contains { if case .part(part, _) = $0 { true } else { false } }
    }
}

extension StringProtocol {
    /// The text without spaces and line breaks at its ends.
    var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }
}
