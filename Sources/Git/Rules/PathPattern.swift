/// A pattern of `.gitignore` or `.gitattributes`, relative to the directory of its file.
struct PathPattern: Sendable {
    private let pattern: GitPattern
    /// A pattern without an inner slash is compared with the last component of a path.
    private let matchesNameOnly: Bool
    /// The pattern ended in a slash.
    let matchesDirectoriesOnly: Bool

    init?(_ text: ArraySlice<UInt8>) {
        var text = text
        matchesDirectoriesOnly = text.last == RawPath.slash
        if matchesDirectoriesOnly { text = text.dropLast() }
        matchesNameOnly = !text.contains(RawPath.slash)
        if text.first == RawPath.slash { text = text.dropFirst() }
        if text.isEmpty { return nil }
        pattern = GitPattern(text)
    }

    /// - Parameters:
    ///   - path: from the root.
    ///   - directoryLength: length of the path of the pattern file's directory; 0 for the root.
    func matches(_ path: RawPath, isDirectory: Bool, below directoryLength: Int) -> Bool {
        if matchesDirectoriesOnly, !isDirectory { return false }
        return pattern.matches(matchesNameOnly ? path.name : path[(directoryLength == 0 ? 0 : directoryLength + 1)...])
    }
}
