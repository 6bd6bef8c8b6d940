/// Finds the placeholders of a command and refuses unsafe ones.
struct CommandTemplateReader {
    private let command: String
    private let scalars: [Unicode.Scalar]
    private var parts: [CommandTemplate.Part] = []
    private var text: [Unicode.Scalar] = []
    private var problems: [CommandTemplateError.Problem] = []

    init(_ command: String) {
        self.command = command
        scalars = Array(command.unicodeScalars)
    }

    mutating func read() throws(CommandTemplateError) -> [CommandTemplate.Part] {
        if scalars.allSatisfy(\.properties.isWhitespace) { report(.empty, at: 0) }
        if command.utf8.count > CommandTemplate.maximumLength { report(.tooLong(bytes: command.utf8.count), at: 0) }
        var shell = ShellContext(scalars)
        while shell.at < scalars.count {
            let start = shell.at
            if scalars[start] == "{", !shell.isInComment {
                if let word = word(at: start, braces: 2) {
                    text.append(contentsOf: "{\(word)}".unicodeScalars)
                    shell.skip(word.unicodeScalars.count + 4)
                    continue
                }
                if let word = word(at: start, braces: 1), start == 0 || scalars[start - 1] != "$" {
                    note(word, at: start, in: shell)
                    shell.skip(word.unicodeScalars.count + 2)
                    continue
                }
            }
            shell.advance()
            text.append(contentsOf: scalars[start..<shell.at])
        }
        guard problems.isEmpty else { throw CommandTemplateError(command: command, problems: problems) }
        endText()
        return parts
    }

    private mutating func note(_ word: String, at position: Int, in shell: ShellContext) {
        guard let placeholder = CommandTemplate.Placeholder(rawValue: word) else {
            return report(.unknownPlaceholder(word), at: position)
        }
        switch shell.surroundings {
        case .quotes: report(.insideQuotes(placeholder), at: position)
        case .hereDocument: report(.insideHereDocument(placeholder), at: position)
        case .plain:
            endText()
            parts.append(.placeholder(placeholder))
        }
    }

    /// Returns the word in that many braces at a position, or nil.
    private func word(at start: Int, braces: Int) -> String? {
        let open = scalars[start...].prefix(braces)
        let letters = scalars[start...].dropFirst(braces).prefix { $0 == "_" || ("a"..."z").contains($0) }
        let close = scalars[letters.endIndex...].prefix(braces)
        guard !letters.isEmpty, open.count == braces, open.allSatisfy({ $0 == "{" }), close.count == braces,
            close.allSatisfy({ $0 == "}" })
        else { return nil }
        return String(String.UnicodeScalarView(letters))
    }

    private mutating func endText() {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text)
        if !text.isEmpty { parts.append(.text(String(view))) }
        text = []
    }

    private mutating func report(_ kind: CommandTemplateError.Problem.Kind, at position: Int) {
        problems.append(CommandTemplateError.Problem(position: position, kind: kind))
    }
}
