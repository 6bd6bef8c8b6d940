/// Java: edges to every type that a file names, by import, in its own package, inherited or written with its package.
struct Java: Language {
    let name = "java"
    let family = "jvm"
    let version: UInt16 = 1
    let extensions = ["java"]

    /// The words before `module` are reserved. The others are keywords in some contexts only.
    enum Word: UInt8, CaseIterable {
        case package = 1
        case `import`, `static`, `class`, interface, `enum`, extends, implements, new, instanceof, `case`, `throws`
        case `super`, this, `default`, `break`, `continue`, `return`, `throw`, `assert`, `else`
        case `public`, `private`, protected, final, abstract, native, synchronized, transient, volatile, strictfp
        case void, int, long, short, byte, char, float, double, boolean
        case `true`, `false`, null, `if`, `for`, `while`, `do`, `switch`, `try`, `catch`, finally, const, goto
        case module, record, sealed, permits, `var`, yield, requires, exports, opens, uses, provides, with, to, when
        case non
    }

    static let table: LexicalTable = {
        var rules = LexicalRules()
        rules.lineComments = ["//"]
        rules.blockComments = [.init("/*", "*/")]
        rules.strings = [.init("\"\"\"", spansLines: true), .init("\""), .init("'", kind: .character)]
        rules.identifierExtras = "$"
        rules.keywords = LexicalRules.words(Word.self)
        return LexicalTable(rules)
    }()

    func lexicalTable(role: UInt8) -> LexicalTable? { Self.table }

    func scan(_ source: Source, into facts: inout FactWriter) {
        var scanner = JavaScanner(tokens: source.tokens(Self.table))
        scanner.run(into: &facts)
    }

    func link(_ project: Project, into edges: inout EdgeList) { ScopeLinker(project).run(into: &edges) }
}
