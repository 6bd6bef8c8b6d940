/// Kotlin: edges to types, top-level functions and properties, and extensions. Linked together with Java.
///
/// Limitations: types without a name in the source, operators that are extensions, and `$name` in strings are not
/// found.
struct Kotlin: Language {
    let name = "kotlin"
    let family = "jvm"
    let version: UInt16 = 1
    let extensions = ["kt", "kts"]

    /// The words before `private` are reserved. The others are keywords in some contexts only.
    enum Word: UInt8, CaseIterable {
        case package = 1
        case `import`, `as`, `class`, interface, object, `fun`, val, `var`, `typealias`, `in`, `is`, when
        case `if`, `else`, `for`, `while`, `do`, `try`, `return`, `throw`, `break`, `continue`
        case this, `super`, null, `true`, `false`
        case `private`, `public`, protected, `internal`, `open`, abstract, final, override, sealed, data, inner, `enum`
        case annotation, value, companion, expect, actual, suspend, inline, infix, `operator`, tailrec, external
        case const, lateinit, vararg, noinline, crossinline, reified, out, constructor, `init`, by, `where`, `catch`
        case finally
        case get, set, field, file, property, receiver, param, setparam, delegate
    }

    static let table: LexicalTable = {
        var rules = LexicalRules()
        rules.lineComments = ["//"]
        rules.blockComments = [.init("/*", "*/", nests: true)]
        rules.strings = [
            .init("\"\"\"", escape: .none, spansLines: true, interpolation: "${"), .init("\"", interpolation: "${"),
            .init("'", kind: .character), .init("`", escape: .none),
        ]
        rules.keywords = LexicalRules.words(Word.self)
        return LexicalTable(rules)
    }()

    func lexicalTable(role: UInt8) -> LexicalTable? { Self.table }

    func scan(_ source: Source, into facts: inout FactWriter) {
        var scanner = KotlinScanner(tokens: source.tokens(Self.table))
        scanner.run(into: &facts)
    }

    /// The first language of the family links the whole family.
    func link(_ project: Project, into edges: inout EdgeList) {}
}
