import Model

enum CommitKeys {
    static let subject = Key.optional(
        "subject", .template("a text", check: CheckNames.lineProblem), default: .string(CommitForm.standardSubject),
        meaning:
            "First line. Placeholders: `{plan}`, `{stage}`, `{task}`, `{title}`, `{files}`, `{worker}`, `{run}`, "
            + "`{attempt}`, `{reason}`, `{goal}`, `{ticket}`, `{evidence}`, `{change_id}`. Longer values are cut to 72 columns."
    )
    static let body = Key.optional(
        "body", .template("a text"), default: .string(CommitForm.standardBody),
        meaning:
            "Text below the subject, with the same placeholders. A line whose placeholders are all empty is left out.")
    static let trailers = Key.optional(
        "trailers", TrailerKind.kind, default: [:],
        meaning:
            "Lines of the last paragraph, by key, with the same placeholders: `Change-Id: \"{change_id}\"` for Gerrit. "
            + "A trailer without a value is left out.")
    static let ticket = Key.optional(
        "ticket", .text("a text", check: CheckNames.lineProblem), otherwise: "none",
        meaning: "The value of `{ticket}`.")
    static let signOff = Key.optional(
        "sign_off", .flag, default: false,
        meaning: "Add `Signed-off-by` with the committer, as `git commit -s` does.")
    static let author = Key.optional(
        "author", .template("Name <address>", check: personProblem), otherwise: "the committer",
        meaning: "Author, as `Name <address>`, with the same placeholders. The committer is `user.name` of Git.")
    static let coAuthor = Key.optional(
        "co_author", .list("a list of names", of: .template("Name <address>", check: personProblem)), default: [],
        meaning: "Co-authors, each as `Name <address>`, with the same placeholders.")
    static let sign = Key.optional(
        "sign", .flag, default: false,
        meaning: "Sign commits as Git does, with its `gpg.format`, `user.signingKey` and `gpg.program`.")
    static let notes = Key.optional(
        "notes", .flag, default: false,
        meaning: "Keep evidence and origin in Git notes (`refs/notes/orchestrate`) and not in the message.")

    static let kind = Kind<CommitForm>.mapping(
        keys: [subject, body, trailers, ticket, signOff, author, coAuthor, sign, notes]
    ) { fields throws(Fields.Incomplete) in
        let form = CommitForm(
            subject: try fields.value(subject), body: try fields.value(body), trailers: try fields.value(trailers),
            ticket: fields.written(ticket), signOff: try fields.value(signOff), author: fields.written(author),
            coAuthors: try fields.value(coAuthor), isSigned: try fields.value(sign),
            usesNotes: try fields.value(notes))
        if form.ticket == nil, form.templates.contains(where: { $0.placeholders.contains(.ticket) }) {
            fields.context.findings.error(
                "'\(fields.context.path)' uses {ticket}, and there is no ticket", at: fields.place,
                hint: "write 'ticket: ABC-123' beside it")
        }
        if CommitTemplate(form.subject).filled({ _ in "" }) == form.subject {
            fields.context.findings.warning(
                "'\(fields.context.path).subject' has no placeholder, so all commits have the same subject",
                at: fields.place(of: subject), hint: "add {title}")
        }
        return form
    }

    @Sendable private static func personProblem(_ text: String) -> TextProblem? {
        let open = text.firstIndex(of: "<")
        guard let open, text.hasSuffix(">"), open > text.startIndex, text[open...].dropFirst().dropLast().contains("@"),
            text.filter({ $0 == "<" || $0 == ">" }).count == 2, !text.contains("\n")
        else {
            return TextProblem(
                message: "expected a name and an address", hint: "write it like 'Ada Lovelace <ada@example.com>'")
        }
        return nil
    }
}

/// The trailers of a commit: keys of the user's choice, each with a template.
private enum TrailerKind {
    static let kind = Kind<[CommitForm.Trailer]>(word: "a mapping of trailers") { _ in
        ["type": "object", "additionalProperties": ["type": ["string", "number", "boolean"]]]
    } read: { node, context in
        guard case .mapping(let entries) = node.content else {
            context.expected("a mapping of trailers", at: node, hint: "write it like {Refs: \"{ticket}\"}")
            return nil
        }
        return entries.compactMap { entry -> CommitForm.Trailer? in
            if let problem = keyProblem(entry.key) {
                context.findings.error(
                    "'\(context.path)': '\(SourceNode.shortened(entry.key))' \(problem)", at: entry.keyPlace)
                return nil
            }
            let kind = Kind<String>.template("a text", check: CheckNames.lineProblem)
            return kind.read(entry.value, context.below(entry.key)).map { text in
                CommitForm.Trailer(key: entry.key, value: text)
            }
        }
    }

    private static func keyProblem(_ key: String) -> String? {
        let isKey =
            !key.isEmpty
            && key.unicodeScalars.allSatisfy {
                $0 == "-" || ("0"..."9").contains($0) || ("a"..."z").contains($0) || ("A"..."Z").contains($0)
            }
        if !isKey { return "is no key of a trailer: use letters, digits and '-'" }
        let lower = key.lowercased()
        if lower.hasPrefix("orchestrate-") || lower == "verified-tree" { return "is written by orchestrate itself" }
        return nil
    }
}

extension Kind where Value == String {
    /// A text with the placeholders of commits.
    static func template(_ word: String, check: (@Sendable (String) -> TextProblem?)? = nil) -> Kind {
        .text(word) { text in
            let unknown = CommitTemplate(text).unknown
            if let first = unknown.first {
                let known = CommitTemplate.Placeholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
                return TextProblem(
                    offset: first.offset,
                    message: "unknown placeholder\(unknown.count == 1 ? "" : "s") "
                        + unknown.map { "{\($0.word)}" }.joined(separator: ", "),
                    hint: "known placeholders: \(known); write {{\(first.word)}} for the text {\(first.word)}")
            }
            return check?(text)
        }
    }
}
