/// The owners of files, as a `CODEOWNERS` file names them.
///
/// Patterns follow the documentation of GitHub and of GitLab, which differ: in GitHub's, a slash inside a pattern ties it
/// to the root of the repository; GitLab has sections, and each of them may add owners.
package struct CodeOwners: Sendable, Equatable {
    package enum Dialect: Sendable, Equatable {
        case gitHub
        case gitLab
    }

    private struct Rule: Sendable, Equatable {
        var pattern: OwnerPattern
        /// Empty for files without an owner.
        var owners: [String]
        /// Whether its files have no owner in its section, whatever other rules say.
        var isExclusion = false
    }

    private struct Section: Sendable, Equatable {
        var name: String
        var owners: [String]
        var rules: [Rule] = []
    }

    /// The places of the file, the first one that exists counts.
    package static func places(_ dialect: Dialect) -> [String] {
        switch dialect {
        case .gitHub: [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"]
        case .gitLab: ["CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]
        }
    }

    private var sections: [Section]

    package init(_ text: String, dialect: Dialect) {
        sections = [Section(name: "", owners: [])]
        for line in text.split(whereSeparator: \.isNewline) {
            var words = Self.words(of: line)
            guard let first = words.first else { continue }
            if dialect == .gitLab, let section = Self.section(line) {
                // A section may be continued further down.
                if let known = sections.firstIndex(where: { $0.name.lowercased() == section.name.lowercased() }) {
                    sections.append(sections.remove(at: known))
                    if !section.owners.isEmpty { sections[sections.count - 1].owners = section.owners }
                } else {
                    sections.append(section)
                }
                continue
            }
            words.removeFirst()
            var isExclusion = false
            var source = first
            if source.hasPrefix("!") {
                // GitHub has no negation: the line is invalid there, and skipped.
                guard dialect == .gitLab else { continue }
                isExclusion = true
                source.removeFirst()
            }
            guard let pattern = OwnerPattern(source, dialect: dialect) else { continue }
            let last = sections.count - 1
            let owners = isExclusion ? [] : words.isEmpty ? sections[last].owners : words
            sections[last].rules.append(Rule(pattern: pattern, owners: owners, isExclusion: isExclusion))
        }
    }

    /// Returns the owners of a file, in the order of the file; empty for none. In each section, the last match counts.
    package func owners(of path: String) -> [String] {
        let parts = path.split(separator: "/").map { Array($0.unicodeScalars) }
        var owners: [String] = []
        for section in sections {
            let rules = section.rules.filter { $0.pattern.matches(parts) }
            // In GitLab, what a section has excluded cannot be included again.
            guard let rule = rules.last, !rules.contains(where: \.isExclusion) else { continue }
            for owner in rule.owners where !owners.contains(owner) { owners.append(owner) }
        }
        return owners
    }

    /// Returns the owners of some files, each once.
    package func owners(of files: [String]) -> [String] {
        var seen: Set<String> = []
        return files.flatMap { owners(of: $0) }.filter { seen.insert($0).inserted }
    }

    /// Divides a line into words. A backslash keeps the space after it, and `#` begins a comment.
    private static func words(of line: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var isEscaped = false
        for character in line {
            if isEscaped {
                word.append(character == " " || character == "#" ? "\(character)" : "\\\(character)")
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "#", word.isEmpty {
                break
            } else if character.isWhitespace {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if isEscaped { word.append("\\") }
        return word.isEmpty ? words : words + [word]
    }

    /// Reads `[Name]`, `^[Name]`, `[Name][2]` with owners for its rules; nil for another line.
    private static func section(_ line: Substring) -> Section? {
        var rest = line.drop(while: \.isWhitespace)
        if rest.first == "^" { rest.removeFirst() }
        guard rest.first == "[", let close = rest.firstIndex(of: "]") else { return nil }
        let name = rest[rest.index(after: rest.startIndex)..<close]
        rest = rest[rest.index(after: close)...]
        if rest.first == "[", let end = rest.firstIndex(of: "]") { rest = rest[rest.index(after: end)...] }
        return name.isEmpty ? nil : Section(name: String(name), owners: words(of: rest))
    }
}

/// One pattern of a `CODEOWNERS` file.
private struct OwnerPattern: Sendable, Equatable {
    private enum Part: Sendable, Equatable {
        /// `**`
        case anyParts
        case name([Unicode.Scalar])
    }

    private var parts: [Part]
    /// Whether a matching directory means all files below it.
    private var reachesBelow: Bool
    /// Whether only directories match.
    private var isDirectory: Bool
    /// Whether `[a-c]` stands for one of these characters.
    private var hasSets: Bool

    /// - Returns: nil for a pattern that the dialect does not know.
    init?(_ source: String, dialect: CodeOwners.Dialect) {
        if dialect == .gitHub, source.contains("[") || source.contains("]") { return nil }
        var text = Substring(source)
        isDirectory = text.hasSuffix("/")
        while text.hasSuffix("/") { text.removeLast() }
        var isRooted = text.hasPrefix("/")
        while text.hasPrefix("/") { text.removeFirst() }
        guard !text.isEmpty else { return nil }
        let names = text.split(separator: "/")
        if dialect == .gitHub, names.count > 1 { isRooted = true }
        parts = names.map { $0 == "**" ? .anyParts : .name(Array($0.unicodeScalars)) }
        if !isRooted, parts.first != .anyParts { parts.insert(.anyParts, at: 0) }
        // `docs/*` means the files in docs and not those in its folders, and `/*` those beside the folders. A lone `*` means
        // everything. In GitLab, a directory is named with a slash at its end.
        let isAll = source == "*"
        reachesBelow = isDirectory || isAll || (dialect == .gitHub && names.last != "*")
        hasSets = dialect == .gitLab
    }

    func matches(_ path: [[Unicode.Scalar]]) -> Bool { matches(path[...], parts[...]) }

    private func matches(_ path: ArraySlice<[Unicode.Scalar]>, _ rest: ArraySlice<Part>) -> Bool {
        guard let first = rest.first else {
            // What is left of the path is below the directory that has matched.
            return path.isEmpty ? !isDirectory : reachesBelow
        }
        switch first {
        case .anyParts:
            if rest.count == 1 { return !path.isEmpty }
            return path.indices.contains { matches(path[$0...], rest.dropFirst()) }
        case .name(let pattern):
            guard let name = path.first, matches(name[...], pattern[...]) else { return false }
            return matches(path.dropFirst(), rest.dropFirst())
        }
    }

    /// `*` stands for any characters, `?` for one. Linear: only the last star is tried again.
    private func matches(_ name: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
        var (at, next) = (name.startIndex, pattern.startIndex)
        var star: (at: Int, next: Int)?
        while at < name.endIndex {
            if next < pattern.endIndex, pattern[next] == "*" {
                star = (at, next)
                next += 1
            } else if let end = endOfOne(name[at], pattern[next...]) {
                (at, next) = (at + 1, end)
            } else if let last = star {
                star = (last.at + 1, last.next)
                (at, next) = (last.at + 1, last.next + 1)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == "*" }
    }

    /// The place after what stands for one character; nil if that is another one.
    private func endOfOne(_ character: Unicode.Scalar, _ pattern: ArraySlice<Unicode.Scalar>) -> Int? {
        guard let first = pattern.first else { return nil }
        if hasSets, first == "[", let close = pattern.dropFirst(2).firstIndex(of: "]") {
            return Self.isIn(pattern[(pattern.startIndex + 1)..<close], character) ? close + 1 : nil
        }
        return first == "?" || first == character ? pattern.startIndex + 1 : nil
    }

    /// Whether a set such as `a-cx` or `^a-c` has a character.
    private static func isIn(_ set: ArraySlice<Unicode.Scalar>, _ character: Unicode.Scalar) -> Bool {
        let isInverted = set.first == "^" || set.first == "!"
        var rest = isInverted ? set.dropFirst() : set
        var isFound = false
        while let low = rest.popFirst() {
            var high = low
            if rest.first == "-", rest.count > 1 {
                rest = rest.dropFirst()
                high = rest.popFirst() ?? low
            }
            isFound = isFound || (low <= character && character <= high)
        }
        return isFound != isInverted
    }
}
