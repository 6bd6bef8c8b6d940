/// A pattern over paths from the repository's root.
///
/// `*` matches any characters inside one part of a path. `**` as a whole part matches any number of parts. `?` matches
/// one character, `[a-z]` and `[!a-z]` one character of (outside) a set, and `{a,b}` either choice. `\` makes the next
/// character literal. A pattern that ends in `/` matches everything below that folder. Patterns start at the root:
/// `README.md` matches the one at the top, `**/README.md` any. A leading dot is an ordinary character.
///
/// The pattern becomes a position automaton (Glushkov 1961) that runs over the bytes of a path with one bit for each
/// position, so that matching takes time linear in the length of the path.
package struct Glob: Sendable, Equatable, CustomStringConvertible {
    /// The command as written.
    package let pattern: String
    private let automaton: GlobAutomaton

    /// - Throws: `GlobError` for a malformed pattern or one that cannot match any path.
    package init(_ pattern: String) throws(GlobError) {
        var compiler = GlobCompiler(pattern)
        self.pattern = pattern
        automaton = try compiler.compile()
    }

    /// Returns whether the pattern matches a path. The path has `/` between its parts and none at either end.
    package func matches(_ path: String) -> Bool {
        var path = path
        return path.withUTF8 { automaton.matches($0) }
    }

    package var description: String { pattern }

    package static func == (a: Glob, b: Glob) -> Bool { a.pattern == b.pattern }
}

/// A set of globs. It matches a path if one of them does.
package struct GlobSet: Sendable, Equatable {
    package let globs: [Glob]

    /// - Parameter patterns: an empty list matches nothing.
    /// - Throws: the error of the first malformed pattern, which names it.
    package init(_ patterns: [String]) throws(GlobError) {
        var globs: [Glob] = []
        for pattern in patterns { globs.append(try Glob(pattern)) }
        self.globs = globs
    }

    package func matches(_ path: String) -> Bool { globs.contains { $0.matches(path) } }

    /// Returns the first glob that matches the path, to explain a decision.
    package func first(matching path: String) -> Glob? { globs.first { $0.matches(path) } }
}

/// A problem of a glob and its position.
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

    /// The problem, without its position.
    package var message: String {
        switch problem {
        case .empty: "the pattern is empty"
        case .leadingSlash: "a pattern always starts at the repository's root and cannot start with '/'"
        case .negation: "a pattern cannot start with '!'"
        case .emptyPart: "'//' leaves a part of the path empty"
        case .dotPart: "a path in a repository has no '.' or '..'"
        case .looseDoubleStar: "'**' must be a whole part of the path"
        case .trailingBackslash: "nothing follows the '\\'"
        case .unclosedSet: "'[' has no ']'"
        case .emptySet: "the set is empty"
        case .slashInSet: "a set cannot contain '/'"
        case .characterInSet: "a set can contain only ASCII characters"
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
        case .negation: "use the key for excluded files; write '\\!' for a name that starts with '!'"
        case .looseDoubleStar: "write '**/*.py' for files in all folders, '*.py' for those in one folder"
        case .trailingBackslash: "write '\\\\' for a backslash"
        case .unclosedSet, .emptySet: "write '\\[' for a bracket in a name"
        case .slashInSet, .characterInSet: "write the choices as '{a,b}'"
        case .reversedRange: "write the smaller character first"
        case .unclosedBrace, .emptyBrace: "write '\\{' for a brace in a name"
        case .nestedTooDeep, .tooLong: "write several patterns"
        }
    }
}
