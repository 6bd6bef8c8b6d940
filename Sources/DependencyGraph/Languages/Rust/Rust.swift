import Model

/// Rust: edges of the module tree of each crate from `mod` declarations, and edges to the targets of `use` and paths.
///
/// A `mod` declaration is an edge of kind `import` and `pub use` one of kind `re-export`. All others are of kind
/// `name`. So the `import` edges alone are the module tree.
struct Rust: Language {
    let name = "rust"
    let version: UInt16 = 2
    let extensions = ["rs"]
    let fileNames = ["Cargo.toml"]

    enum Role {
        static let manifest: UInt8 = 1
    }

    /// The kinds of facts of a Rust file. `open` and `close` nest.
    enum Kind: UInt8 {
        /// `mod x;`
        case module = 1
        /// `mod x {`
        case open
        case close
        /// `#[path = "…"]` of the module that follows.
        case path
        /// An item of the module: the text is the name.
        case declare
        /// `macro_rules! x`
        case macro
        /// One path of a `use`: the text is the path, and the value the place of the bound name plus one.
        case use
        /// `extern crate x as y`: like `use`.
        case externCrate
        /// A path of several parts in code or in a type.
        case reference
        /// A name that may come from a glob import: capitalised, called, or a macro.
        case bare
        /// `include!("…")` and the like.
        case include
        /// `[section]` of `Cargo.toml`.
        case section
        /// `key = "value"` in the section before it: the text is the value, and the fact's value the place of the key.
        case setting
    }

    /// Flags of a `use`.
    static let isPublic: UInt8 = 1
    static let isGlob: UInt8 = 2
    /// The flag of a module below `#[macro_use]`.
    static let usesMacros: UInt8 = 1
    /// The flag of `macro_rules!` below `#[macro_export]`.
    static let isExported: UInt8 = 1
    /// The flag of a bare name before `!`.
    static let isMacro: UInt8 = 1

    enum Word: UInt8, CaseIterable {
        case mod = 1
        case use, extern, crate, fn, `struct`, `enum`, union, trait, type, const, `static`, mut, impl, pub, superModule,
            selfValue, selfType, `as`, macroRules, unsafe, async, include, includeStr, includeBytes, `let`, `in`
    }

    static let table: LexicalTable = {
        var rules = LexicalRules()
        rules.lineComments = ["//"]
        rules.blockComments = [.init("/*", "*/", nests: true)]
        rules.strings = [
            .init("\"", spansLines: true), .init("\"", spansLines: true, prefixes: ["b", "c"]),
        ]
        rules.forms = [.lifetimes, .rustRaw]
        rules.keywords = LexicalRules.words(
            Word.self,
            spelled: [
                .superModule: "super", .selfValue: "self", .selfType: "Self", .macroRules: "macro_rules",
                .includeStr: "include_str",
                .includeBytes: "include_bytes",
            ])
        return LexicalTable(rules)
    }()

    func role(of path: String) -> UInt8 { path.hasSuffix("Cargo.toml") ? Role.manifest : 0 }

    func lexicalTable(role: UInt8) -> LexicalTable? { isSource(role: role) ? Self.table : nil }

    func scan(_ source: Source, into facts: inout FactWriter) {
        guard source.role == 0 else {
            CargoManifest.scan(source.bytes, into: &facts)
            return
        }
        var scanner = RustScanner(tokens: source.tokens(Self.table))
        // Swapped and not copied: with a second reference, the first write would copy the writer's arrays.
        swap(&scanner.facts, &facts)
        scanner.run()
        swap(&scanner.facts, &facts)
    }

    func link(_ project: Project, into edges: inout EdgeList) {
        var builder = RustTreeBuilder(project)
        builder.run(into: &edges)
        let modules = builder.modules
        let instances = modules.instances()
        project.resolveEach(into: &edges) { file, facts, list in
            guard let places = instances[file] else { return }
            for place in places {
                RustLinker(project: project, tree: modules, file: file).run(place, facts, into: &list)
            }
        }
    }
}
