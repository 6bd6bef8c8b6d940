import Model

extension PHP {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .notRead,
        nameOrder: nil,
        packages: .nearest(["composer.json"]),
        toolchains: [],
        tests: .php,
        suppressions: SuppressionRules(
            starts: [(.lint, "noinspection")],
            words: [
                (.lint, "phpcs:ignore"), (.lint, "phpcs:disable"), (.lint, "@codingstandardsignore"),
                (.types, "@phpstan-ignore"), (.types, "@psalm-suppress"), (.types, "@phan-suppress"),
            ]),
        hasHashComments: true)
}
