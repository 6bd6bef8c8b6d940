import Foundation
import Testing

@testable import Model

@Suite struct JSONTests {
    private let value: JSON = [
        "text": "t", "whole": 7, "half": .number(0.5), "yes": true, "none": .null, "list": ["a", "b"],
        "mixed": ["a", 1],
    ]

    @Test func `each accessor gives only values of its type`() {
        #expect(value["text"]?.string == "t" && value["whole"]?.string == nil)
        #expect(value["whole"]?.integer == 7 && value["half"]?.integer == nil && value["text"]?.integer == nil)
        #expect(JSON.number(2).integer == 2)
        #expect(value["whole"]?.number == 7 && value["half"]?.number == 0.5 && value["text"]?.number == nil)
        #expect(value["yes"]?.bool == true && value["whole"]?.bool == nil)
        #expect(value["list"]?.array == ["a", "b"] && value["text"]?.array == nil)
        #expect(value["list"]?.strings == ["a", "b"] && value["mixed"]?.strings == nil)
        #expect(value.object?.count == 7 && value["list"]?.object == nil)
    }

    @Test func `a null and a missing key are both nil`() {
        #expect(value["none"] == nil && value["missing"] == nil && JSON.string("x")["x"] == nil)
    }

    @Test func `every type survives decoding and encoding`() throws {
        let text = #"{"a":[1,2.5,"x",true,false,null,{}],"b":-3}"#
        let read = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
        #expect(read == ["a": [1, .number(2.5), "x", true, false, .null, [:]], "b": -3])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(read), as: UTF8.self) == text)
    }
}

@Suite struct ObjectIDTests {
    private static let hex = "00ff10abcdef0123456789abcdef0123456789af"

    @Test func `an id has 40 hexadecimal digits`() {
        #expect(ObjectID(hex: Self.hex)?.hex == Self.hex)
        #expect(ObjectID(hex: Self.hex.uppercased())?.hex == Self.hex)
        for text in [
            "", String(Self.hex.dropLast()), Self.hex + "0", "g" + Self.hex.dropFirst(), "ä" + Self.hex.dropFirst(2),
        ] {
            #expect(ObjectID(hex: text) == nil, "\(text)")
        }
    }

    @Test func `bytes and digits give the same id`() throws {
        let digits = Array(Self.hex)
        let bytes = try stride(from: 0, to: 40, by: 2).map {
            try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
        }
        let id = bytes.withUnsafeBytes { ObjectID(bytes: $0) }
        #expect(id.hex == Self.hex && id.short == "00ff10abcd")
        let stored = try JSONEncoder().encode([id])
        #expect(try JSONDecoder().decode([ObjectID].self, from: stored) == [id])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([ObjectID].self, from: Data("[\"x\"]".utf8)) }
    }

    @Test func `ids are ordered by their digits`() throws {
        let small = try #require(ObjectID(hex: String(repeating: "0", count: 40)))
        let large = try #require(ObjectID(hex: String(repeating: "f", count: 40)))
        #expect(small < large && !(large < small) && !(small < small))
    }
}

@Suite struct StableHashTests {
    @Test func `hashes are those of FNV-1a with a mark for the end`() {
        #expect(StableHash.add("", to: StableHash.start) == 0xaf64_724c_8602_eb6e)
        #expect(StableHash.add("a", to: StableHash.start) == 0x089b_c907_b544_c769)
        #expect(StableHash.add("c", to: StableHash.add("ab", to: StableHash.start)) == 0x20ba_9b30_25a8_b421)
    }

    @Test func `fractions are the same in every process`() {
        #expect(StableHash.unit("a") == 0.2301698817236535)
        #expect(StableHash.unit("task 1") == 0.7542584296420419)
    }
}

@Suite struct DiagnosticTests {
    @Test(arguments: [
        (0, 0, "f: error: m"), (3, 0, "f:3: error: m"), (3, 4, "f:3:4: error: m"),
    ])
    func `a diagnostic shows its place`(line: Int, column: Int, text: String) {
        #expect(Diagnostic(file: "f", line: line, column: column, message: "m").description == text)
    }

    @Test func `a hint follows on its own line`() {
        let warning = Diagnostic(file: "f", line: 1, column: 2, severity: .warning, message: "m", hint: "h")
        #expect(warning.description == "f:1:2: warning: m\n  hint: h")
    }
}

@Suite struct ByteSetTests {
    @Test func `every byte can be inserted and removed alone`() {
        for byte in UInt8.min...UInt8.max {
            var set = ByteSet()
            set.insert(byte)
            #expect((UInt8.min...UInt8.max).filter(set.contains) == [byte])
            var full = ByteSet(0...255)
            full.remove(byte)
            #expect((UInt8.min...UInt8.max).filter { !full.contains($0) } == [byte])
        }
    }

    @Test func `a range includes both ends`() {
        let set = ByteSet(62...65)
        #expect((UInt8.min...UInt8.max).filter(set.contains) == [62, 63, 64, 65])
    }
}

@Suite struct LongGlobTests {
    /// 65 literal bytes make the pattern span two words of positions.
    private static let long = String(repeating: "x", count: 65)

    @Test(arguments: [
        ("*\(long)?", "\(long)a", true), ("*\(long)?", "yy\(long)a", true), ("*\(long)?", long, false),
        ("*\(long)?", "\(long)a/", false), ("{\(long),b}/[ab]*", "\(long)/ac", true),
        ("{\(long),b}/[ab]*", "b/b", true), ("{\(long),b}/[ab]*", "b/c", false),
        ("{\(long),b}/[ab]*", "b/", false), ("**/\(long)/*.c", "a/b/\(long)/d.c", true),
        ("**/\(long)/*.c", "a/b/\(long)d.c", false), ("{\(long),}*", "", true), ("{\(long),}?", "", false),
    ])
    func `patterns of more than 64 positions match like short ones`(_ pattern: String, _ path: String, _ expected: Bool)
        throws
    {
        #expect(try Glob(pattern).matches(path) == expected)
    }

    @Test func `a pattern may have exactly 2048 positions`() throws {
        #expect(try Glob(String(repeating: "a", count: 2048)).matches(String(repeating: "a", count: 2048)))
        #expect(throws: GlobError.self) { try Glob(String(repeating: "a", count: 2049)) }
    }

    @Test func `braces may be nested 16 deep`() throws {
        let nested = String(repeating: "{", count: 16) + "a" + String(repeating: "}", count: 16)
        #expect(try Glob(nested).matches("a"))
    }

    @Test func `an error names the pattern, the character and what to do`() {
        let error = #expect(throws: GlobError.self) { try Glob("ab[") }
        #expect(error?.description == "glob 'ab[', character 3: '[' has no ']'")
        #expect(error?.hint == "write '\\[' for a bracket in a name")
    }
}

@Suite struct ShellWordTests {
    @Test(arguments: [
        ("", "''"), ("a/b-c_d.e", "a/b-c_d.e"), ("azAZ09", "azAZ09"), ("a b", "'a b'"), ("it's", "'it'\\''s'"),
        ("$x", "'$x'"), ("a=b", "'a=b'"), ("~", "'~'"), ("é", "'é'"), ("{", "'{'"), ("@", "'@'"), ("[", "'['"),
        ("`", "'`'"), (":", "':'"),
    ])
    func `a word is quoted unless it is plain`(_ text: String, _ quoted: String) {
        #expect(ShellWord.quoted(text) == quoted)
    }

    @Test func `a path never looks like an option`() {
        #expect(ShellWord.quoted(path: "-a") == "./-a")
        #expect(ShellWord.quoted(path: "a-") == "a-")
        #expect(ShellWord.quoted(path: "- b") == "'./- b'")
    }
}

@Suite struct PlaceholderTests {
    @Test func `every placeholder has its own value`() throws {
        let command = "{task} {job} {prompt} {affected_tests} {session} {diff} {files}"
        let expanded = try CommandTemplate(command).expand(
            files: ["f", "g"], task: TaskID("t"), job: "/j", prompt: "/p", tests: ["x", "y"], session: "s", diff: "/d")
        #expect(expanded == ["t /j /p x y s /d f g"])
    }

    @Test(arguments: [CommandTemplate.Placeholder.job, .prompt, .session, .diff])
    func `a placeholder without a value is an error`(placeholder: CommandTemplate.Placeholder) throws {
        let command = "x {\(placeholder.rawValue)}"
        #expect(throws: CommandExpansionError.missing(placeholder, command: command)) {
            try CommandTemplate(command).expand(files: ["f"], task: TaskID("t"))
        }
    }

    @Test func `a command that starts a conversation has no session and no diff`() {
        #expect(
            Set(CommandTemplate.Placeholder.ofWorkers) == [.file, .files, .task, .job, .prompt, .affectedTests])
    }

    @Test func `errors say where and what to do`() {
        let error = #expect(throws: CommandTemplateError.self) { try CommandTemplate("x '{file}' {fiel}") }
        let text = error?.description ?? ""
        #expect(text.hasPrefix("command, character 4: {file} is inside quotes (it is quoted automatically"))
        #expect(
            text.contains("\ncommand, character 12: unknown placeholder {fiel} (known placeholders: {file} {files} "))
        #expect(text.hasSuffix("write {{fiel}} to pass {fiel} to the shell)"))
    }
}
