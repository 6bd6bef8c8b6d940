import Foundation
import TestSupport
import Testing

@testable import DependencyGraph

/// Small broken programs, made of the pieces that matter to lexical rules.
struct BrokenPrograms {
    private static let pieces: [[UInt8]] =
        [
            "\"", "\"\"\"", "'", "'''", "`", "\\", "\\\"", "\n", "\r\n", " ", "/*", "*/", "//", "///", "#", "#!", "##",
            "#\"",
            "\"#", "r#\"", "R\"x(", ")x\"", "${", "#{", "\\(", "\\#(", "{", "}", "(", ")", "[", "]", "<", ">", "</",
            "/>", "<<E",
            "<<~E", "<<-'E'", "<<<E", "E", "<?php", "?>", "<?=", "%w[", "%q(", "%", "?", "=begin", "=end", "__END__",
            "/", "/x/",
            "@\"", "$\"", "$$\"\"\"", "{{", "}}", "--", ";", ":", "::", ".", "..", ",", "=", "=>", "->", "!", "&", "|",
            "*", "+",
            "0", "1.5", "0x1F", "1'000", "a", "b1", "_", "import", "from", "class", "package", "use", "mod", "func",
            "type",
            "extends", "namespace", "require", "source", "include", "if", "else", "end", "def", "TYPE_CHECKING", "as",
            "é", "日本",
            "rb", "br", "u8R", "L", "s", "f",
        ].map { Array($0.utf8) } + [[0], [0xFF], [0xC3], [0xEF, 0xBB, 0xBF], [0xE2, 0x80, 0xA8], [0x0C], [0x1B]]

    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func next() -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            if Int.random(in: 0..<16, using: &random) == 0 {
                bytes.append(UInt8.random(in: 0...255, using: &random))
            } else {
                bytes += Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
            }
        }
        return bytes
    }
}

/// `ORCHESTRATE_FUZZ_INPUTS=1000000 swift test -c release -Xswiftc -enable-testing --filter Fuzz` runs a million.
@Suite("No input breaks a scanner")
struct TokenizerFuzzTests {
    private static let inputs =
        ProcessInfo.processInfo.environment["ORCHESTRATE_FUZZ_INPUTS"].flatMap { Int($0) } ?? 2000

    @Test(arguments: Tables.all)
    func `tokens stay in order, inside the file and on their lines`(_ named: Tables) {
        var programs = BrokenPrograms(seed: 1)
        let scratch = TokenBuffer()
        defer { withExtendedLifetime(scratch) {} }
        for _ in 0..<Self.inputs {
            let bytes = programs.next()
            let problem = bytes.withUnsafeBufferPointer { bytes in
                Self.problem(Source(bytes, role: 0, scratch: scratch).tokens(named.table))
            }
            guard let problem else { continue }
            Issue.record(
                "\(named.name): \(problem) in \(bytes) \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            return
        }
    }

    /// The first error in a list of tokens, or nil.
    private static func problem(_ tokens: Tokens) -> String? {
        var end = 0
        var line = 1
        var counted = 0
        for index in 0..<tokens.count {
            let token = tokens[index]
            let start = Int(token.start)
            guard start >= end else { return "token \(index) starts before the one before it ends" }
            guard token.end >= token.start, Int(token.end) <= tokens.bytes.count else {
                return "token \(index) ends outside"
            }
            guard Int(token.head) + Int(token.tail) <= Int(token.end) - start else {
                return "token \(index) has no contents"
            }
            line += tokens.bytes[counted..<start].count { $0 == 0x0A }
            counted = start
            guard Int(token.line) == line else { return "token \(index) is on line \(line), not \(token.line)" }
            end = Int(token.end)
        }
        return nil
    }

    @Test(arguments: LanguageRegistry.all.indices)
    func `facts name lines and texts of the file`(_ language: Int) {
        var programs = BrokenPrograms(seed: 2)
        let scanner = FileScanner()
        for _ in 0..<Self.inputs {
            let bytes = programs.next()
            let lines = bytes.count { $0 == 0x0A } + 1
            let isFine = bytes.withUnsafeBufferPointer { bytes in
                // It owns the facts.
                let arena = Arena()
                return withExtendedLifetime(arena) {
                    guard let facts = scanner.scan(bytes, as: LanguageRegistry.all[language], into: arena) else {
                        return false
                    }
                    return (0..<facts.count).allSatisfy { facts[$0].line <= lines }
                }
            }
            guard !isFine else { continue }
            Issue.record(
                "\(LanguageRegistry.all[language].name): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            return
        }
    }
}
