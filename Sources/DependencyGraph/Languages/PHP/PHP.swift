import Model

/// PHP: edges to the declarations of classes, functions and constants, as an autoloader would find them, and to
/// included files.
struct PHP: Language {
    let name = "php"
    let version: UInt16 = 1
    let extensions = ["php", "phtml", "inc"]
    let fileNames = ["composer.json"]
    let interpreters = ["php"]

    static let composerRole: UInt8 = 1

    /// The kinds of facts of a PHP file. A fact belongs to the last namespace before it.
    enum Kind: UInt8 {
        /// The text is the namespace, empty for the global one.
        case namespace = 1
        /// `use A\B as C`: the text is the name without a leading backslash, the value the alias.
        case use
        /// A class, function or constant by its short name.
        case declaration
        /// `define("NAME", …)`: the text is a name in the global namespace.
        case global
        /// A name as written. The value is the number of uses.
        case reference
        /// An included path. The value tells the directory it is relative to.
        case include
        /// From `composer.json`: the text is a directory, the value its namespace.
        case root
    }

    /// The kinds of names, in the low bits of a fact's flags. PHP has a separate table for each.
    enum Name: UInt8 {
        case type = 0
        case function
        case constant
    }

    /// The smallest value of `include` that counts directories upwards. It means the file's own directory.
    static let fromDirectory: UInt32 = 2
    /// The value of an `include` after an expression that is known only at run time.
    static let fromUnknown: UInt32 = 1

    enum Word: UInt8, CaseIterable {
        case namespace = 1
        case use, `class`, interface, trait, `enum`, function, const, new, define, `case`, `as`
        case require, requireOnce, include, includeOnce
        case fn, `if`, `else`, elseif, `while`, `for`, foreach, `switch`, `default`, `return`, echo, print, isset, unset
        case empty, array, list, abstract, final, `public`, protected, `private`, `static`, readonly, `var`, global,
            goto
        case `try`, `catch`, finally, `throw`, `break`, `continue`, `do`, instanceof, insteadof, extends, implements
        case clone, yield, from, `self`, parent, `true`, `false`, null, and, or, xor, exit, die, declare, match,
            callable
        case int, float, bool, string, void, iterable, object, mixed, never
    }

    static let table: LexicalTable = {
        var rules = LexicalRules()
        rules.lineComments = ["//", "#"]
        rules.blockComments = [.init("/*", "*/")]
        rules.strings = [
            .init("'", spansLines: true), .init("\"", spansLines: true, interpolation: "{$"),
            .init("`", spansLines: true),
        ]
        rules.identifierExtras = "$"
        rules.forms = [.phpTags, .phpHeredoc]
        rules.keywords = LexicalRules.words(
            Word.self, spelled: [.requireOnce: "require_once", .includeOnce: "include_once"])
        return LexicalTable(rules)
    }()

    func role(of path: String) -> UInt8 { path.hasSuffix("composer.json") ? Self.composerRole : 0 }

    func lexicalTable(role: UInt8) -> LexicalTable? { isSource(role: role) ? Self.table : nil }

    func scan(_ source: Source, into facts: inout FactWriter) {
        if source.role == Self.composerRole {
            Self.readComposer(source, into: &facts)
        } else {
            var scanner = PHPScanner(tokens: source.tokens(Self.table))
            scanner.run(into: &facts)
        }
    }

    /// The directories of `psr-4` and `psr-0`.
    private static func readComposer(_ source: Source, into facts: inout FactWriter) {
        JSONLeaves.each(in: source) { keys, text, line in
            guard keys.count >= 3, keys[0] == "autoload" || keys[0] == "autoload-dev" else { return }
            guard keys[1] == "psr-4" || keys[1] == "psr-0" else { return }
            var namespace = keys[2].replacing("\\\\", with: "\\")
            var directory = text.string
            if keys[1] == "psr-0" {
                // PSR-0 repeats the namespace below the directory.
                directory += "/" + namespace.replacing("\\", with: "/")
            }
            let place = namespace.withUTF8 { facts.place(of: $0) }
            facts.add(kind: Kind.root.rawValue, string: directory, line: line, value: place)
        }
    }

    func link(_ project: Project, into edges: inout EdgeList) {
        let names = PHPNames(project)
        project.resolveEach(into: &edges) { file, facts, list in
            var linker = PHPLinker(project: project, names: names, file: file)
            linker.run(facts, into: &list)
        }
    }
}
