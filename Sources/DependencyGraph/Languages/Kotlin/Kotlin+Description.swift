import Model

extension Kotlin {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .braces(grammar),
        nameOrder: .kotlin,
        packages: .ownFolder,
        toolchains: [ToolchainFolder(".jenv"), ToolchainFolder(".sdkman")],
        tests: .jvm,
        suppressions: .jvm,
        hasHashComments: false)

    private static let grammar = BraceGrammar(
        table: Kotlin.table,
        modifiers: [
            "public", "protected", "private", "internal", "open", "abstract", "final", "sealed", "data", "inline",
            "value", "override", "suspend", "operator", "infix", "tailrec", "const", "lateinit", "companion", "inner",
            "annotation", "enum", "expect", "actual", "external",
        ],
        types: ["class", "interface", "object"], others: ["fun", "val", "var", "typealias"], hidden: ["private"])
}
