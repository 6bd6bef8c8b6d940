import Model

/// Swift: edges to the files that declare types, free functions, globals, operators and macros.
///
/// A module is the directory of a target, as in `Package.swift` or by convention. Files of a module see each other's
/// names without an import, so only names lead from file to file. An edge inside a module has the kind `name`, and one
/// to another module `import`.
struct Swift: Language {
    let name = "swift"
    let version: UInt16 = 1
    let extensions = ["swift"]
    let fileNames = ["Package.swift"]
    let interpreters = ["swift"]

    enum Role {
        static let manifest: UInt8 = 1
    }

    /// The kinds of facts of a Swift file. `open` and `close` nest.
    enum Kind: UInt8 {
        /// `import M`: the text is the module.
        case `import` = 1
        /// A type or an extension: the text is the name as written. Only an extension's name may have dots.
        case open
        case close
        /// A supertype or protocol of the last opened type.
        case inherits
        /// `typealias X = A.B`: the text is the name, the value the place of the type's text plus one, or 0.
        case alias
        /// A function, variable, case or macro inside a type.
        case member
        /// A free function, operator or macro: the value is the place of its labels plus one, or 0.
        case function
        /// A variable at the top of the file.
        case global
        /// `A.B.C`: a capitalised name with the capitalised names after its dots.
        case type
        /// A lower-case name with arguments: the text is the name, `(` and the labels of the arguments.
        case call
        /// A capitalised name with arguments, as a call. The same name is a `type` too.
        case capitalCall
        /// Any other lower-case name.
        case value
        /// An operator that the standard library does not define, judged by its characters.
        case `operator`
        /// `#name`
        case macro
        /// `.target(name: "M", path: "…")` of a manifest: the text is the name, the value the place of the path plus one.
        case target
    }

    /// Flags of declarations: their access level.
    static let isPrivate: UInt8 = 1
    static let isPublic: UInt8 = 2
    /// Flags of `open`.
    static let isExtension: UInt8 = 4
    /// The flag of an `alias` that is an associated type.
    static let isAssociated: UInt8 = 8
    /// The flag of an `alias` that is a generic parameter.
    static let isGeneric: UInt8 = 32
    /// The flag of an `async` function, and of a call that waits for one.
    static let isAsync: UInt8 = 16
    /// Flags of imports.
    static let isExported: UInt8 = 1
    static let isTestable: UInt8 = 2

    enum Word: UInt8, CaseIterable {
        case importWord = 1
        case structWord, classWord, enumWord, protocolWord, actor, extensionWord, funcWord, initWord, deinitWord,
            subscriptWord, varWord, letWord, typealiasWord, associatedtypeWord, caseWord, macro, operatorWord,
            precedencegroupWord, forWord, whereWord, inWord, publicWord, package, openWord, privateWord,
            fileprivateWord,
            selfWord, selfType, superWord, ifWord, elseWord, elseifWord, endif, guardWord, whileWord, repeatWord,
            switchWord, defaultWord, returnWord, throwWord, tryWord, await, doWord, catchWord, deferWord, breakWord,
            continueWord, fallthroughWord, asWord, isWord, anyWord, trueWord, falseWord, nilWord, inoutWord,
            staticWord, mutating, nonmutating, throwsWord, rethrowsWord, async, some, any, internalWord, final,
            override, convenience, required, lazy, weak, unowned, indirect, nonisolated, prefix, infix, postfix
    }

    static let table: LexicalTable = {
        var rules = LexicalRules()
        rules.lineComments = ["//"]
        rules.blockComments = [.init("/*", "*/", nests: true)]
        rules.identifierExtras = "$"
        rules.forms = [.swiftStrings]
        let spelled: [Word: String] = [.selfType: "Self", .anyWord: "Any"]
        rules.keywords = Word.allCases.map { word in
            if let text = spelled[word] { return text }
            let text = String(describing: word)
            // Keywords of Swift would need backquotes as names of cases.
            return text.hasSuffix("Word") ? String(text.dropLast("Word".count)) : text
        }
        return LexicalTable(rules)
    }()

    func role(of path: String) -> UInt8 {
        path == "Package.swift" || path.hasSuffix("/Package.swift") ? Role.manifest : 0
    }

    /// A manifest is a program too.
    func isSource(role: UInt8) -> Bool { true }

    func lexicalTable(role: UInt8) -> LexicalTable? { Self.table }

    func scan(_ source: Source, into facts: inout FactWriter) {
        let tokens = source.tokens(Self.table)
        if source.role == Role.manifest { SwiftManifest.scan(tokens, into: &facts) }
        var scanner = SwiftScanner(tokens: tokens)
        // Swapped and not copied: with a second reference, the first write would copy the writer's arrays.
        swap(&scanner.facts, &facts)
        scanner.run()
        swap(&scanner.facts, &facts)
    }

    func link(_ project: Project, into edges: inout EdgeList) {
        let modules = SwiftModules(project)
        let names = SwiftNames(project, modules)
        project.resolveEach(into: &edges) { file, facts, list in
            var linker = SwiftLinker(project: project, modules: modules, names: names, file: file)
            linker.run(facts, into: &list)
        }
    }
}
