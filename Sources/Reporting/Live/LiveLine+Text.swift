import Model

extension LiveLine {
    /// The lines of a report: titles, which are not indented, stand out.
    package static func report(_ text: String) -> [LiveLine] {
        split(text).map { LiveLine($0, $0.isEmpty || $0.hasPrefix(" ") ? nil : .heading) }
    }

    /// The lines of a text of others.
    package static func plain(_ text: String) -> [LiveLine] { split(text).map { LiveLine($0) } }

    /// The lines of a unified diff.
    package static func diff(_ text: String) -> [LiveLine] {
        split(text).map { line in
            if line.hasPrefix("@@") { return LiveLine(line, .busy) }
            if line.hasPrefix("diff ") || line.hasPrefix("+++") || line.hasPrefix("---") {
                return LiveLine(line, .heading)
            }
            if line.hasPrefix("+") { return LiveLine(line, .good) }
            return LiveLine(line, line.hasPrefix("-") ? .bad : nil)
        }
    }

    /// Columns of a tab stop.
    private static let tabStop = 4

    private static func split(_ text: String) -> [String] {
        var lines = OutsideText.lines(text).replacing("\t", with: String(repeating: " ", count: tabStop))
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
