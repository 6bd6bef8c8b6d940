import Model

extension CSharp {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .braces(grammar),
        nameOrder: .csharp,
        packages: .nearest(["*.csproj"]),
        toolchains: [ToolchainFolder(".dotnet")],
        tests: .csharp,
        suppressions: SuppressionRules(
            // The scanner reads directives as comments, so they come without their `#`.
            starts: [
                (.compiler, "pragma warning disable"), (.lint, "resharper disable"), (.lint, "nosonar"),
                (.compiler, "nullable disable"),
            ],
            attributes: [
                (.compiler, ["[", "SuppressMessage"]), (.compiler, [",", "SuppressMessage"]),
                (.compiler, ["[", "assembly", ":", "SuppressMessage"]),
                (.compiler, ["[", "UnconditionalSuppressMessage"]),
            ]),
        hasHashComments: false)

    private static let grammar = BraceGrammar(
        table: CSharp.table,
        modifiers: [
            "public", "protected", "private", "internal", "static", "sealed", "abstract", "virtual", "override",
            "readonly", "partial", "async", "extern", "unsafe", "new", "const", "required", "ref",
        ],
        types: ["class", "interface", "enum", "record", "struct"], containers: ["namespace"],
        others: ["delegate", "event"], usesLines: false, declaresByType: true,
        shown: ["public", "protected", "internal"])
}
