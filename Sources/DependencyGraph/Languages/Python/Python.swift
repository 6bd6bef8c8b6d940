import Model

/// Python: edges from `import` and `from … import` at any place.
struct Python: Language {
    let name = "python"
    let version: UInt16 = 4
    let extensions = ["py", "pyi", "pyw"]
    let fileNames = ["pyproject.toml", "setup.cfg"]
    let interpreters = ["python", "pypy"]

    enum Role {
        static let project: UInt8 = 1
    }

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
        /// A module that `pytest_plugins` names.
        case plugin
        /// The file is valid in Python 2 only.
        case python2
        /// A directory that a project file puts on the search path.
        case root
    }

    /// The flag of imports below `if TYPE_CHECKING:`.
    static let typeOnly: UInt8 = 1

    enum Word: UInt8, CaseIterable {
        case `import` = 1
        case from, `if`, elif, importModule, dunderImport, print, except, plugins
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
            Word.self,
            spelled: [.importModule: "import_module", .dunderImport: "__import__", .plugins: "pytest_plugins"])
        return LexicalTable(rules)
    }()

    /// The table for readers of whole files. A scan cuts only the part up to the last import into tokens.
    func lexicalTable(role: UInt8) -> LexicalTable? { isSource(role: role) ? Self.table : nil }

    func role(of path: String) -> UInt8 { path.hasSuffix(".toml") || path.hasSuffix(".cfg") ? Role.project : 0 }

    func scan(_ source: Source, into facts: inout FactWriter) {
        guard source.role == 0 else {
            PythonProjectFile.scan(source.bytes, into: &facts)
            return
        }
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
