import DependencyGraph
import Foundation
import Model
import Testing

/// Files that nest or repeat without end, and declarations in cycles.
@Suite("Go, Rust and Swift survive what is no program")
struct NameRobustnessTests {
    private func edges(_ files: [String: String]) throws -> [String] {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("graph-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (name, text) in files {
            let file = root.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let source = DirectorySource(root: root.path)
        let graph = try GraphBuilder(workers: 2).build(source.entries(), from: source)
        return graph.edges.map { "\(graph.files[Int($0.from)].path) \(graph.files[Int($0.to)].path)" }
    }

    /// Each file ends with a use that must still be found.
    @Test(arguments: [
        ("a.go", "package p\n", "\nvar last = target\n", "t.go", "package p\nvar target = 1\n"),
        ("src/lib.rs", "mod t;\n", "\nuse t::X;\n", "src/t.rs", "pub struct X;\n"),
        ("a.swift", "", "\nvar last: Target\n", "t.swift", "struct Target {}\n"),
    ])
    func `a use after repetition is found`(
        _ name: String, _ head: String, _ tail: String, _ other: String, _ text: String
    ) throws {
        for (open, close) in [("{", "}"), ("(", ")"), ("[", "]"), ("func(", ")"), ("a{b:", "}"), ("if x {", "}")] {
            let count = 3000
            let body = lines(open, count) + lines(close, count)
            #expect(try edges([name: head + body + tail, other: text]).contains("\(name) \(other)"), "\(open)")
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["a.go", "a.rs", "a.swift"] + projectFiles)
    func `repetition without end is read in linear time`(_ name: String) throws {
        let parts = [
            "{", "(", "[", "<", "}", ")", "]", ">", "func(", "func f(", "func (", "f(", "F(", "a{", "a{b:", "[]T{",
            "x, ",
            "x := ", "type T[", "type T struct {", "var (", "if x {", "else {", "case ", "import (", "mod a {",
            "mod a;",
            "use a::{", "use a::*;", "a::", "::", "#[path = \"a.rs\"] ", "#[", "macro_rules! a {", "extern \"C\" {",
            "fn a<T: ", "impl A {", "A.", "A<", "A<A>.", "class A<T>: ", "extension A {", "enum A { case ", "#if a\n",
            "#else\n", "#endif\n", "#if a\n{", "let (", "for (", "{ (a, ", "{ [a, ", "{ a, ", "@A ", "await f(", "\\(",
            "\"\\(", "typealias A = A.", "operator ", "func +(", "f(a: ", ".target(name: \"a\", ", "[a]\n", "a = {\n",
            "replace a => ./\n", "r#\"", "'",
        ]
        for part in parts { _ = try edges([name: lines(part, 20_000 / part.utf8.count)]) }
    }

    private static let projectFiles = ["go.mod", "go.work", "Cargo.toml", "Package.swift"]

    /// Lines stay short, because minified files are not scanned.
    private func lines(_ part: String, _ count: Int) -> String {
        var text = ""
        for index in 0..<count {
            text += part
            if index % 20 == 19 { text += "\n" }
        }
        return text + "\n"
    }

    @Test func `a cycle of glob imports ends`() throws {
        let names = (0..<20).map { "m\($0)" }
        var files = ["src/lib.rs": names.map { "mod \($0);\n" }.joined() + "use m0::Missing;\n"]
        for name in names {
            files["src/\(name).rs"] = names.map { "pub use crate::\($0)::*;\n" }.joined() + "fn f() { Missing(); }\n"
        }
        let found = try edges(files)
        #expect(found.contains("src/lib.rs src/m19.rs"))
        #expect(found.contains("src/m3.rs src/m4.rs"))
    }

    @Test func `a cycle of modules ends`() throws {
        let found = try edges([
            "src/lib.rs": "mod a;", "src/a.rs": "#[path = \"lib.rs\"] mod lib; #[path = \"a.rs\"] mod a;",
        ])
        #expect(found == ["src/a.rs src/lib.rs", "src/lib.rs src/a.rs"])
    }

    @Test func `a cycle of type aliases ends`() throws {
        let found = try edges([
            "Sources/A/a.swift": "typealias A = B.C\nextension A { typealias C = A.C }\nprotocol P: Q {}\n",
            "Sources/A/b.swift": "typealias B = A.C\nprotocol Q: P { func f(_ a: A.C.D.E) -> Nowhere }\n",
            "go.mod": "module m\n", "x.go": "package m\ntype X Y\nvar x = X{Z: 1}\n",
            "y.go": "package m\ntype Y X\nconst Z = 1\n",
        ])
        #expect(found.contains("Sources/A/a.swift Sources/A/b.swift"))
        #expect(found.contains("x.go y.go"))
    }

    @Test func `a path that leaves the repository leads nowhere`() throws {
        let found = try edges([
            "go.mod": "module m\nreplace n => ../../..\n", "a.go": "package m\nimport \"n/x\"\nvar a = x.B\n",
            "Cargo.toml":
                "[package]\nname = \"a\"\n[lib]\npath = \"../../lib.rs\"\n[dependencies]\nb = { path = \"/b\" }\n",
            "src/lib.rs": "#[path = \"../../../x.rs\"] mod x; use super::super::y; use b::c;",
            "Package.swift": "let p = Package(targets: [.target(name: \"A\", path: \"../../..\")])",
        ])
        #expect(found.isEmpty)
    }
}
