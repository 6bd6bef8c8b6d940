import Model
import Testing

@testable import DependencyGraph

/// Scanned files of languages with scopes, without a repository.
private struct ScopedFiles {
    let project: Project
    let index: ScopeIndex
    private let paths: [String]

    init(_ texts: [String: String]) {
        paths = texts.keys.sorted()
        let arena = Arena()
        let scanner = FileScanner()
        var places: [UnsafeRawPointer] = []
        for path in paths {
            let bytes = Array((texts[path] ?? "").utf8)
            bytes.withUnsafeBufferPointer { bytes in
                let facts = scanner.scan(
                    bytes, size: bytes.count, LanguageRegistry.detect(path: path), into: arena)
                if let start = facts.baseAddress { places.append(start) }
            }
        }
        let commit = Commit(
            tree: PathTree(paths: paths), paths: paths, roles: [UInt8](repeating: 0, count: paths.count),
            store: FactStore(places: places, arenas: [arena], cache: nil))
        project = Project(commit, files: paths.indices.map { Int32($0) })
        index = ScopeIndex(project)
    }

    private func place(_ path: String) throws -> Int { try #require(paths.firstIndex(of: path)) }

    /// The files that declare what a name means in the first package clause of a file.
    func meaning(of name: String, in path: String) throws -> [String] {
        let place = try place(path)
        var names = NameLookup(index: index, place: place)
        names.readImports(project.facts(project.files[place])) { _, _ in }
        var nodes: [NameTree.Node] = []
        var name = name
        name.withUTF8 { names.resolve($0, scope: 1, flags: 0) { node, _ in nodes.append(node) } }
        return nodes.flatMap { index.tree.declarations(of: $0).map { paths[Int($0.file)] } }.sorted()
    }

    /// The files that declare what the imports of a file name.
    func imported(by path: String) throws -> [String] {
        let place = try place(path)
        var names = NameLookup(index: index, place: place)
        var found: [String] = []
        names.readImports(project.facts(project.files[place])) { node, _ in
            found += index.tree.declarations(of: node).map { paths[Int($0.file)] }
        }
        return found.sorted()
    }

    /// The files that a reference in a file needs.
    func chosen(_ name: String, in path: String) throws -> [String] {
        let place = try place(path)
        var names = NameLookup(index: index, place: place)
        names.readImports(project.facts(project.files[place])) { _, _ in }
        let choice = DeclarationChoice(index: index, file: Int32(place), dialect: names.dialect)
        var found: Set<String> = []
        var name = name
        name.withUTF8 {
            names.resolve($0, scope: 1, flags: 0) { node, flags in
                choice.files(of: node, flags: flags) { found.insert(paths[Int($0)]) }
            }
        }
        return found.sorted()
    }
}

@Suite struct NameLookupTests {
    @Test func `an import by name comes before the own package, and that before a whole package`() throws {
        let files = ScopedFiles([
            "a/X.java": "package a; class X {}", "b/X.java": "package b; class X {}",
            "c/X.java": "package c; class X {}",
            "a/One.java": "package a; import b.X; import c.*; class One {}",
            "a/Two.java": "package a; import c.*; class Two {}",
            "d/Three.java": "package d; import c.*; class Three {}",
            "d/Four.java": "package d; class Four {}",
        ])
        #expect(try files.meaning(of: "X", in: "a/One.java") == ["b/X.java"])
        #expect(try files.meaning(of: "X", in: "a/Two.java") == ["a/X.java"])
        #expect(try files.meaning(of: "X", in: "d/Three.java") == ["c/X.java"])
        #expect(try files.meaning(of: "X", in: "d/Four.java") == [])
        #expect(try files.meaning(of: "b.X", in: "d/Four.java") == ["b/X.java"])
    }

    @Test func `a segment of a package is not a property of the same name`() throws {
        let files = ScopedFiles([
            "net/Text.kt": "package a.net\nval String.pool: Int get() = 1\n",
            "net/pool/Real.kt": "package a.net.pool\nclass Real\n",
            "app/Path.kt": "package a.app\nimport a.net.pool.Real\n",
            "app/Whole.kt": "package a.app\nimport a.net.pool.*\n",
            "app/Property.kt": "package a.app\nimport a.net.pool\n",
        ])
        #expect(try files.imported(by: "app/Path.kt") == ["net/pool/Real.kt"])
        #expect(try files.imported(by: "app/Whole.kt") == [])
        #expect(try files.imported(by: "app/Property.kt") == ["net/Text.kt"])
    }

    @Test func `a namespace sees the members of the namespaces around it`() throws {
        let files = ScopedFiles([
            "a.cs": "namespace A { class Outer {} }", "b.cs": "namespace A.B { class Inner {} }",
            "c.cs": "namespace C { class Other {} }",
        ])
        #expect(try files.meaning(of: "Outer", in: "b.cs") == ["a.cs"])
        #expect(try files.meaning(of: "Outer", in: "c.cs") == [])
    }
}

@Suite struct DeclarationChoiceTests {
    @Test func `of several declarations, the nearest is meant, and with equal distance the first path`() throws {
        let near = ScopedFiles([
            "one/src/p/T.java": "package p; class T {}", "two/src/p/T.java": "package p; class T {}",
            "two/src/p/Use.java": "package p; class Use {}",
        ])
        #expect(try near.chosen("T", in: "two/src/p/Use.java") == ["two/src/p/T.java"])
        let level = ScopedFiles([
            "x/p/T.java": "package p; class T {}", "y/p/T.java": "package p; class T {}",
            "z/p/Use.java": "package p; class Use {}",
        ])
        #expect(try level.chosen("T", in: "z/p/Use.java") == ["x/p/T.java"])
    }

    @Test func `a private declaration is visible in its own file only`() throws {
        let files = ScopedFiles([
            "p/A.kt": "package p\nprivate class Secret\nclass Open\n", "p/B.kt": "package p\nclass B\n",
        ])
        #expect(try files.chosen("Secret", in: "p/B.kt") == [])
        #expect(try files.chosen("Secret", in: "p/A.kt") == ["p/A.kt"])
        #expect(try files.chosen("Open", in: "p/B.kt") == ["p/A.kt"])
    }

    @Test func `common code does not see the declarations of a platform`() throws {
        let files = ScopedFiles([
            "l/src/commonMain/p/Use.kt": "package p\nclass Use\n", "l/src/commonMain/p/T.kt": "package p\nclass T\n",
            "l/src/jvmMain/p/T.kt": "package p\nclass T\nclass Only\n", "l/src/jvmMain/p/J.kt": "package p\nclass J\n",
        ])
        #expect(try files.chosen("T", in: "l/src/commonMain/p/Use.kt") == ["l/src/commonMain/p/T.kt"])
        #expect(try files.chosen("Only", in: "l/src/commonMain/p/Use.kt") == [])
        #expect(try files.chosen("T", in: "l/src/jvmMain/p/J.kt") == ["l/src/jvmMain/p/T.kt"])
    }

    @Test func `all parts of a partial type are meant`() throws {
        let part = "namespace N { public partial class P {} }"
        let files = ScopedFiles(["a.cs": part, "b.cs": part, "use.cs": "namespace N { class Use {} }"])
        #expect(try files.chosen("P", in: "use.cs") == ["a.cs", "b.cs"])
    }
}
