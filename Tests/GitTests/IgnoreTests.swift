import TestSupport
import Testing

@testable import Git

@Suite
struct IgnoreTests {
    @Test func `300 generated ignore files, each against 40 paths`() throws {
        let scratch = try ScratchRepository()
        var random = SeededGenerator(seed: 7)
        var ignoredCount = 0
        for round in 0..<300 {
            let root = Self.patterns(&random)
            let deep = Self.patterns(&random)
            try scratch.write(".gitignore", root)
            try scratch.write("a/b/.gitignore", deep)
            // `a` and `a/b` are there as directories, which git would see.
            let paths = (0..<40).map { _ in Self.path(&random) }.filter { $0 != "a" && $0 != "a/b" }
            let answer = try scratch.gitResult(
                ["check-ignore", "--no-index", "-z", "--stdin"], input: Array(paths.joined(separator: "\0").utf8))
            let expected = Set(answer.text.split(separator: "\0").map(String.init))
            ignoredCount += expected.count
            for path in Set(paths) {
                let actual = isIgnored(path, root: root, deep: deep)
                #expect(actual == expected.contains(path), "round \(round): '\(path)' by \(root)--\(deep)")
            }
        }
        #expect(ignoredCount > 1000)
    }

    /// Walks down as a scan does: what lies in an ignored directory is ignored, whatever deeper files say.
    private func isIgnored(_ path: String, root: String, deep: String) -> Bool {
        var rules = IgnoreRules()
        rules.add(IgnoreFile(Array(root.utf8)), at: [])
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        for length in 1...parts.count {
            let part = parts[..<length].joined(separator: "/")
            if part.hasPrefix("a/b/"), length == 3 {
                rules.add(IgnoreFile(Array(deep.utf8)), at: Array("a/b".utf8))
            }
            if rules.ignores(Array(part.utf8), isDirectory: length < parts.count) { return true }
        }
        return false
    }

    private static func patterns(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "b", "c", "*", "**", "/", "/", "?", "[ab]", "[!a]", "[a-c]", "x y", "\\*", ".o", "*.o", "**/", "/**",
            "[[:alpha:]]", "ü", "\\", "[", "]", "!", "#", " ", "a*b*c", "***", "[]a]", "[^-]", "[a-",
        ]
        return (0..<Int.random(in: 1...6, using: &random)).map { _ in
            let pattern = (0..<Int.random(in: 1...4, using: &random)).map { _ in random.pick(pieces) }.joined()
            return (random.chance(15) ? "!" : "") + pattern + random.pick(["", "", "", "/", " ", "\r", "\\ "])
        }.joined(separator: "\n") + "\n"
    }

    private static func path(_ random: inout SeededGenerator) -> String {
        let names = ["a", "b", "c", "ab", "abc", "x y", "a.o", "*", "ü", "a ", "]", "-", "!a", "#", "axbxc", "\\"]
        return (0..<Int.random(in: 1...4, using: &random)).map { _ in random.pick(names) }.joined(separator: "/")
    }

    @Test func `many stars do not take for ever`() {
        let pattern = GitPattern(Array(String(repeating: "*a", count: 40).utf8) + [UInt8(ascii: "b")])
        #expect(!pattern.matches(Array(String(repeating: "a", count: 2000).utf8)[...]))
    }
}
