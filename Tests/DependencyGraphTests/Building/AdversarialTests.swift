import Model
import Testing

@testable import DependencyGraph

@Suite("Hostile files end, and cost no more than their size")
struct AdversarialTests {
    private static let names = [
        "a.py", "a.c", "a.mm", "a.sh", "a.tsx", "a.go", "a.java", "a.kt", "a.scala", "a.swift", "a.rs", "a.cs", "a.rb",
        "a.php", "Makefile", "package.json", "Cargo.toml", "go.mod",
    ]

    /// Repeated to 64 kB: anything that is read again from each byte takes seconds.
    private static let pieces = [
        "(", "{", "[", "<", "/* /*\n", "\"", "'", "`", "\"\"\"\n", "#", "#\"", "r#\"", "R\"x(", "`${", "\"#{", "\"\\(",
        "$\"{", "<<E\n", "<<<E\n", "=begin\n", "/a", "%q(", "<?php ", "\\\n", "a.", "a::", "import (", "import {",
        "use a::{", "class A {", "func f(", "namespace A {", "#if 0\n", "<a b={", "A=$A/x\n", "{\"a\":",
        "include_directories(", "\u{0}", "\u{FEFF}", "\r",
    ]

    @Test(arguments: names)
    func `one piece repeated without end is read in every language`(_ name: String) throws {
        for piece in Self.pieces {
            let bytes = Array(String(repeating: piece, count: 65_536 / piece.utf8.count).utf8)
            let source = MemorySource([name: bytes])
            let graph = try GraphBuilder(workers: 1).build(source.entries, from: source)
            #expect(graph.files.count == 1 && graph.edges.isEmpty)
        }
    }

    @Test(arguments: ["a.swift", "a.rs", "a.kt", "a.scala", "a.c", "a.go"])
    func `a million nested comments`(_ name: String) throws {
        let count = 1_000_000
        let text = String(repeating: "/*", count: count) + String(repeating: "*/", count: count)
        let source = MemorySource(texts: [name: text])
        let graph = try GraphBuilder(workers: 1).build(source.entries, from: source)
        #expect(graph.files[0].bytes == 4 * count)
    }

    @Test func `code behind a million nested comments is read`() throws {
        let count = 1_000_000
        let comments = String(repeating: "/*", count: count) + String(repeating: "*/", count: count)
        let bytes = Array((comments + " let a = 1").utf8)
        let scratch = TokenBuffer()
        let found = bytes.withUnsafeBufferPointer { bytes in
            Source(bytes, role: 0, scratch: scratch).tokens(Swift.table).count
        }
        withExtendedLifetime(scratch) { #expect(found == 4) }
    }

    @Test func `every cut of a program is read to its end`() throws {
        let program = "import a\nfrom b import (c,\n d)\ntext = f\"{x!r:>{y}}\"\nif TYPE_CHECKING:\n    import e\n"
        for count in 0...program.utf8.count {
            let source = MemorySource(["m.py": Array(program.utf8.prefix(count)), "a.py": []])
            let graph = try GraphBuilder(workers: 1).build(source.entries, from: source)
            #expect(graph.edges.count == (count >= 8 ? 1 : 0))
        }
    }
}
