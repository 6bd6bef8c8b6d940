import Testing

@testable import DependencyGraph

/// The tokens of a text as strings: literals by their contents, with marks for their kinds.
func tokens(_ text: String, _ table: LexicalTable) -> [String] { tokens(Array(text.utf8), table) }

func tokens(_ bytes: [UInt8], _ table: LexicalTable) -> [String] {
    let scratch = TokenBuffer()
    defer { withExtendedLifetime(scratch) {} }
    return bytes.withUnsafeBufferPointer { bytes in
        let tokens = Source(bytes, role: 0, scratch: scratch).tokens(table)
        return (0..<tokens.count).map { index in
            let token = tokens[index]
            switch token.kind {
            case .string, .stringRest: return "\"\(tokens.contents(index).string)\""
            case .character: return "'\(tokens.contents(index).string)'"
            case .regex: return "/\(tokens.contents(index).string)/"
            case .newline: return "⏎"
            case .comment: return "#\(tokens.text(index).string)"
            case .identifier, .number, .punctuation, .none: return tokens.text(index).string
            }
        }
    }
}

@Suite("Bytes fall into the tokens of their language")
struct TokenizerTests {
    private static let cLike: LexicalRules = {
        var rules = LexicalRules()
        rules.lineComments = ["//"]
        rules.blockComments = [.init("/*", "*/")]
        rules.strings = [.init("\""), .init("'", kind: .character)]
        return rules
    }()

    private func table(_ change: (inout LexicalRules) -> Void) -> LexicalTable {
        var rules = Self.cLike
        change(&rules)
        return LexicalTable(rules)
    }

    @Test func `comments yield no token and nest only where the language allows it`() {
        #expect(tokens("a // b \" c\nd /* e // */ f", table { _ in }) == ["a", "d", "f"])
        #expect(tokens("a /* /* */ b */", table { _ in }) == ["a", "b", "*", "/"])
        let nesting = table { $0.blockComments = [.init("/*", "*/", nests: true)] }
        #expect(tokens("a /* /* */ b */ c", nesting) == ["a", "c"])
        #expect(tokens("a /* never closed", table { _ in }) == ["a"])
    }

    @Test func `a literal ends with its quote, its line or its file`() {
        #expect(tokens(#"a "b \" c" d"#, table { _ in }) == ["a", #""b \" c""#, "d"])
        #expect(tokens("a \"b\nc", table { _ in }) == ["a", "\"b\"", "c"])
        #expect(tokens("a \"b\\\nc\" d", table { _ in }) == ["a", "\"b\\\nc\"", "d"])
        #expect(tokens("a \"b\\", table { _ in }) == ["a", "\"b\\\""])
        let doubled = table { $0.strings = [.init("'", escape: .doubled)] }
        #expect(tokens("'it''s' x '", doubled) == ["\"it''s\"", "x", "\"\""])
    }

    @Test func `numbers leave ranges and members alone`() {
        #expect(
            tokens("1.5e3 1..2 0xFF_u8 1.max", table { _ in }) == [
                "1.5e3", "1", ".", ".", "2", "0xFF_u8", "1", ".", "max",
            ])
    }

    @Test func `code inside a literal is read at any depth`() {
        let template = table { $0.strings = [.init("`", spansLines: true, interpolation: "${")] }
        #expect(
            tokens("`a${b}c${ {d: `e${f}g`} }h` i", template) == [
                "\"a\"", "b", "\"c\"", "{", "d", ":", "\"e\"", "f", "\"g\"", "}", "\"h\"", "i",
            ])
        // Without its closing quote, a literal of one line ends with the line, and so does the code in it.
        let line = table { $0.strings = [.init("\"", interpolation: "#{")] }
        #expect(tokens("\"a#{b\nc } d", line) == ["\"a\"", "b", "c", "}", "d"])
    }

    @Test func `deep interpolation is cut off, not followed`() {
        let template = table { $0.strings = [.init("`", spansLines: true, interpolation: "${")] }
        func nested(_ depth: Int) -> String {
            String(repeating: "`a${", count: depth) + "b" + String(repeating: "}c`", count: depth)
        }
        #expect(tokens(nested(40), template).filter { $0 == "b" }.count == 1)
        #expect(tokens(nested(40), template).filter { $0 == "\"c\"" }.count == 40)
        // Any result will do, as long as the scan ends.
        #expect(tokens(nested(100_000), template).count < 1_000_000)
    }

    @Test func `python: prefixes, triple quotes, joined lines`() {
        #expect(tokens("rb'a\\'b' f\"\"\"c\n\"\"\" xr'd'", Python.table) == ["\"a\\'b\"", "\"c\n\"", "xr", "\"d\""])
        #expect(tokens("a \\\n b # c\nd", Python.table) == ["a", "b", "⏎", "d"])
        #expect(tokens("'''a'b''' ''", Python.table) == ["\"a'b\"", "\"\""])
    }

    @Test func `swift: hashes, interpolation, regular expressions`() {
        let table = table { rules in
            rules.strings = []
            rules.blockComments = [.init("/*", "*/", nests: true)]
            rules.forms = [.swiftStrings, .regex]
        }
        #expect(
            tokens(##"a "b\(c("d"))e" #"f\(g)\#(h)"# i"##, table) == [
                "a", "\"b\"", "c", "(", "\"d\"", ")", "\"e\"", "\"f\\(g)\"", "h", "\"\"", "i",
            ])
        #expect(tokens("\"\"\"\n a \" b \"\"\" c", table) == ["\"\n a \" b \"", "c"])
        #expect(tokens("#if a\n#/b\"/# = /c\"/", table) == ["#", "if", "a", "/b\"/", "=", "/c\"/"])
    }

    @Test func `rust: raw strings, raw names, lifetimes`() {
        let table = table { rules in
            rules.strings = [.init("\"", spansLines: true), .init("\"", spansLines: true, prefixes: ["b", "c"])]
            rules.forms = [.lifetimes, .rustRaw]
        }
        #expect(
            tokens(##"r#"a"b"# br"c" r#match 'a 'b' '\'' b"d" '\u{1F600}'"##, table) == [
                "\"a\"b\"", "\"c\"", "match", "'", "'b'", "'\\''", "\"d\"", "'\\u{1F600}'",
            ])
        #expect(tokens("r##\"never", table) == ["\"never\""])
    }

    @Test func `C#: verbatim, raw and interpolated strings`() {
        let table = table { rules in
            rules.strings = [
                .init("\""), .init("@\"", "\"", escape: .doubled, spansLines: true),
                .init("$\"", "\"", interpolation: "{"), .init("'", kind: .character),
            ]
            rules.forms = [.csharpRaw]
        }
        #expect(
            tokens(#"@"a""b\" $"c{d}{{e}}" """f"g""" $$"""h{i}{{j}}k""" l"#, table) == [
                #""a""b\""#, "\"c\"", "d", "\"{{e}}\"", "\"f\"g\"", "\"h{i}\"", "j", "\"k\"", "l",
            ])
    }

    @Test func `here-documents are skipped, and shifts are not here-documents`() {
        #expect(tokens("a <<E b\nc\n E\nE\nd", Shell.table) == ["a", "\"E\"", "b", "⏎", "d"])
        #expect(tokens("a <<-'E'\nc\n\tE\nd", Shell.table) == ["a", "\"E\"", "⏎", "d"])
        #expect(tokens("a <<x\nb\nc", Shell.table) == ["a", "\"x\"", "⏎", "b", "⏎", "c"])
        #expect(tokens("a#b #c\n${#d}", Shell.table) == ["a", "#", "b", "⏎", "$", "{", "#", "d", "}"])
    }

    @Test func `a byte order mark, a hash-bang line and NULs yield no tokens`() {
        #expect(tokens([0xEF, 0xBB, 0xBF, 0x61], Python.table) == ["a"])
        #expect(tokens("#!/usr/bin/env x\na", table { _ in }) == ["a"])
        #expect(tokens([0x61, 0, 0x62], Python.table) == ["a", "b"])
        #expect(tokens([0xFF, 0x61, 0x20, 0xC3], Python.table).count == 2)
        #expect(tokens([], Python.table) == [])
    }
}
