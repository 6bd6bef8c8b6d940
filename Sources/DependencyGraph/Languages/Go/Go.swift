import Model

/// Go: package-level names and where they are declared; a package is a directory and a package clause.
struct Go: Language {
    let name = "go"
    let version: UInt16 = 1
    let extensions = ["go"]
    let fileNames = ["go.mod", "go.work"]

    /// What `role(of:)` says of a file that is no source.
    enum Role {
        static let module: UInt8 = 1
        static let workspace: UInt8 = 2
    }

    /// What the facts of a Go file say.
    enum Kind: UInt8 {
        /// `package p`: the text is the name.
        case package = 1
        /// An import: the text is the path, the value the place of the alias plus one, or 0.
        case `import`
        /// A package-level declaration: the text is the name. The value is a `Shape`, and above its two bits the place of
        /// the named type's text for `Shape.named`.
        case declare
        /// The file has a `func init`.
        case initializer
        /// A name that is neither local nor selected from anything.
        case bare
        /// `a.B`, with both names.
        case qualified
        /// `Key:` in a composite literal of a named type, whose text has its place in the value: a field, or a map's key.
        case keyed
        /// `module m` of `go.mod`: the text is the path.
        case module
        /// `replace m => ./dir`: the text is the module's path, the value the place of the directory.
        case replace
    }

    /// Flags of an import.
    static let dotImport: UInt8 = 1
    static let blankImport: UInt8 = 2

    /// What a composite literal's key is, by the type of the literal.
    enum Shape: UInt32 {
        case other = 0
        /// Keys are fields.
        case structure
        /// Keys are expressions.
        case container
        /// As another named type.
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
            // Swapped, not copied: a second reference would make the first write copy the writer's arrays.
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
