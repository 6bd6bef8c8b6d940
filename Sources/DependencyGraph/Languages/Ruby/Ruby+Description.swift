import Model

extension Ruby {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .notRead,
        nameOrder: nil,
        packages: .nearest(["*.gemspec"]),
        toolchains: [ToolchainFolder(".gem", parts: ["ruby"]), ToolchainFolder(".rbenv")],
        tests: .ruby,
        suppressions: SuppressionRules(
            starts: [(.types, "typed:false"), (.types, "typed:ignore"), (.types, "steep:ignore")],
            words: [(.lint, "rubocop:disable"), (.lint, "rubocop:todo"), (.lint, "standard:disable")]),
        hasHashComments: true)
}
