package import Model

/// Everything that other parts of the program need to know about a language: the one place to describe a new one.
///
/// No field has a default value, so that each language answers every question.
package struct LanguageDescription: Sendable {
    /// How a language's exported declarations are read from the tokens of a file.
    enum Declarations: Sendable {
        /// The language has braces.
        case braces(BraceGrammar)
        /// The language is Python.
        case indentation
        /// Declarations are not read.
        case notRead
    }

    var declarations: Declarations
    /// The order in which a name is looked up; nil for a language that does not use `ScopeLinker`.
    var nameOrder: NameLookup.Dialect?
    /// How the package of a file is found, for `decompose.unit: package`.
    package var packages: PackageRule
    /// Folders of a home directory that a sandbox shows when `PATH` leads into them.
    package var toolchains: [ToolchainFolder]
    /// The family of test frameworks; nil for a language whose tests are not recognised.
    package var tests: TestDialect?
    package var suppressions: SuppressionRules
    /// Whether `#` starts a comment.
    package var hasHashComments: Bool
}

/// A family of test frameworks with the same shape of tests, assertions and skips.
package enum TestDialect: Sendable {
    case python, script, go, jvm, swift, rust, csharp, ruby, php, c
}

/// The comments and attributes that silence the checkers of a language.
package struct SuppressionRules: Sendable {
    /// The kind of checker that is silenced.
    package enum Group: String, Sendable {
        case lint, types, compiler
    }

    /// What a comment starts with, in lower case, with single blanks and none around colons.
    package var starts: [(group: Group, word: String)] = []
    /// What a comment holds anywhere, in the same form.
    package var words: [(group: Group, word: String)] = []
    /// Consecutive tokens.
    package var attributes: [(group: Group, tokens: [String])] = []

    static let nothing = SuppressionRules()
}
