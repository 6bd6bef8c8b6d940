import Model

extension TypeScript {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .braces(grammar),
        nameOrder: nil,
        packages: .nearest(["package.json"]),
        toolchains: [
            ToolchainFolder(".bun", parts: ["bin", "install"]), ToolchainFolder(".deno", parts: ["bin"]),
            ToolchainFolder(".fnm"), ToolchainFolder(".nodenv"), ToolchainFolder(".nvm"), ToolchainFolder(".volta"),
        ],
        tests: .script,
        suppressions: SuppressionRules(
            starts: [
                (.types, "@ts-ignore"), (.types, "@ts-expect-error"), (.types, "@ts-nocheck"),
                (.types, "$flowfixme"), (.types, "$flowignore"), (.lint, "eslint-disable"),
                (.lint, "tslint:disable"), (.lint, "biome-ignore"), (.lint, "oxlint-disable"),
                (.lint, "deno-lint-ignore"), (.lint, "jshint ignore"),
            ], words: [(.lint, "nosonar")]),
        hasHashComments: false)

    private static let grammar = BraceGrammar(
        table: TypeScript.plainTable,
        modifiers: [
            "export", "default", "declare", "abstract", "async", "public", "protected", "private", "static",
            "readonly", "override", "get", "set", "accessor",
        ],
        types: ["class", "interface"], containers: ["namespace", "module"],
        others: ["function", "const", "let", "var", "type", "enum"], hasPlainMembers: true, shown: ["export"],
        hidden: ["private"])
}
