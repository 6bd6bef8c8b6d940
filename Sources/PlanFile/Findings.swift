import Model

/// Collects what is wrong with one file.
final class Findings {
    /// The file as the user typed it.
    let file: String
    private let lines: SourceLines
    private(set) var diagnostics: [Diagnostic] = []

    init(file: String, lines: SourceLines) {
        self.file = file
        self.lines = lines
    }

    func error(_ message: String, at place: Place, hint: String? = nil) {
        add(.error, message, at: place, hint: hint)
    }

    func warning(_ message: String, at place: Place, hint: String? = nil) {
        add(.warning, message, at: place, hint: hint)
    }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// The place of a character inside a scalar.
    func place(in node: SourceNode, offset: Int) -> Place { lines.place(in: node, offset: offset) }

    private func add(_ severity: Diagnostic.Severity, _ message: String, at place: Place, hint: String?) {
        let diagnostic = Diagnostic(
            file: file, line: place.line, column: place.column, severity: severity, message: message, hint: hint)
        // What stands behind an anchor is read once for each alias.
        if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
    }
}
