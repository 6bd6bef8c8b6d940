import Model

extension Java {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .braces(grammar),
        nameOrder: .java,
        packages: .ownFolder,
        toolchains: [ToolchainFolder(".jenv"), ToolchainFolder(".sdkman")],
        tests: .jvm,
        suppressions: .jvm,
        hasHashComments: false)

    private static let grammar = BraceGrammar(
        table: Java.table,
        modifiers: [
            "public", "protected", "private", "static", "final", "abstract", "native", "synchronized", "default",
            "sealed", "strictfp", "transient", "volatile",
        ],
        types: ["class", "interface", "enum", "record"], usesLines: false, declaresByType: true, hidden: ["private"])
}
