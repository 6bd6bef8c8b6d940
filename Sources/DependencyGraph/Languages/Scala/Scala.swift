/// Scala 2 and 3: edges to types, objects, and members of packages. Linked together with Java.
///
/// Limitations: implicits and givens without a name in the source, members of implicit classes, and `$name` in strings
/// are not found.
struct Scala: Language {
    let name = "scala"
    let family = "jvm"
    let version: UInt16 = 1
    let extensions = ["scala", "sc"]

    /// The words before `extension` are reserved. The others are keywords in some contexts only.
    enum Word: UInt8, CaseIterable {
        case package = 1
        case `import`, export, `class`, object, trait, `enum`, given, def, val, `var`, type, extends, with, new, `case`
        case `private`, protected, abstract, final, sealed, `implicit`, `lazy`, override
        case `if`, then, `else`, match, `while`, `do`, `for`, yield, `try`, `catch`, finally, `return`, `throw`
        case this, `super`, null, `true`, `false`, macro, forSome
        case `extension`, inline, opaque, `open`, infix, transparent, derives, using, end, `as`
    }

    static let table: LexicalTable = {
        var rules = LexicalRules()
        rules.lineComments = ["//"]
        rules.blockComments = [.init("/*", "*/", nests: true)]
        rules.strings = [
            .init("\"\"\"", escape: .none, spansLines: true), .init("\""),
            .init("\"\"\"", escape: .none, spansLines: true, interpolation: "${", prefixes: ["*"]),
            .init("\"", interpolation: "${", prefixes: ["*"]), .init("`", escape: .none),
        ]
        rules.forms = [.lifetimes]
        rules.identifierExtras = "$"
        rules.keywords = LexicalRules.words(Word.self)
        return LexicalTable(rules)
    }()

    func lexicalTable(role: UInt8) -> LexicalTable? { Self.table }

    func scan(_ source: Source, into facts: inout FactWriter) {
        var scanner = ScalaScanner(tokens: source.tokens(Self.table))
        scanner.run(into: &facts)
    }

    /// The first language of the family links the whole family.
    func link(_ project: Project, into edges: inout EdgeList) {}
}
