import Model

extension Rust {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .braces(grammar),
        nameOrder: nil,
        packages: .nearest(["Cargo.toml"]),
        toolchains: [
            ToolchainFolder(".cargo", parts: ["bin", "config.toml", "git", "registry"], companions: [".rustup"]),
            ToolchainFolder(".rustup"),
        ],
        tests: .rust,
        suppressions: SuppressionRules(
            attributes: [
                (.compiler, ["#", "[", "allow", "("]), (.compiler, ["#", "!", "[", "allow", "("]),
                (.compiler, ["#", "[", "expect", "("]), (.compiler, ["#", "!", "[", "expect", "("]),
                (.compiler, [",", "allow", "("]),
            ]),
        hasHashComments: false)

    private static let grammar = BraceGrammar(
        table: Rust.table, modifiers: ["pub", "async", "unsafe", "extern", "default"],
        types: ["trait"], containers: ["mod", "impl"],
        others: ["fn", "struct", "enum", "type", "static", "const", "union"], shown: ["pub"])
}
