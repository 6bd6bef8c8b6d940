/// The owners of files, as a CODEOWNERS file names them. The last line that matches a path decides.
///
/// Lines that no glob can express, such as those with `!`, are left out, as GitHub does. Section headings of GitLab are too.
package struct CodeOwners: Sendable {
    private struct Rule: Sendable {
        var globs: GlobSet
        var owners: [String]
    }

    private var rules: [Rule]

    /// Where the file may be, the first one that exists counts.
    package static let paths = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]

    package init(_ text: String) {
        rules = text.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let pattern = words.first, !pattern.hasPrefix("["), !pattern.hasPrefix("^["), !pattern.hasPrefix("!"),
                let globs = try? GlobSet(Self.globs(pattern))
            else { return nil }
            return Rule(globs: globs, owners: Array(words.dropFirst()))
        }
    }

    /// A pattern without a slash before its end matches in every folder; one that matches a folder, everything below it.
    private static func globs(_ pattern: String) -> [String] {
        var path = pattern
        let isFolder = path.hasSuffix("/")
        while path.hasSuffix("/") { path.removeLast() }
        let isRooted = path.contains("/")
        while path.hasPrefix("/") { path.removeFirst() }
        if path.isEmpty || path == "*" { return ["**"] }
        let start = isRooted || path.hasPrefix("**") ? path : "**/\(path)"
        if isFolder { return ["\(start)/**"] }
        // `docs/*` means the files of that folder only.
        return start.hasSuffix("/*") || start.hasSuffix("/**") ? [start] : [start, "\(start)/**"]
    }

    /// Returns the owners of a file; none where no line matches, or the last one that does names nobody.
    package func owners(of path: String) -> [String] { rules.last { $0.globs.matches(path) }?.owners ?? [] }

    /// Returns the owners of some files, each once.
    package func owners(of files: [String]) -> [String] {
        var seen: Set<String> = []
        return files.flatMap { owners(of: $0) }.filter { seen.insert($0).inserted }
    }
}
