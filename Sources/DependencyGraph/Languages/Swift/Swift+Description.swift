import Model

extension Swift {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .braces(grammar),
        nameOrder: nil,
        packages: .below(["Sources", "Tests"]),
        toolchains: [ToolchainFolder(".swiftenv"), ToolchainFolder(".swiftly")],
        tests: .swift,
        suppressions: SuppressionRules(
            starts: [(.lint, "swift-format-ignore")], words: [(.lint, "swiftlint:disable")]),
        hasHashComments: false)

    private static let grammar = BraceGrammar(
        table: Swift.table,
        modifiers: [
            "public", "package", "internal", "private", "fileprivate", "open", "final", "static", "class", "mutating",
            "nonmutating", "override", "required", "convenience", "lazy", "weak", "unowned", "indirect", "nonisolated",
            "isolated", "distributed", "borrowing", "consuming", "dynamic", "prefix", "postfix",
        ],
        types: ["class", "struct", "enum", "protocol", "actor"], containers: ["extension"],
        others: ["func", "var", "let", "typealias", "init", "subscript", "case", "associatedtype"],
        hidden: ["private", "fileprivate"])
}
