/// The form of a run's commits: their message, their author and their signature.
package struct CommitForm: Codable, Sendable, Equatable {
    /// A line of the last paragraph. The value is a template.
    package struct Trailer: Codable, Sendable, Equatable {
        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// Template of the first line.
    package var subject: String
    /// Template of the text between the subject and the trailers.
    package var body: String
    package var trailers: [Trailer]
    /// The ticket of the whole migration; nil for none.
    package var ticket: String?
    /// Whether to add `Signed-off-by` with the committer, as `git commit -s` does.
    package var signOff: Bool
    /// Template of `Name <address>`; nil for the committer.
    package var author: String?
    /// Templates of `Name <address>`.
    package var coAuthors: [String]
    /// Whether git signs the commits, with the user's `gpg.format` and `user.signingKey`.
    package var isSigned: Bool
    /// Whether evidence and origin are kept in a Git note and not in the message.
    package var usesNotes: Bool

    package static let standardSubject = "{plan}: {title}"
    package static let standardBody = "{reason}\n\n{evidence}"

    package init(
        subject: String = CommitForm.standardSubject, body: String = CommitForm.standardBody,
        trailers: [Trailer] = [], ticket: String? = nil, signOff: Bool = false, author: String? = nil,
        coAuthors: [String] = [], isSigned: Bool = false, usesNotes: Bool = false
    ) {
        self.subject = subject
        self.body = body
        self.trailers = trailers
        self.ticket = ticket
        self.signOff = signOff
        self.author = author
        self.coAuthors = coAuthors
        self.isSigned = isSigned
        self.usesNotes = usesNotes
    }

    /// All templates.
    package var templates: [CommitTemplate] {
        ([subject, body] + trailers.map(\.value) + [author].compactMap { $0 } + coAuthors).map { CommitTemplate($0) }
    }
}

/// A text with placeholders such as `{task}`. `{{task}}` stands for the text `{task}`.
package struct CommitTemplate: Sendable, Equatable {
    package enum Placeholder: String, Sendable, CaseIterable {
        case plan, stage, task, title, files, worker, run, attempt, reason, goal, ticket, evidence
        case changeID = "change_id"
    }

    /// A word in braces that is no placeholder.
    package struct Unknown: Sendable, Equatable {
        package var word: String
        /// In Unicode scalars.
        package var offset: Int
    }

    package enum Part: Sendable, Equatable {
        case text(String)
        case placeholder(Placeholder)
    }

    package private(set) var parts: [Part] = []
    package private(set) var unknown: [Unknown] = []

    /// Reads a template. An unknown placeholder is kept as text.
    package init(_ source: String) {
        let scalars = Array(source.unicodeScalars)
        var text = String.UnicodeScalarView()
        var at = 0
        while at < scalars.count {
            if let word = Self.word(in: scalars, at: at, braces: 2) {
                text.append(contentsOf: "{\(word)}".unicodeScalars)
                at += word.count + 4
            } else if let word = Self.word(in: scalars, at: at, braces: 1) {
                if let placeholder = Placeholder(rawValue: word) {
                    if !text.isEmpty { parts.append(.text(String(text))) }
                    text = String.UnicodeScalarView()
                    parts.append(.placeholder(placeholder))
                } else {
                    unknown.append(Unknown(word: word, offset: at))
                    text.append(contentsOf: "{\(word)}".unicodeScalars)
                }
                at += word.count + 2
            } else {
                text.append(scalars[at])
                at += 1
            }
        }
        if !text.isEmpty { parts.append(.text(String(text))) }
    }

    package var placeholders: Set<Placeholder> {
        Set(parts.compactMap { if case .placeholder(let found) = $0 { found } else { nil } })
    }

    /// Returns the text with values for the placeholders.
    package func filled(_ value: (Placeholder) -> String) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .placeholder(let placeholder): value(placeholder)
            }
        }.joined()
    }

    /// Returns the text with values for the placeholders, without the lines whose placeholders all are empty.
    package func filledLines(_ value: (Placeholder) -> String) -> String {
        var lines: [(text: String, isDropped: Bool?)] = [("", nil)]
        for part in parts {
            switch part {
            case .text(let text):
                let pieces = text.split(separator: "\n", omittingEmptySubsequences: false)
                lines[lines.count - 1].text += pieces[0]
                for piece in pieces.dropFirst() { lines.append((String(piece), nil)) }
            case .placeholder(let placeholder):
                let found = value(placeholder)
                lines[lines.count - 1].text += found
                lines[lines.count - 1].isDropped = (lines[lines.count - 1].isDropped ?? true) && found.isEmpty
            }
        }
        return lines.filter { $0.isDropped != true }.map(\.text).joined(separator: "\n")
    }

    private static func word(in scalars: [Unicode.Scalar], at start: Int, braces: Int) -> String? {
        guard scalars[start...].prefix(braces).count == braces,
            scalars[start...].prefix(braces).allSatisfy({ $0 == "{" })
        else { return nil }
        let letters = scalars[(start + braces)...].prefix { $0 == "_" || ("a"..."z").contains($0) }
        let close = scalars[letters.endIndex...].prefix(braces)
        guard !letters.isEmpty, close.count == braces, close.allSatisfy({ $0 == "}" }) else { return nil }
        return String(String.UnicodeScalarView(letters))
    }
}
