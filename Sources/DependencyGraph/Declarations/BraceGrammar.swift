/// How a language with braces declares things, as far as their heads go.
struct BraceGrammar: Sendable {
    let table: LexicalTable
    /// Words before a declaration's keyword.
    var modifiers: Set<String> = []
    /// Words that open a type: what stands in its braces are members.
    var types: Set<String> = []
    /// Words that open braces whose content is looked at and which declare nothing themselves.
    var containers: Set<String> = []
    /// Words before the name of anything else.
    var others: Set<String> = []
    /// A statement may begin on any new line; else only after `;`, `{` or `}`.
    var usesLines = true
    /// `int f(int x)`: a name before a parenthesis declares, without a word of its own.
    var declaresByType = false
    /// Members are declared without a word of their own.
    var hasPlainMembers = false
    /// Modifiers of which one must be there; empty for a language in which all but `hidden` is seen.
    var shown: Set<String> = []
    /// Modifiers that hide a declaration.
    var hidden: Set<String> = []
    /// Names are seen by their first letter.
    var showsCapitals = false
}
