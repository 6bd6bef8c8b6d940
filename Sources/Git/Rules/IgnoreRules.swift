/// The lines of one `.gitignore`.
struct IgnoreFile: Sendable {
    struct Rule: Sendable {
        var pattern: PathPattern
        /// A line that begins with `!`.
        var isException: Bool
    }

    let rules: [Rule]

    init(_ content: [UInt8]) {
        var content = content[...]
        if content.starts(with: [0xef, 0xbb, 0xbf]) { content = content.dropFirst(3) }
        rules = content.split(separator: UInt8(ascii: "\n")).compactMap { line in
            var line = line
            if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
            if line.first == UInt8(ascii: "#") { return nil }
            line = Self.withoutTrailingSpaces(line)
            let isException = line.first == UInt8(ascii: "!")
            if isException { line = line.dropFirst() }
            return PathPattern(line).map { Rule(pattern: $0, isException: isException) }
        }
    }

    /// Removes trailing spaces, except those after a backslash.
    private static func withoutTrailingSpaces(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var end = line.startIndex
        var place = line.startIndex
        while place < line.endIndex {
            if line[place] == UInt8(ascii: "\\"), place + 1 < line.endIndex {
                place += 2
                end = place
            } else {
                if line[place] != UInt8(ascii: " ") { end = place + 1 }
                place += 1
            }
        }
        return line[..<end]
    }

    /// Returns whether the last matching rule ignores a path, or nil if no rule matches.
    func verdict(on path: RawPath, isDirectory: Bool, below directoryLength: Int) -> Bool? {
        rules.last { $0.pattern.matches(path, isDirectory: isDirectory, below: directoryLength) }
            .map { !$0.isException }
    }
}

/// The ignore files from the root down to a directory.
///
/// Only files of the commit count. Edits by the worker, `info/exclude` and the user's global excludes do not.
struct IgnoreRules: Sendable {
    private var levels: [(directoryLength: Int, file: IgnoreFile)] = []

    mutating func add(_ file: IgnoreFile, at directory: RawPath) {
        levels.append((directory.count, file))
    }

    /// Returns whether a path is ignored, assuming that its directory is not.
    func ignores(_ path: RawPath, isDirectory: Bool) -> Bool {
        for level in levels.reversed() {
            if let verdict = level.file.verdict(on: path, isDirectory: isDirectory, below: level.directoryLength) {
                return verdict
            }
        }
        return false
    }
}
