import DependencyGraph
import Foundation
import Model
import Testing

/// Files whose literals never end, nest without end or look like something else; each is followed by an import that
/// counts where the language says so.
@Suite("TypeScript, PHP and Ruby survive what is no program")
struct ScriptRobustnessTests {
    /// Every file beside the target imports it on its last line.
    private func importers(_ files: [String: String]) throws -> [String] {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("graph-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        for (name, text) in files {
            try text.write(to: root.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        let source = DirectorySource(root: root.path)
        let graph = try GraphBuilder(workers: 2).build(source.entries(), from: source)
        return graph.edges.map { graph.files[Int($0.from)].path }
    }

    @Test(
        "an import behind odd JavaScript is found",
        arguments: [
            "const a = b / c; const d = '/';", "const r = x => /[/'\"`]/.test(x);", "i++ / 2; '/'",
            "const t = `${`${`${1}`}`}`;", "const t = `a ${ { b: `}` }.b } c`;", "let y = x! / 2, z = '/';",
            "return /'/", "const a = <p>don't `quote` /* this</p>;", "const f = <T,>(x: T) => x < 1;",
            "const f: <T>(x: T) => void = g;", "const f = (a: number) => i++<a;",
            "const a = <A b={<C/>}>{`</A>`} it's</A>;",
            "const a = <><b>'</b></>;", "const a = <A<string> b=\"'\" c='\"'>'</A>;", "const a = cond && <A b>/*</A>;",
        ])
    func found(_ line: String) throws {
        let found = try importers(["a.tsx": line + "\nimport x from \"./target\";\n", "target.ts": ""])
        #expect(found == ["a.tsx"])
    }

    @Test(
        "text that looks like an import is none",
        arguments: [
            ("a.tsx", "const a = <p>import x from \"./target\"</p>;"), ("a.js", "// import \"./target\""),
            ("a.ts", "const a = `${1} import \"./target\"`;"),
            ("a.ts", "a.import(\"./target\"); a.require(\"./target\")"),
            ("a.php", "<?php /* require 'target.ts'; */"), ("a.php", "<?php ?> require 'target.ts';"),
            ("a.php", "<?php $a = <<<X\nrequire 'target.ts';\n  X;"),
            ("a.rb", "x = <<~A + <<~B\n A\nA\nload 'target.ts'\nB"),
            ("a.rb", "=begin\nload 'target.ts'\n=end"), ("a.rb", "%q(\nload 'target.ts'\n)"),
        ])
    func isNone(_ name: String, _ text: String) throws {
        #expect(try importers([name: text + "\n", "target.ts": ""]).isEmpty)
    }

    @Test(
        "endless repetition is read within a minute",
        arguments: ["a.ts", "a.tsx", "a.php", "a.rb", "package.json", "tsconfig.json", "composer.json"])
    func repeated(_ name: String) throws {
        let parts = [
            "`${", "<a>", "<a b={", "<T>(", "/", "/[", "import {", "export {", "import a,", "define([\"a\",", "{", "[",
            "{\"a\":",
            "use A\\{", "class A {", "const A = 1,", "#[", "<<<A\n", "A::", "class A\n", "<<A\n", "%w[", "#{", "\"#{",
            "'",
            "require (", "dirname(", "namespace A;", "autoload :A,", "import type ", "\\A", "declare module \"a\"",
        ]
        // Lines stay short: what looks minified is not scanned at all.
        for part in parts {
            let open = name.hasSuffix(".php") ? "<?php " : ""
            let line = String(repeating: part, count: 100 / part.utf8.count) + "\n"
            let text = open + String(repeating: line, count: 500)
            // On a thread of its own: what never ends must not keep the test from ending. Each takes some hundredths of
            // a second on an idle machine.
            let isRead = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                _ = try? importers([name: text])
                isRead.signal()
            }
            try #require(isRead.wait(timeout: .now() + 60) == .success, "\(part) is not read within 60 s")
        }
    }
}
