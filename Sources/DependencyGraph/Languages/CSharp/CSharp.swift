/// C#: edges to every type that a file names, through namespaces, usings, aliases and inherited nested types.
///
/// A name with type arguments differs from the name without: `Pair<,>` is `Pair`2`. An extension method is found if no
/// type of the project has a member of its name. Limitations: operators, and queries that call methods by pattern, are
/// not found.
struct CSharp: Language {
    let name = "csharp"
    let version: UInt16 = 1
    let extensions = ["cs", "csproj"]

    static let projectRole: UInt8 = 1

    /// The words before `record` are reserved. The others are keywords in some contexts only.
    enum Word: UInt8, CaseIterable {
        case namespace = 1
        case using, `static`, `class`, `struct`, interface, `enum`, delegate, new, `is`, `as`, `case`, `typeof`, sizeof
        case `default`, `catch`, `operator`, `stackalloc`, base, this, `in`, out, ref, params
        case `public`, `private`, protected, `internal`, abstract, sealed, `virtual`, `override`, readonly, const
        case extern, `unsafe`, volatile, `fixed`, event, explicit, implicit
        case void, object, string, bool, byte, sbyte, char, decimal, double, float, int, uint, long, ulong, short
        case ushort
        case `if`, `else`, `for`, foreach, `while`, `do`, `switch`, `return`, `throw`, `try`, finally, lock, goto
        case `break`, `continue`, `true`, `false`, null, checked, unchecked
        case record, partial, `where`, global, nameof, alias, not, and, or, when, with, `async`, await, required, scoped
        case file, yield, get, set, `init`, add, remove, from, select, join, into, orderby, group, `let`, on, equals, by
        case ascending, descending, `var`, dynamic, managed, unmanaged, notnull, nint, nuint
    }

    static let table: LexicalTable = {
        var rules = LexicalRules()
        // Directives are skipped, so that both branches of a condition are read.
        rules.lineComments = ["//", "#"]
        rules.blockComments = [.init("/*", "*/")]
        rules.strings = [
            .init("\""), .init("'", kind: .character), .init("@\"", "\"", escape: .doubled, spansLines: true),
            .init("$\"", "\"", interpolation: "{"),
            .init("$@\"", "\"", escape: .doubled, spansLines: true, interpolation: "{"),
            .init("@$\"", "\"", escape: .doubled, spansLines: true, interpolation: "{"),
        ]
        rules.forms = [.csharpRaw]
        rules.keywords = LexicalRules.words(Word.self)
        return LexicalTable(rules)
    }()

    func role(of path: String) -> UInt8 { path.hasSuffix(".csproj") ? Self.projectRole : 0 }

    func lexicalTable(role: UInt8) -> LexicalTable? { isSource(role: role) ? Self.table : nil }

    func scan(_ source: Source, into facts: inout FactWriter) {
        if source.role == Self.projectRole { return CSharpProjectFile(source.bytes).scan(into: &facts) }
        var scanner = CSharpScanner(tokens: source.tokens(Self.table))
        scanner.run(into: &facts)
    }

    func link(_ project: Project, into edges: inout EdgeList) {
        ScopeLinker(project).run(into: &edges)
    }
}
