import Model

extension C {
    var description: LanguageDescription { name == Self.assembly.name ? Self.describedAssembly : Self.described }

    private static let described = LanguageDescription(
        declarations: .notRead,
        nameOrder: nil,
        packages: .ownFolder,
        toolchains: [],
        tests: .c,
        suppressions: SuppressionRules(
            words: [(.lint, "nolint"), (.lint, "cppcheck-suppress"), (.lint, "codechecker_suppress")],
            attributes: [
                (.compiler, ["#", "pragma", "GCC", "diagnostic", "ignored"]),
                (.compiler, ["#", "pragma", "clang", "diagnostic", "ignored"]),
                (.compiler, ["#", "pragma", "warning", "(", "disable"]),
            ]),
        hasHashComments: false)

    private static let describedAssembly = LanguageDescription(
        declarations: .notRead, nameOrder: nil, packages: .ownFolder, toolchains: [], tests: nil,
        suppressions: .nothing, hasHashComments: false)
}
