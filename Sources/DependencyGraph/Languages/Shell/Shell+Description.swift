import Model

extension Shell {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .notRead,
        nameOrder: nil,
        packages: .ownFolder,
        toolchains: [],
        tests: nil,
        suppressions: SuppressionRules(starts: [(.lint, "shellcheck disable")]),
        hasHashComments: true)
}
