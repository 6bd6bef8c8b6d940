/// Formats globs for a sentence.
enum GlobWords {
    /// ``a, b and c``, each in backquotes.
    static func list(_ patterns: [String]) -> String {
        let quoted = patterns.map { "`\($0)`" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "nothing" }
        return quoted.dropLast().joined(separator: ", ") + " and " + last
    }
}
