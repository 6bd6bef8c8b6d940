import TestSupport
import Testing

@testable import Model

@Suite struct GlobTests {
    @Test(arguments: [
        ("README.md", "README.md", true), ("README.md", "docs/README.md", false), ("README.md", "README.mdx", false),
        ("*.py", "a.py", true), ("*.py", "a/b.py", false), ("*.py", ".py", true), ("*", "a", true),
        ("*", "a/b", false), ("*", ".hidden", true), ("**", "a/b/c", true), ("**", "a", true),
        ("**/*.py", "a.py", true), ("**/*.py", "a/b/c.py", true), ("**/*.py", "a/b/c.pyc", false),
        ("src/**", "src/a", true), ("src/**", "src/a/b", true), ("src/**", "src", false), ("src/**", "srcs/a", false),
        ("src/", "src/a/b", true), ("src/", "src", false), ("src/*/", "src/a/b", true), ("src/*/", "src/a", false),
        ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true), ("a/**/b", "a/xb", false), ("a/**/b", "ab", false),
        ("**/test/**", "test/x", true), ("**/test/**", "a/test/x/y", true), ("**/test/**", "a/tests/x", false),
        ("a?c", "abc", true), ("a?c", "a/c", false), ("a?c", "ac", false), ("a?c", "aéc", true), ("a?c", "a€c", true),
        ("a?c", "a😀c", true), ("a?c", "a😀😀c", false), ("[a-c]x", "bx", true), ("[a-c]x", "dx", false),
        ("[!a-c]x", "dx", true), ("[!a-c]x", "ax", false), ("[!a]x", "éx", true), ("[!a]", "/", false),
        ("[^a]x", "bx", true), ("[a-]x", "-x", true), ("[\\]]", "]", true), ("[ -~]x", "/x", false),
        ("{a,b}.c", "a.c", true), ("{a,b}.c", "c.c", false), ("{a,b/{c,d}}/x", "b/d/x", true),
        ("{a,b/{c,d}}/x", "b/x", false), ("{a,}b", "b", true), ("{a,}b", "ab", true), ("x{a}y", "xay", true),
        ("**/{a,b}", "x/y/b", true), ("{src,test}/**/*.c", "test/a/b.c", true), ("{**/,}x", "a/b/x", true),
        ("a,b", "a,b", true), ("a}", "a}", true), ("\\*", "*", true), ("\\*", "a", false), ("\\{a,b\\}", "{a,b}", true),
        ("\\!x", "!x", true), ("a\\/", "a/b", false), ("ümlaut/*", "ümlaut/x", true), ("a b/c'd", "a b/c'd", true),
        ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false), ("x*x", "x", false), ("ab*ba", "aba", false),
        ("**", "", true), ("a", "", false), ("**/**/**/x", "x", true), ("**/**/**/x", "a/x", true),
    ])
    func `a glob matches these paths only`(_ pattern: String, _ path: String, _ expected: Bool) throws {
        #expect(try Glob(pattern).matches(path) == expected, "\(pattern) against \(path)")
    }

    @Test(arguments: [
        ("", 0, GlobError.Problem.empty), ("/a", 0, .leadingSlash), ("!a", 0, .negation), ("a//b", 2, .emptyPart),
        ("a/../b", 2, .dotPart), ("./a", 0, .dotPart), ("src/**.py", 4, .looseDoubleStar),
        ("a**", 1, .looseDoubleStar), ("***", 0, .looseDoubleStar), ("a\\", 1, .trailingBackslash),
        ("é[a", 1, .unclosedSet), ("a[]", 1, .emptySet), ("[a/b]", 2, .slashInSet), ("[é]", 1, .characterInSet),
        ("x[z-a]", 2, .reversedRange), ("a{b,c", 1, .unclosedBrace), ("a{}", 1, .emptyBrace),
        ("a{b,{c}", 1, .unclosedBrace), (String(repeating: "{", count: 17), 16, .nestedTooDeep),
    ])
    func `a bad glob is refused`(_ pattern: String, _ position: Int, _ problem: GlobError.Problem) {
        #expect(throws: GlobError(pattern: pattern, position: position, problem: problem)) { try Glob(pattern) }
    }

    @Test func `refuses a pattern of a million characters`() {
        let pattern = String(repeating: "a", count: 1_000_000)
        #expect(throws: GlobError(pattern: pattern, position: 2049, problem: .tooLong)) { try Glob(pattern) }
    }

    /// With backtracking each of these takes longer than the sun will shine.
    @Test(arguments: [
        String(repeating: "a*", count: 60) + "b", String(repeating: "**/", count: 60) + "x",
        String(repeating: "{a,a}", count: 60) + "b", String(repeating: "{a*,*a}", count: 40) + "b",
        String(repeating: "{a,}", count: 60) + "b",
    ])
    func `no pattern is slow`(_ pattern: String) throws {
        let glob = try Glob(pattern)
        #expect(!glob.matches(String(repeating: "a", count: 4000)))
        #expect(!glob.matches(String(repeating: "a/", count: 2000) + "a"))
    }

    /// Holds the automaton against a plain recursive matcher on many small cases.
    @Test func `agrees with a recursive matcher`() throws {
        var random = SeededGenerator(seed: 7)
        // The long one makes the pattern take more than one word of positions.
        let pieces = ["a", "b", "/", "*", "**/", "?", "[ab]", "[!a]", "{" + String(repeating: "c", count: 70) + ",a}"]
        var compared = 0
        for _ in 0..<20_000 {
            let pattern = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            guard let glob = try? Glob(pattern), !pattern.hasSuffix("/") else { continue }
            let path = String(
                (0..<Int.random(in: 0...6, using: &random)).map { _ in "ab/".randomElement(using: &random) ?? "a" })
            #expect(glob.matches(path) == Self.matches(Array(pattern)[...], Array(path)[...]), "\(pattern) on \(path)")
            compared += 1
        }
        #expect(compared > 5000)
    }

    private static func matches(_ pattern: ArraySlice<Character>, _ path: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if pattern.elementsEqual("**") { return true }
        if pattern.starts(with: "**/") {
            let rest = pattern.dropFirst(3)
            return matches(rest, path)
                || path.indices.contains { path[$0] == "/" && matches(rest, path[($0 + 1)...]) }
        }
        if first == "*" {
            let rest = pattern.dropFirst()
            return matches(rest, path)
                || (path.first.map { $0 != "/" } ?? false) && matches(pattern, path.dropFirst())
        }
        guard let character = path.first else { return false }
        switch first {
        case "?": return character != "/" && matches(pattern.dropFirst(), path.dropFirst())
        case "{":
            let rest = pattern.drop { $0 != "}" }.dropFirst()
            return character == "a" && matches(rest, path.dropFirst())
        case "[":
            let isNegated = pattern.dropFirst().first == "!"
            let set = pattern.dropFirst(isNegated ? 2 : 1).prefix { $0 != "]" }
            let fits = character != "/" && set.contains(character) != isNegated
            return fits && matches(pattern[(set.endIndex + 1)...], path.dropFirst())
        default: return first == character && matches(pattern.dropFirst(), path.dropFirst())
        }
    }
}

@Suite struct GlobSetTests {
    @Test func `one has to match`() throws {
        let set = try GlobSet(["src/", "*.md"])
        #expect(set.matches("src/a/b"))
        #expect(set.first(matching: "README.md")?.pattern == "*.md")
        #expect(!set.matches("test/a"))
        #expect(try !GlobSet([]).matches("a"))
    }

    @Test func `names the bad pattern`() {
        #expect(throws: GlobError(pattern: "[", position: 0, problem: .unclosedSet)) { try GlobSet(["a", "["]) }
    }
}
