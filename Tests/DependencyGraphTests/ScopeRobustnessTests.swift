import DependencyGraph
import Foundation
import Model
import TestSupport
import Testing

/// Java, Kotlin, Scala and C# files that are not valid programs, or barely.
@Suite("Languages with scopes survive what is no program")
struct ScopeRobustnessTests {
    private static let extensions = ["java", "kt", "scala", "cs"]

    private func graph(_ files: [String: [UInt8]]) throws -> RepositoryGraph {
        let source = MemorySource(files)
        return try GraphBuilder(workers: 2).build(source.entries, from: source)
    }

    /// Whether the file has an edge to the class `Target` beside it.
    private func finds(_ name: String, _ text: String) throws -> Bool {
        let fileExtension = name.split(separator: ".").last.map(String.init) ?? ""
        let target = "target.\(fileExtension)"
        let graph = try graph([name: Array(text.utf8), target: Array("class Target { }\n".utf8)])
        return graph.edges.contains { graph.files[Int($0.to)].path == target }
    }

    @Test(arguments: [
        ("a.java", "class A { char a = '\"', b = '\\'', c = '{'; Target t; }"),
        ("a.java", "class A { String s = \"\"\"\n \" \\\"\"\" { \"\"\"; Target t; }"),
        ("a.java", "class A { boolean b = x < y && z > 1; Target t; }"),
        ("a.java", "enum A { Target(Target.class); A(Class<?> c) { } }"),
        ("a.kt", "val a = \"${\"${\"}\"}\"}\"\nval b: Target? = null"),
        ("a.kt", "val a = \"\"\"\\\"\"\"\nval b = Target()"),
        ("a.kt", "/* /* */ \" */ val c = '\"'; val b = Target()"),
        ("a.kt", "fun `a \" b`() = 1\nval b = Target()"),
        ("a.scala", "object A { val a = s\"${s\"${'}'}\"}\"; val b = new Target }"),
        ("a.scala", "object A { val a = 'name; val c = '\\''; val b = new Target }"),
        ("a.scala", "object A { val a = \"\"\"\\\"\"\"; val b = new Target }"),
        ("a.cs", "class A { string a = $\"{$@\"{\"}\"}\"\"\"}\"; Target t; }"),
        ("a.cs", "class A { string a = $$\"\"\"{{{ \"}\" }}} \" \"\"\"; Target t; }"),
        ("a.cs", "class A { char c = '\"'; string a = @\"\\\"; Target t; }"),
        ("a.cs", "#if A \"\nclass A { }\n#else it's\nclass A { Target t; }\n#endif"),
    ])
    func `a name after unusual literals is found`(_ name: String, _ text: String) throws {
        #expect(try finds(name, text + "\n"))
    }

    @Test(arguments: [
        ("a.java", "class A<Target> { Target t; }"), ("a.java", "class A { <Target> Target f(Target t) { } }"),
        ("a.java", "class A { String s = \"\"\"\n Target t; \"\"\"; /* Target */ }"),
        ("a.java", "enum A { Target; }"), ("a.java", "class A { void f() { class Target { } Target t; } }"),
        ("a.java", "class A { void Target() { this.Target(); a.Target(); } }"),
        ("a.kt", "class A<Target>(val t: Target)"), ("a.kt", "fun <Target> f(t: Target): Target = t"),
        ("a.kt", "val a = \"\"\" Target() \"\"\""), ("a.kt", "class Target; val t = Target()"),
        ("a.scala", "class A[Target](t: Target)"), ("a.scala", "def f[Target](t: Target): Target = t"),
        ("a.scala", "object A { class Target; new Target }"), ("a.scala", "// Target\nval a = \"Target\""),
        ("a.cs", "class A<Target> { Target t; }"), ("a.cs", "class A { Target F<Target>(Target t) => t; }"),
        ("a.cs", "class A { int Target; void F() { Target = 1; G(Target); new A { Target = 2 }; } }"),
        ("a.cs", "class A { Target<int> t; }"),
    ])
    func `a name with another meaning gives no edge`(_ name: String, _ text: String) throws {
        #expect(try !finds(name, text + "\n"))
    }

    @Test(.timeLimit(.minutes(2)), arguments: Self.extensions)
    func `repetition without end is read in linear time`(_ fileExtension: String) throws {
        let parts = [
            "class A {", "class A<", "class A(", "class A[T](", "namespace A {", "package a {", "package a; ", "{", "}",
            "(", "[", "<", "A<", "A.", "a.", "A<B>.", "\"${", "\"{", "$\"{", "$$\"\"\"{{", "\"\"\"", "'", "new A(",
            "new A() {", "@A(", "@A ", "[A(", "case A(", "import a.A;", "import a.{A, ", "using A;", "using A = B;",
            "extends A ", "interface I : I, ", "object A {", "fun f(", "fun A.f() = ", "val a = ", "val (a, ", "def f(",
            "delegate A ", "enum E { A, ", "for (a <- ", "{ a -> ", "a => ", "partial class A { int a; ", "where T : ",
            "given A with\n", "extension (a: A)\n", "class A:\n ", "/*", "//", "`", "<T extends A<", "? ", ": A",
        ]
        for part in parts {
            // Files with long lines look minified and are not scanned.
            let line = String(repeating: part, count: max(1, 90 / part.utf8.count)) + "\n"
            let text = String(repeating: line, count: 600)
            _ = try graph(["a.\(fileExtension)": Array(text.utf8), "b.\(fileExtension)": Array("class A".utf8)])
        }
    }

    @Test(arguments: Self.extensions)
    func `a cycle of supertypes is searched once`(_ fileExtension: String) throws {
        let colon = fileExtension == "kt" || fileExtension == "cs" ? ":" : "extends"
        var files: [String: [UInt8]] = [:]
        for number in 0..<50 {
            let text = "class A\(number) \(colon) A\((number + 1) % 50) { val x: Missing = Other.y; Missing z; }\n"
            files["a\(number).\(fileExtension)"] = Array(text.utf8)
        }
        #expect(try graph(files).edges.count == 50)
    }

    /// Fixtures with bytes changed, moved and cut at random. The seed makes every run the same.
    @Test(arguments: Self.extensions)
    func `damaged sources are read to their end`(_ fileExtension: String) throws {
        var random = SeededGenerator(seed: 42)
        let sources = try Fixture.sources(ending: "." + fileExtension)
        #expect(!sources.isEmpty)
        let spice = Array("\"'`{}()[]<>$@/*\\.,;:=-?#\n".utf8)
        for round in 0..<40 {
            var files: [String: [UInt8]] = [:]
            for (place, source) in sources.enumerated() {
                var bytes = source
                for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
                    let at = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: bytes[at] = spice[Int.random(in: 0..<spice.count, using: &random)]
                    case 1: bytes.insert(spice[Int.random(in: 0..<spice.count, using: &random)], at: at)
                    case 2: bytes.removeSubrange(at..<min(bytes.count, at + 20))
                    default: bytes.append(contentsOf: bytes[at...].prefix(60))
                    }
                }
                files["\(round)/\(place).\(fileExtension)"] = bytes
            }
            #expect(try graph(files).files.count == files.count)
        }
    }
}

extension Fixture {
    /// The contents of all fixture files with this ending.
    fileprivate static func sources(ending: String) throws -> [[UInt8]] {
        try all.flatMap { fixture in
            try DirectorySource(root: fixture.directory.path).entries().filter { $0.path.hasSuffix(ending) }.map {
                Array(try Data(contentsOf: fixture.directory.appendingPathComponent($0.path)))
            }
        }
    }
}
