import Model

/// Go: edges to the files that declare package-level names. A package is a directory and a package clause.
struct Go: Language {
    let name = "go"
    let version: UInt16 = 1
    let extensions = ["go"]
    let fileNames = ["go.mod", "go.work"]

    /// The roles of files that are not source.
    enum Role {
        static let module: UInt8 = 1
        static let workspace: UInt8 = 2
    }

    /// The kinds of facts of a Go file.
    enum Kind: UInt8 {
        /// `package p`: the text is the name.
        case package = 1
        /// An import: the text is the path, the value the place of the alias plus one, or 0.
        case `import`
        /// A package-level declaration: the text is the name. The low two bits of the value are a `Shape`. For
        /// `Shape.named`, the bits above are the place of the named type's text.
        case declare
        /// The file has a `func init`.
        case initializer
        /// A name that is not local and does not follow a dot.
        case bare
        /// `a.B`, with both names.
        case qualified
        /// `Key:` in a composite literal of a named type: a field or the key of a map. The value is the place of the
        /// type's text.
        case keyed
        /// `module m` of `go.mod`: the text is the path.
        case module
        /// `replace m => ./dir`: the text is the module's path, the value the place of the directory.
        case replace
    }

    /// Flags of an import.
    static let dotImport: UInt8 = 1
    static let blankImport: UInt8 = 2

    /// The meaning of the keys of a composite literal, by its type.
    enum Shape: UInt32 {
        case other = 0
        /// Keys are fields.
        case structure
        /// Keys are expressions.
        case container
        /// The type is another named type.
        case named
    }

    enum Word: UInt8, CaseIterable {
        case `package` = 1
        case `import`, `func`, type, `var`, const, `struct`, interface, map, chan, `if`, `for`, `switch`, select,
            `case`,
            `default`, `else`, go, `defer`, `return`, range, goto, `break`, `continue`, `fallthrough`
    }

    static let table: LexicalTable = {
        var rules = LexicalRules()
        rules.lineComments = ["//"]
        rules.blockComments = [.init("/*", "*/")]
        rules.strings = [
            .init("\""), .init("`", escape: .none, spansLines: true), .init("'", kind: .character),
        ]
        rules.newlines = true
        rules.keywords = LexicalRules.words(Word.self)
        return LexicalTable(rules)
    }()

    func role(of path: String) -> UInt8 {
        if path.hasSuffix("go.mod") { return Role.module }
        return path.hasSuffix("go.work") ? Role.workspace : 0
    }

    func lexicalTable(role: UInt8) -> LexicalTable? { isSource(role: role) ? Self.table : nil }

    func scan(_ source: Source, into facts: inout FactWriter) {
        switch source.role {
        case Role.module, Role.workspace:
            GoModuleFile.scan(source.bytes, into: &facts)
        default:
            var scanner = GoScanner(tokens: source.tokens(Self.table))
            // Swapped and not copied: with a second reference, the first write would copy the writer's arrays.
            swap(&scanner.facts, &facts)
            scanner.run()
            swap(&scanner.facts, &facts)
        }
    }

    func link(_ project: Project, into edges: inout EdgeList) {
        let packages = GoPackages(project)
        project.resolveEach(into: &edges) { file, facts, list in
            GoLinker(project: project, packages: packages, file: file).run(facts, into: &list)
        }
    }
}
