import Model

/// Ruby: edges to required and autoloaded files, and to the files that define constants, as Zeitwerk would load them.
struct Ruby: Language {
    let name = "ruby"
    let version: UInt16 = 2
    let extensions = ["rb", "rake", "gemspec", "ru"]
    let fileNames = ["Rakefile", "Gemfile"]
    let interpreters = ["ruby"]

    /// The kinds of facts of a Ruby file.
    enum Kind: UInt8 {
        /// `require "a/b"` and `autoload :A, "a/b"`: a path on the load path.
        case require = 1
        /// `require_relative "a"`, and any path that starts with the file's own directory: a path from there.
        case relative
        /// `class A::B` or `module A`: the text is the name as written.
        case open
        /// The end of the class or module opened last.
        case close
        /// `A = …`
        case constant
        /// A constant as written. The value is the number of uses.
        case reference
        /// A directory of the load path, from a gemspec.
        case loadPath
        /// The superclass of the `open` before it, as written.
        case superclass
        /// `include A` and `prepend A` in a class or module.
        case include
        /// A gem that a Gemfile or a gemspec names.
        case gem
    }

    /// The flag of a `close` whose body holds more than other classes and modules.
    static let hasBody: UInt8 = 1
    /// The flag of an `open` that names a superclass.
    static let hasSuperclass: UInt8 = 2

    enum Word: UInt8, CaseIterable {
        case `class` = 1
        case module, end, def, require, requireRelative, requireDependency, load, autoload, requirePaths
        case include, prepend, gem, addDependency, addRuntimeDependency, addDevelopmentDependency
        case `if`, unless, `while`, until, and, or, not, `return`, when, `in`, `case`, then, `else`, elsif, `do`, begin
    }

    static let table: LexicalTable = {
        var rules = LexicalRules()
        rules.lineComments = ["#"]
        rules.strings = [
            .init("'", spansLines: true), .init("\"", spansLines: true, interpolation: "#{"),
            .init("`", spansLines: true, interpolation: "#{"),
        ]
        rules.identifierExtras = "@$"
        rules.newlines = true
        rules.forms = [.regex, .heredoc, .ruby]
        rules.keywords = LexicalRules.words(
            Word.self,
            spelled: [
                .requireRelative: "require_relative", .requireDependency: "require_dependency",
                .requirePaths: "require_paths", .addDependency: "add_dependency",
                .addRuntimeDependency: "add_runtime_dependency",
                .addDevelopmentDependency: "add_development_dependency",
            ])
        return LexicalTable(rules)
    }()

    func lexicalTable(role: UInt8) -> LexicalTable? { isSource(role: role) ? Self.table : nil }

    func scan(_ source: Source, into facts: inout FactWriter) {
        var scanner = RubyScanner(tokens: source.tokens(Self.table))
        scanner.run(into: &facts)
    }

    func link(_ project: Project, into edges: inout EdgeList) {
        let constants = RubyConstants(project)
        let paths = RubyLoadPath(project)
        project.resolveEach(into: &edges) { file, facts, list in
            var linker = RubyLinker(project: project, constants: constants, paths: paths, file: file)
            linker.run(facts, into: &list)
        }
    }
}
