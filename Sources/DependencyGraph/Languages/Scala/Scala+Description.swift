import Model

extension Scala {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .notRead,
        nameOrder: .scala,
        packages: .ownFolder,
        toolchains: [ToolchainFolder(".jenv"), ToolchainFolder(".sdkman")],
        tests: .jvm,
        suppressions: .jvm,
        hasHashComments: false)
}
