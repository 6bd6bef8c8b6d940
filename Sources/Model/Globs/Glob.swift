/// A pattern over paths from the repository's root.
///
/// `*` stands for any characters inside one part of a path, `**` as a whole part for any number of parts, `?` for one
/// character, `[a-z]` and `[!a-z]` for one of (none of) a set, `{a,b}` for either, and `\` takes the meaning from the
/// next character. A pattern that ends in `/` means everything below that folder. Patterns are anchored at the root:
/// `README.md` is the one at the top, `**/README.md` is any. A leading dot is a character like any other.
///
/// The pattern becomes a position automaton (Glushkov 1961) that is run over the bytes of a path with one bit for
/// each position, so that matching takes time linear in the path whatever the pattern.
package struct Glob: Sendable, Equatable, CustomStringConvertible {
    /// As it was written.
    package let pattern: String
    private let automaton: GlobAutomaton

    /// - Throws: `GlobError` for a pattern that is malformed, or that can match no path.
    package init(_ pattern: String) throws(GlobError) {
        var compiler = GlobCompiler(pattern)
        self.pattern = pattern
        automaton = try compiler.compile()
    }

    /// Whether the pattern stands for a path, which has `/` between its parts and none at either end.
    package func matches(_ path: String) -> Bool {
        var path = path
        return path.withUTF8 { automaton.matches($0) }
    }

    package var description: String { pattern }

    package static func == (a: Glob, b: Glob) -> Bool { a.pattern == b.pattern }
}

/// Several globs, of which one has to match.
package struct GlobSet: Sendable, Equatable {
    package let globs: [Glob]

    /// - Parameter patterns: none at all match nothing.
    /// - Throws: the error of the first malformed pattern, which names it.
    package init(_ patterns: [String]) throws(GlobError) {
        var globs: [Glob] = []
        for pattern in patterns { globs.append(try Glob(pattern)) }
        self.globs = globs
    }

    package func matches(_ path: String) -> Bool { globs.contains { $0.matches(path) } }

    /// The first glob that stands for the path, for those who explain a decision.
    package func first(matching path: String) -> Glob? { globs.first { $0.matches(path) } }
}

/// What is wrong with a glob, and where in it.
package struct GlobError: Error, Equatable, CustomStringConvertible {
    package enum Problem: Sendable, Equatable {
        case empty
        case leadingSlash
        case negation
        case emptyPart
        case dotPart
        case looseDoubleStar
        case trailingBackslash
        case unclosedSet
        case emptySet
        case slashInSet
        case characterInSet
        case reversedRange
        case unclosedBrace
        case emptyBrace
        case nestedTooDeep
        case tooLong
    }

    package var pattern: String
    /// Offset in Unicode scalars from the pattern's start.
    package var position: Int
    package var problem: Problem

    package init(pattern: String, position: Int, problem: Problem) {
        self.pattern = pattern
        self.position = position
        self.problem = problem
    }

    package var description: String { "glob '\(pattern)', character \(position + 1): \(message)" }

    /// What is wrong, without the place.
    package var message: String {
        switch problem {
        case .empty: "the pattern is empty"
        case .leadingSlash: "a pattern starts at the repository's root by itself, without '/'"
        case .negation: "'!' takes nothing out here"
        case .emptyPart: "'//' leaves a part of the path empty"
        case .dotPart: "'.' and '..' are no parts of a path in a repository"
        case .looseDoubleStar: "'**' has to be a whole part of the path"
        case .trailingBackslash: "nothing follows the '\\'"
        case .unclosedSet: "'[' has no ']'"
        case .emptySet: "the set is empty"
        case .slashInSet: "a set cannot hold '/'"
        case .characterInSet: "a set holds ASCII characters only"
        case .reversedRange: "the range ends before it starts"
        case .unclosedBrace: "'{' has no '}'"
        case .emptyBrace: "the braces are empty"
        case .nestedTooDeep: "braces are nested more than \(GlobCompiler.maximumDepth) deep"
        case .tooLong: "the pattern has more than \(GlobCompiler.maximumPositions) positions"
        }
    }

    /// What to do about it.
    package var hint: String {
        switch problem {
        case .empty: "write '**' for every file"
        case .leadingSlash, .dotPart, .emptyPart: "write it like 'src/**/*.py'"
        case .negation: "list what is taken out under its own key; a name that starts with '!' is written '\\!'"
        case .looseDoubleStar: "write '**/*.py' for every such file below, '*.py' for those of one folder"
        case .trailingBackslash: "write '\\\\' for a backslash"
        case .unclosedSet, .emptySet: "write '\\[' for a bracket in a name"
        case .slashInSet, .characterInSet: "write the choices as '{a,b}'"
        case .reversedRange: "write the smaller character first"
        case .unclosedBrace, .emptyBrace: "write '\\{' for a brace in a name"
        case .nestedTooDeep, .tooLong: "write several patterns"
        }
    }
}
