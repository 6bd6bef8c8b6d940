import Model

extension JSONFile {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .notRead, nameOrder: nil, packages: .ownFolder, toolchains: [], tests: nil,
        suppressions: .nothing, hasHashComments: false)
}
