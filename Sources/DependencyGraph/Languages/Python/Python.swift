import Model

/// Python: edges from `import` and `from … import` at any place.
struct Python: Language {
    let name = "python"
    let version: UInt16 = 3
    let extensions = ["py", "pyi", "pyw"]
    let interpreters = ["python", "pypy"]

    /// The kinds of facts of a Python file.
    enum Kind: UInt8 {
        /// `import a.b`: the text is the module.
        case module = 1
        /// `from ..m import`: the text is the module, which may be empty, and the value counts the dots before it.
        case from
        /// A name that the `from` before it imports.
        case name
        /// `importlib.import_module("a.b")` with a literal.
        case dynamic
        /// The file is valid in Python 2 only.
        case python2
    }

    /// The flag of imports below `if TYPE_CHECKING:`.
    static let typeOnly: UInt8 = 1

    enum Word: UInt8, CaseIterable {
        case `import` = 1
        case from, `if`, elif, importModule, dunderImport, print, except
    }

    static let table: LexicalTable = {
        var rules = LexicalRules()
        rules.lineComments = ["#"]
        let letters = ["r", "u", "b", "f", "t", "br", "rb", "fr", "rf", "tr", "rt"]
        // Each letter may be upper or lower case.
        let prefixes =
            letters + letters.map { $0.uppercased() }
            + ["Rb", "rB", "Br", "bR", "Fr", "fR", "Rf", "rF", "Tr", "tR", "Rt", "rT"]
        for quote in ["\"\"\"", "'''", "\"", "'"] {
            let spansLines = quote.utf8.count == 3
            rules.strings.append(.init(quote, spansLines: spansLines))
            rules.strings.append(.init(quote, spansLines: spansLines, prefixes: prefixes))
        }
        rules.newlines = true
        rules.forms = [.splices]
        rules.keywords = LexicalRules.words(
            Word.self, spelled: [.importModule: "import_module", .dunderImport: "__import__"])
        return LexicalTable(rules)
    }()

    /// The table for readers of whole files. A scan cuts only the part up to the last import into tokens.
    func lexicalTable(role: UInt8) -> LexicalTable? { Self.table }

    func scan(_ source: Source, into facts: inout FactWriter) {
        let limit = PythonExtent(source.bytes).end
        var scanner = PythonScanner(tokens: source.tokens(Self.table, limit: limit))
        scanner.run(into: &facts)
        if scanner.isCut, limit < source.bytes.count {
            facts.removeAll()
            scanner = PythonScanner(tokens: source.tokens(Self.table))
            scanner.run(into: &facts)
        }
    }

    func link(_ project: Project, into edges: inout EdgeList) {
        let linker = PythonLinker(project, PythonModules(project))
        project.resolveEach(into: &edges, state: linker) { file, facts, linker, list in
            linker.run(file, facts, into: &list)
        }
    }
}
