import Model

extension Go {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .braces(grammar),
        nameOrder: nil,
        packages: .ownFolder,
        toolchains: [ToolchainFolder(".goenv"), ToolchainFolder("go", parts: ["bin", "pkg"])],
        tests: .go,
        suppressions: SuppressionRules(
            starts: [
                (.lint, "nolint"), (.lint, "lint:ignore"), (.lint, "lint:file-ignore"), (.lint, "nosec"),
                (.lint, "revive:disable"),
            ], words: [(.lint, "#nosec"), (.lint, "# nosec")]),
        hasHashComments: false)

    private static let grammar = BraceGrammar(
        table: Go.table, others: ["func", "type", "var", "const"], showsCapitals: true)
}
