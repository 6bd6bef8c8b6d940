import Foundation
import TestSupport
import Testing

/// `scripts/code-figures --check` over small folders, each with one fault or one thing that looks like a fault.
@Suite struct CodeFiguresTests {
    private func figures(
        _ files: [String: String], arguments: [String] = ["--check"]
    ) throws -> (status: Int32, text: String) {
        let scratch = try ScratchDirectory("figures")
        for (name, text) in files {
            try text.write(toFile: scratch.appending(name), atomically: true, encoding: .utf8)
        }
        let result = try run(
            "\(Project.root)/scripts/code-figures", arguments + ["."], in: scratch.path,
            environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8"],
            input: [])
        return (result.status, result.text + result.errorText)
    }

    private static let three = "struct Mail {\n    func send(_ a: Int, _ b: Int, _ c: [Int: Int]) {}\n}\n"

    @Test func `three unlabelled parameters are a fault where another file calls the function`() throws {
        let (status, text) = try figures(["a.swift": Self.three, "b.swift": "func b(m: Mail) { m.send(1, 2, [:]) }\n"])
        #expect(status == 1)
        #expect(text.contains("a.swift:2: Mail.send(_:_:_:) has 3 unlabelled parameters"), "\(text)")
    }

    @Test(arguments: [
        "func b() { Mail(1, 2, 3) }", "func b() { Mail(1, 2, 3, name: 4) }", "func b() -> Mail { .init(1, 2, 3) }",
        "func b() { Mail.init(1, 2) { 3 } }",
    ])
    func `the calls of an initializer are found`(_ call: String) throws {
        let mail = "struct Mail {\n    init(_ a: Int, _ b: Int, _ c: @escaping () -> Int, name: Int = 0) {}\n}\n"
        let (status, text) = try figures(["a.swift": mail, "b.swift": "\(call)\n"])
        #expect(status == 1 && text.contains("a.swift:2: Mail.init(_:_:_:name:)"), "\(text)")
    }

    @Test(arguments: [
        "func b(m: Mail) { m.send(1, 2) }", "// m.send(1, 2, 3)", "let b = \"m.send(1, 2, 3)\"",
        "func b(m: Mail) { m.send(to: 1, 2, 3) }", "func b(m: Mail) { m.resend(1, 2, 3) }",
        "private func send(_ a: Int, _ b: Int, _ c: Int) {}",
    ])
    func `what is no call from another file is no fault`(_ other: String) throws {
        let own = Self.three + "func own(m: Mail) { m.send(1, 2, [:]) }\n"
        let (status, text) = try figures(["a.swift": own, "b.swift": "\(other)\n"])
        #expect(status == 0, "\(text)")
        #expect(text.contains("0 called from another file"))
    }

    @Test func `labelled parameters and two unlabelled ones are no fault`() throws {
        let function = "func send(_ a: Int, _ b: (Int, Int) -> Void, to c: [Int: Int], d: Int = 1) {}\n"
        let (status, text) = try figures(
            ["a.swift": function, "b.swift": "func b() { send(1, { $0 + $1 }, to: [:], d: 2) }\n"])
        #expect(status == 0, "\(text)")
        #expect(text.contains("0 called from another file, 0 in all"))
    }

    /// A function whose blocks lie one in the other, `levels` deep with its body.
    private func nested(_ levels: Int) -> String {
        let opening = (1..<levels).map { "if a > \($0) {" }
        let closing = Array(repeating: "}", count: levels - 1)
        return (["func f(a: Int) {"] + opening + ["g { $0 }"] + closing + ["}", ""]).joined(separator: "\n")
    }

    @Test func `five levels of nesting are a fault, and four are not`() throws {
        #expect(try figures(["a.swift": nested(4)]).status == 0)
        let (status, text) = try figures(["a.swift": "\n" + nested(5)])
        #expect(status == 1)
        #expect(text.contains("a.swift:2: f(a:) has 5 levels of nesting"), "\(text)")
    }

    @Test func `braces in literals and comments are no nesting`() throws {
        let text = #"""
            func f() {
                let a = "{{{{{{\n", b = #"\{"{{{"#, c = /\/"{{{/  // {{{
                /* {{{ /* {{{ */ {
                */
                let d = """
                    {{{{
                    \(b.map {
                        "{{{"
                    })
                    """
            }
            """#
        let (status, said) = try figures(["a.swift": text + "\n"])
        #expect(status == 0, "\(said)")
        #expect(said.contains("functions: 1, lines: median 11, max 11"), "\(said)")
    }

    private static let plain = String(repeating: "// A comment that is easy to read.\n", count: 95)

    @Test(arguments: [
        "/// Tasks, such as are ready.", "let a = \"the reason is none\"", "// What it is that waits.",
        "let a = \"\"\"\n  Of these, of which none\n  waits.\n  \"\"\"", "// The tasks and those\n// that wait.",
    ])
    func `a hard phrase on one line of a hundred is a fault`(_ phrase: String) throws {
        let (status, text) = try figures(["a.swift": Self.plain, "b.swift": phrase + "\n"])
        #expect(status == 1)
        #expect(text.contains("b.swift:") && text.contains("hard to read: "), "\(text)")
    }

    @Test func `a hard phrase on fewer lines, or in the code, is no fault`() throws {
        let few = try figures(["a.swift": Self.plain + Self.plain, "b.swift": "// What became of it.\n"])
        #expect(few.status == 0 && few.text.contains("hard phrases: 1, on 0.52%"), "\(few.text)")
        #expect(try figures(["a.swift": "func those(that is: Int) {}\n// One line.\n"]).status == 0)
    }

    @Test func `files and functions are counted by their lines`() throws {
        let long = (["func long() {"] + Array(repeating: "    a()", count: 60) + ["}", ""]).joined(separator: "\n")
        let (status, text) = try figures(["a.swift": long, "b.swift": "func b() {}\n"], arguments: [])
        #expect(status == 0)
        #expect(text.contains("files: 2, lines: median 31, max 62, 0 over 300, 0 over 400"), "\(text)")
        #expect(text.contains("functions: 2, lines: median 31, max 62, 1 over 40, 1 over 60"), "\(text)")
    }

    @Test func `a folder without Swift files is an error`() throws {
        #expect(try figures([:]).status == 64)
    }

    @Test func `the sources of this project are within the limits`() throws {
        let result = try run(
            "\(Project.root)/scripts/code-figures", ["--check"], in: Project.root,
            environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8"],
            input: [])
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
    }
}
