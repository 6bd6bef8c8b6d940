/// The syntax of declarations, up to their bodies, in a language with braces.
struct BraceGrammar: Sendable {
    let table: LexicalTable
    /// Words before a declaration's keyword.
    var modifiers: Set<String> = []
    /// Words that open a type, whose braces hold members.
    var types: Set<String> = []
    /// Words that declare nothing themselves, but whose braces hold declarations.
    var containers: Set<String> = []
    /// Words before the name of any other declaration.
    var others: Set<String> = []
    /// Whether a statement may begin on any new line, and not only after `;`, `{` or `}`.
    var usesLines = true
    /// Whether a name before a parenthesis is a declaration without a keyword, as in `int f(int x)`.
    var declaresByType = false
    /// Whether members are declared without a keyword.
    var hasPlainMembers = false
    /// Modifiers that export a declaration. Empty for a language that exports everything without a `hidden` modifier.
    var shown: Set<String> = []
    /// Modifiers that hide a declaration.
    var hidden: Set<String> = []
    /// Whether a capital first letter exports a name.
    var showsCapitals = false
}
