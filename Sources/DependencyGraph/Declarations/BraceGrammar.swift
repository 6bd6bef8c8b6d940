/// How a language with braces declares things, as far as their heads go.
struct BraceGrammar: Sendable {
    let table: LexicalTable
    /// Words before a declaration's keyword.
    var modifiers: Set<String> = []
    /// Words that open a type: what stands in its braces are members.
    var types: Set<String> = []
    /// Words that open braces whose content is looked at and which declare nothing themselves.
    var containers: Set<String> = []
    /// Words before the name of anything else.
    var others: Set<String> = []
    /// A statement may begin on any new line; else only after `;`, `{` or `}`.
    var usesLines = true
    /// `int f(int x)`: a name before a parenthesis declares, without a word of its own.
    var declaresByType = false
    /// Members are declared without a word of their own.
    var hasPlainMembers = false
    /// Modifiers of which one must be there; empty for a language in which all but `hidden` is seen.
    var shown: Set<String> = []
    /// Modifiers that hide a declaration.
    var hidden: Set<String> = []
    /// Names are seen by their first letter.
    var showsCapitals = false

    static func of(_ suffix: String) -> BraceGrammar? { bySuffix[suffix] }

    private static let bySuffix: [String: BraceGrammar] = {
        var all: [String: BraceGrammar] = [:]
        for (suffixes, grammar) in [
            (["go"], go), (["java"], java), (["kt", "kts"], kotlin), (["cs"], cSharp), (["swift"], swift),
            (["rs"], rust), (["ts", "mts", "cts", "tsx", "js", "mjs", "cjs", "jsx"], typeScript),
        ] {
            for suffix in suffixes { all[suffix] = grammar }
        }
        return all
    }()

    private static let go = BraceGrammar(
        table: Go.table, others: ["func", "type", "var", "const"], showsCapitals: true)

    private static let java = BraceGrammar(
        table: Java.table,
        modifiers: [
            "public", "protected", "private", "static", "final", "abstract", "native", "synchronized", "default",
            "sealed", "strictfp", "transient", "volatile",
        ],
        types: ["class", "interface", "enum", "record"], usesLines: false, declaresByType: true, hidden: ["private"])

    private static let cSharp = BraceGrammar(
        table: CSharp.table,
        modifiers: [
            "public", "protected", "private", "internal", "static", "sealed", "abstract", "virtual", "override",
            "readonly", "partial", "async", "extern", "unsafe", "new", "const", "required", "ref",
        ],
        types: ["class", "interface", "enum", "record", "struct"], containers: ["namespace"],
        others: ["delegate", "event"], usesLines: false, declaresByType: true,
        shown: ["public", "protected", "internal"])

    private static let kotlin = BraceGrammar(
        table: Kotlin.table,
        modifiers: [
            "public", "protected", "private", "internal", "open", "abstract", "final", "sealed", "data", "inline",
            "value", "override", "suspend", "operator", "infix", "tailrec", "const", "lateinit", "companion", "inner",
            "annotation", "enum", "expect", "actual", "external",
        ],
        types: ["class", "interface", "object"], others: ["fun", "val", "var", "typealias"], hidden: ["private"])

    private static let swift = BraceGrammar(
        table: Swift.table,
        modifiers: [
            "public", "package", "internal", "private", "fileprivate", "open", "final", "static", "class", "mutating",
            "nonmutating", "override", "required", "convenience", "lazy", "weak", "unowned", "indirect", "nonisolated",
            "isolated", "distributed", "borrowing", "consuming", "dynamic", "prefix", "postfix",
        ],
        types: ["class", "struct", "enum", "protocol", "actor"], containers: ["extension"],
        others: ["func", "var", "let", "typealias", "init", "subscript", "case", "associatedtype"],
        hidden: ["private", "fileprivate"])

    private static let rust = BraceGrammar(
        table: Rust.table, modifiers: ["pub", "async", "unsafe", "extern", "default"],
        types: ["trait"], containers: ["mod", "impl"],
        others: ["fn", "struct", "enum", "type", "static", "const", "union"], shown: ["pub"])

    private static let typeScript = BraceGrammar(
        table: TypeScript.plainTable,
        modifiers: [
            "export", "default", "declare", "abstract", "async", "public", "protected", "private", "static",
            "readonly", "override", "get", "set", "accessor",
        ],
        types: ["class", "interface"], containers: ["namespace", "module"],
        others: ["function", "const", "let", "var", "type", "enum"], hasPlainMembers: true, shown: ["export"],
        hidden: ["private"])
}
