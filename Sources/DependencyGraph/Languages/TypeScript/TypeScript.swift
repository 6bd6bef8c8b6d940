import Model

/// TypeScript and JavaScript: edges from the imports that TypeScript's `preProcessFile` finds, resolved as
/// `resolveModuleName` does.
struct TypeScript: Language {
    let name = "typescript"
    let version: UInt16 = 2
    let extensions = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"]
    let fileNames = ["package.json", "tsconfig.json", "jsconfig.json", "lerna.json", "pnpm-workspace.yaml"]
    let interpreters = ["node", "deno", "bun", "ts-node", "tsx"]

    /// Files that are scanned differently.
    enum Role: UInt8 {
        case source = 0
        /// Source in which `<` may open a JSX element.
        case jsx
        case package
        case config
        /// `lerna.json` and `pnpm-workspace.yaml`.
        case workspace
    }

    /// The kinds of facts of a source file. The text is the module's name.
    enum Kind: UInt8 {
        /// `import … from "m"`, `import "m"`, `import("m")`, `require("m")`, `define(["m"])`.
        case `import` = 1
        /// `export … from "m"`.
        case reexport
        /// `/// <reference path="m" />`: the text is a path, with or without `./`.
        case reference
        /// `new URL("m", import.meta.url)`, `<script src="m">`: the text is a path of a file, with or without `./`.
        case url
        /// `import.meta.glob("m")`: the value is the number of the call in the file.
        case glob
    }

    /// The flag of a pattern whose files a `glob` leaves out.
    static let isExcluded: UInt8 = 2
    /// The flag of imports that do not exist at run time.
    static let typeOnly: UInt8 = 1

    /// The words from `return` on only mark that no operand ends there, so that a following slash opens a regular
    /// expression.
    enum Word: UInt8, CaseIterable {
        case `import` = 1
        case export, require, define, declare
        case `return`, `typeof`, `case`, `in`, of, delete, void, `throw`, new, instanceof, `do`, `else`, yield, await,
            `default`
    }

    static let plainTable = LexicalTable(rules)
    static let jsxTable: LexicalTable = {
        var withJSX = rules
        withJSX.forms.insert(.jsx)
        return LexicalTable(withJSX)
    }()

    private static let rules: LexicalRules = {
        var rules = LexicalRules()
        rules.lineComments = ["//"]
        rules.blockComments = [.init("/*", "*/")]
        rules.keptComment = "///"
        rules.strings = [.init("\""), .init("'"), .init("`", spansLines: true, interpolation: "${")]
        rules.identifierExtras = "$"
        rules.forms = [.regex]
        rules.keywords = LexicalRules.words(Word.self)
        return rules
    }()

    let ignoresMinified = true

    func isSource(role: UInt8) -> Bool { role == Role.source.rawValue || role == Role.jsx.rawValue }

    func role(of path: String) -> UInt8 {
        let role: Role =
            if path.hasSuffix(".ts") || path.hasSuffix(".mts") || path.hasSuffix(".cts") {
                .source
            } else if path.hasSuffix("package.json") {
                .package
            } else if path.hasSuffix("lerna.json") || path.hasSuffix(".yaml") {
                .workspace
            } else if path.hasSuffix(".json") {
                .config
            } else {
                .jsx
            }
        return role.rawValue
    }

    func lexicalTable(role: UInt8) -> LexicalTable? {
        switch Role(rawValue: role) {
        case .source: Self.plainTable
        case .jsx: Self.jsxTable
        case .package, .config, .workspace, nil: nil
        }
    }

    func scan(_ source: Source, into facts: inout FactWriter) {
        switch Role(rawValue: source.role) {
        case .source:
            var scanner = TypeScriptScanner(tokens: source.tokens(Self.plainTable))
            scanner.run(into: &facts)
        case .jsx, nil:
            var scanner = TypeScriptScanner(tokens: source.tokens(Self.jsxTable))
            scanner.run(into: &facts)
        case .package, .config, .workspace:
            var reader = TypeScriptProjectReader(source)
            reader.run(into: &facts)
        }
    }

    func link(_ project: Project, into edges: inout EdgeList) {
        let resolver = TypeScriptResolver(project)
        project.resolveEach(into: &edges) { file, facts, list in
            resolver.link(file, facts, into: &list)
        }
    }
}

/// JSON files. All are nodes, and files with TypeScript's compiler options are configurations, whatever their name.
struct JSONFile: Language {
    let name = "json"
    let family = "typescript"
    let version: UInt16 = 1
    let extensions = ["json"]
    let interpreters: [String] = []

    func role(of path: String) -> UInt8 { TypeScript.Role.config.rawValue }

    func scan(_ source: Source, into facts: inout FactWriter) {
        // Configurations are smaller. Data files are often larger.
        guard source.bytes.count < 1 << 16,
            source.bytes.offset(of: "\"compilerOptions\"") != nil || source.bytes.offset(of: "\"extends\"") != nil
        else {
            return
        }
        var reader = TypeScriptProjectReader(source)
        reader.run(into: &facts)
    }

    func link(_ project: Project, into edges: inout EdgeList) {}
}
