/// Follows a shell command far enough to know which parts are quoted.
///
/// It knows quotes, backslashes, comments, here-documents, and `$( )` and backquotes, which start a new context inside
/// double quotes. It reports no errors: unclosed quotes are left to the shell.
struct ShellContext {
    enum Surroundings { case plain, quotes, hereDocument }

    private enum Frame {
        case single
        case double
        /// A command substitution, with the number of its open parentheses.
        case substitution(parentheses: Int)
        case backquotes
    }

    private let scalars: [Unicode.Scalar]
    private(set) var at = 0
    private(set) var isInComment = false
    private var frames: [Frame] = []
    /// Delimiters of the here-documents announced on this line, then of those being read.
    private var delimiters: [String] = []
    private var isInHereDocument = false

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    var surroundings: Surroundings {
        if isInHereDocument { return .hereDocument }
        switch frames.last {
        case .single, .double: return .quotes
        case .substitution, .backquotes, nil: return .plain
        }
    }

    /// Skips scalars without a meaning for the shell.
    mutating func skip(_ count: Int) { at += count }

    /// Reads one scalar, or two that belong together.
    mutating func advance() {
        let scalar = scalars[at]
        at += 1
        if isInHereDocument { return endLineOfHereDocument(scalar) }
        if isInComment {
            if scalar == "\n" { endLine() }
            return
        }
        switch frames.last {
        case .single:
            if scalar == "'" { frames.removeLast() }
        case .double: advanceInDoubleQuotes(scalar)
        case .substitution, .backquotes, nil: advancePlain(scalar)
        }
    }

    private mutating func advanceInDoubleQuotes(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": frames.removeLast()
        case "\\": at = min(at + 1, scalars.count)
        case "$": openSubstitution()
        case "`": turnBackquote()
        default: break
        }
    }

    private mutating func advancePlain(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "'": frames.append(.single)
        case "\"": frames.append(.double)
        case "\\": at = min(at + 1, scalars.count)
        case "$": openSubstitution()
        case "`": turnBackquote()
        case "(":
            if case .substitution(let open) = frames.last {
                frames[frames.count - 1] = .substitution(parentheses: open + 1)
            }
        case ")":
            if case .substitution(let open) = frames.last {
                frames.removeLast()
                if open > 1 { frames.append(.substitution(parentheses: open - 1)) }
            }
        case "#": isInComment = startsWord(at - 1)
        case "<": readHereDocumentStart()
        case "\n": endLine()
        default: break
        }
    }

    private mutating func openSubstitution() {
        guard at < scalars.count, scalars[at] == "(" else { return }
        at += 1
        frames.append(.substitution(parentheses: 1))
    }

    private mutating func turnBackquote() {
        if case .backquotes = frames.last { frames.removeLast() } else { frames.append(.backquotes) }
    }

    private func startsWord(_ index: Int) -> Bool {
        index == 0 || " \t\n;&|()".unicodeScalars.contains(scalars[index - 1])
    }

    private mutating func endLine() {
        isInComment = false
        isInHereDocument = !delimiters.isEmpty
        // Delimiters are removed from the end, so the first one announced has to be last.
        delimiters.reverse()
    }

    // MARK: Here-documents

    /// Reads, after a `<`, the delimiter of `<<WORD`, `<<-WORD` or `<<'WORD'`.
    ///
    /// A delimiter starts with a letter or `_`, so that a shift such as `$((1<<2))` is not taken for a here-document.
    private mutating func readHereDocumentStart() {
        guard at < scalars.count, scalars[at] == "<" else { return }
        at += 1
        if at < scalars.count, scalars[at] == "<" {
            at += 1
            return
        }
        var next = at
        if next < scalars.count, scalars[next] == "-" { next += 1 }
        while next < scalars.count, scalars[next] == " " || scalars[next] == "\t" { next += 1 }
        if next < scalars.count, "'\"\\".unicodeScalars.contains(scalars[next]) { next += 1 }
        let word = scalars[next...].prefix { $0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0) }
        guard let first = word.first, !("0"..."9").contains(first) else { return }
        delimiters.append(String(String.UnicodeScalarView(word)))
        at = word.endIndex
        if at < scalars.count, "'\"".unicodeScalars.contains(scalars[at]) { at += 1 }
    }

    private mutating func endLineOfHereDocument(_ scalar: Unicode.Scalar) {
        guard scalar == "\n", let delimiter = delimiters.last else { return }
        let line = scalars[..<(at - 1)].reversed().prefix { $0 != "\n" }.reversed().drop { $0 == "\t" }
        guard line.elementsEqual(delimiter.unicodeScalars) else { return }
        delimiters.removeLast()
        isInHereDocument = !delimiters.isEmpty
    }
}
