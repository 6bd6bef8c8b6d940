/// A problem in a file that a person wrote, with its place.
package struct Diagnostic: Sendable, Equatable, CustomStringConvertible {
    package enum Severity: String, Sendable { case error, warning }

    package var file: String
    /// Counted from 1; 0 means the whole file.
    package var line: Int
    /// In characters, counted from 1; 0 means the whole line.
    package var column: Int
    package var severity: Severity
    package var message: String
    /// What to do about it.
    package var hint: String?

    package init(
        file: String, line: Int, column: Int, severity: Severity = .error, message: String, hint: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.severity = severity
        self.message = message
        self.hint = hint
    }

    package var description: String {
        let place = line == 0 ? file : column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
        let text = OutsideText.line("\(place): \(severity.rawValue): \(message)")
        return hint.map { "\(text)\n  hint: \(OutsideText.line($0))" } ?? text
    }
}
