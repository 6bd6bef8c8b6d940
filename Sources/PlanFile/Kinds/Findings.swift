import Model

/// The problems found in one file.
final class Findings {
    /// The file as the user typed it.
    let file: String
    private let lines: SourceLines
    private(set) var diagnostics: [Diagnostic] = []
    private var seen: Set<Seen> = []

    /// The maximum number of findings. A hostile file could cause a hundred thousand.
    static let maximum = 200

    private struct Seen: Hashable {
        var place: Place
        var message: String
    }

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

    /// Whether the maximum is reached. Further findings are dropped.
    var isFull: Bool { seen.count >= Self.maximum }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// Returns the place of a character inside a scalar.
    func place(in node: SourceNode, offset: Int) -> Place { lines.place(in: node, offset: offset) }

    private func add(_ severity: Diagnostic.Severity, _ message: String, at place: Place, hint: String?) {
        // The value of an anchor is read once for each alias, and each time its problems are found again.
        guard !isFull, seen.insert(Seen(place: place, message: message)).inserted else { return }
        diagnostics.append(
            Diagnostic(
                file: file, line: place.line, column: place.column, severity: severity, message: message, hint: hint))
        if isFull {
            diagnostics.append(
                Diagnostic(
                    file: file, line: 0, column: 0, message: "more problems were found; only the first are listed"))
        }
    }
}
