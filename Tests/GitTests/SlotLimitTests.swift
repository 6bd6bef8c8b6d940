import Foundation
import Model
import TestSupport
import Testing

@testable import Git

@Suite struct SlotLimitTests {
    private func bench(_ files: [String: String] = ["a": "1\n"]) throws -> SlotBench {
        let bench = try SlotBench(files)
        try bench.slot.move(to: bench.first)
        return bench
    }

    @Test func `a file above the limit is refused, and one in place of a file of the commit is rewritten`() throws {
        let bench = try bench()
        let size = SlotState.contentLimit + 1
        // A hole: no disk is used.
        #expect(truncate(bench.tree.appending("a"), off_t(size)) == 0)
        #expect(throws: GitError.fileTooLarge(path: "a", bytes: size, limit: SlotState.contentLimit)) {
            try bench.slot.capture()
        }
        #expect(try bench.slot.move(to: bench.first).written == 1)
        #expect(try bench.tree.read("a") == "1\n")
    }

    @Test func `a tree too deep to be recorded is refused`() throws {
        let bench = try bench()
        func nested(_ levels: Int) -> String { Array(repeating: "d", count: levels).joined(separator: "/") }
        try bench.tree.write("\(nested(Directory.depthLimit))/f", "x")
        #expect(try bench.slot.capture().changes.count == 1)
        try bench.tree.write("\(nested(Directory.depthLimit + 1))/f", "x")
        #expect(throws: GitError.self) { try bench.slot.capture() }
        #expect(try bench.slot.move(to: bench.first).deleted >= 1)
        #expect(!bench.exists("d"))
    }

    @Test func `a move tells how much it wrote and deleted`() throws {
        let bench = try bench(["a": "1\n", "b": "1\n", "d/c": "1\n"])
        let second = try bench.commit(["a": "2\n", "e": "2\n"], removing: ["b", "d"])
        try bench.tree.write("x/y", "untracked")
        let move = try bench.slot.move(to: second)
        #expect(move.written == 2 && move.deleted == 3 && move.copied == 0)
        #expect(!bench.exists("d") && !bench.exists("x"))
        let again = try bench.slot.move(to: second)
        #expect(again.written == 0 && again.deleted == 0)
    }

    @Test func `a shallow target gives a shallow repository`() throws {
        let bench = try bench()
        _ = try bench.commit(["a": "2\n"])
        let shallow = bench.target.directory.appending("shallow")
        try bench.target.git("clone", "-q", "--depth=1", "file://\(bench.target.path)", shallow)
        let repository = try Repository(at: shallow, environment: bench.target.environment)
        let slot = try Slot(at: bench.target.directory.appending("slot"), target: repository)
        try slot.move(to: repository.resolve("HEAD"))
        let tree = try ScratchRepository(existing: slot.treePath, in: bench.target.directory)
        #expect(try tree.git("log", "--format=%s") == "A commit")
    }

    @Test func `a slot of another target starts anew`() throws {
        let bench = try bench()
        let copy = bench.target.directory.appending("copy")
        try bench.target.git("clone", "-q", bench.target.path, copy)
        let other = try Repository(at: copy, environment: bench.target.environment)
        #expect(try Slot(at: bench.slot.directory, target: bench.repository).commit == bench.first)
        #expect(try Slot(at: bench.slot.directory, target: other).commit == nil)
    }
}

@Suite struct ConversionTests {
    private func conversion(_ attributes: [String: AttributeValue]) -> Conversion { Conversion(attributes) }

    @Test func `filters and encodings need the command line, line endings do not`() {
        #expect(conversion(["filter": .text("lfs")]).filter == "lfs")
        #expect(conversion(["filter": .text("lfs")]).needsCommandLine)
        #expect(conversion(["filter": .set]).filter == nil)
        #expect(conversion(["working-tree-encoding": .text("UTF-16")]).encoding == "UTF-16")
        #expect(conversion(["working-tree-encoding": .text("utf-8")]).encoding == nil)
        #expect(conversion(["working-tree-encoding": .text("UTF8")]).isNone)
        #expect(!conversion(["text": .set]).needsCommandLine && !conversion(["text": .set]).isNone)
        #expect(conversion(["ident": .set]).expandsIdent && !conversion(["ident": .unset]).expandsIdent)
        #expect(conversion([:]).isNone)
    }

    @Test func `text and eol together decide about line endings`() {
        let cases: [([String: AttributeValue], Conversion.LineEndings)] = [
            ([:], .untouched), (["text": .set], .text(carriageReturns: false)), (["text": .unset], .untouched),
            (["text": .text("auto")], .automatic(carriageReturns: false)),
            (["text": .text("auto"), "eol": .text("crlf")], .automatic(carriageReturns: true)),
            (["eol": .text("crlf")], .text(carriageReturns: true)),
            (["eol": .text("lf")], .text(carriageReturns: false)),
            (["text": .unset, "eol": .text("crlf")], .untouched),
            (["crlf": .set], .text(carriageReturns: false)),
            (["crlf": .unset, "text": .set], .text(carriageReturns: false)),
            (["crlf": .text("input")], .text(carriageReturns: false)), (["text": .text("odd")], .untouched),
        ]
        for (attributes, expected) in cases { #expect(conversion(attributes).lineEndings == expected, "\(attributes)") }
    }

    @Test func `content is binary by Git's rule`() {
        func looksBinary(_ text: String, _ more: [UInt8] = []) -> Bool {
            LineStatistics(Array(text.utf8) + more).looksBinary
        }
        #expect(!looksBinary("") && !looksBinary("a\r\nb\n\t") && looksBinary("a\rb") && looksBinary("a", [0]))
        #expect(!looksBinary(String(repeating: "a", count: 128) + "\u{1}"))
        #expect(looksBinary(String(repeating: "a", count: 127) + "\u{1}"))
        #expect(looksBinary(String(repeating: "a", count: 255) + "\u{1}\u{7f}"))
        #expect(!looksBinary("a\u{1a}") && looksBinary("\u{1a}a"))
        #expect(LineStatistics(Array("a\r\nb\r\n\n".utf8)).pairs == 2)
    }

    @Test func `automatic conversion leaves a file alone whose blob has CRLF`() throws {
        let automatic = conversion(["text": .text("auto")])
        let content = Array("a\r\nb\n".utf8)
        #expect(try automatic.toRepository(content) { () throws(GitError) in nil } == Array("a\nb\n".utf8))
        #expect(try automatic.toRepository(content) { () throws(GitError) in Array("x\r\n".utf8) } == content)
        #expect(
            try automatic.toRepository(content) { () throws(GitError) in Array("x\n".utf8) } == Array("a\nb\n".utf8))
        #expect(
            try automatic.toRepository(content) { () throws(GitError) in [0] + Array("\r\n".utf8) }
                == Array("a\nb\n".utf8))
    }

    @Test(arguments: [
        ("a", "a", true), ("a", "b", false), ("*", "a/b", false), ("**", "a/b", true), ("**/b", "b", true),
        ("**/b", "a/c/b", true), ("a/**", "a/b/c", true), ("a/**", "a", false), ("a/**/b", "a/b", true),
        ("a**b", "a/b", false), ("?", "/", false), ("[ab]", "b", true), ("[!ab]", "b", false), ("[^ab]", "c", true),
        ("[a-c]", "b", true), ("[a-c]", "d", false), ("[c-a]", "b", false), ("[]a]", "]", true), ("[a", "a", false),
        ("[[:digit:]x]", "7", true), ("[[:digit:]]", "x", false), ("[[:none:]]", "a", false), ("\\*", "*", true),
        ("\\*", "a", false), ("a\\", "a", false), ("[\\]]", "]", true), ("*.c", "a.c", true), ("*a*b", "xaxb", true),
        ("[!a]b", "/b", false), ("[a-]", "-", true), ("a*", "a", true), ("*?", "", false), ("[[:upper:]]", "A", true),
        ("[[:upper:]]", "a", false), ("[[:space:]]", "\t", true), ("[[:punct:]]", "!", true),
        ("[[:punct:]]", "a", false), ("[[:xdigit:]]", "g", false), ("[[:xdigit:]]", "F", true),
        ("[[:alnum:]]", "_", false), ("[[:cntrl:]]", "\u{7f}", true), ("[[:blank:]]", "\n", false),
        ("[[:graph:]]", " ", false), ("[[:print:]]", " ", true), ("[[:lower:]]", "z", true),
        ("[[:alpha:]]", "Z", true),
    ]) func `a pattern matches as in Git`(pattern: String, text: String, matches: Bool) {
        #expect(GitPattern(pattern.utf8).matches(Array(text.utf8)[...]) == matches)
    }
}
