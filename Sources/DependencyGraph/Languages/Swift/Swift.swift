import Model

/// Swift: types, free functions, globals, operators and macros, to the files of the modules that declare them.
///
/// A module is the directory of a target, as `Package.swift` says or by convention. Files of a module see each other's
/// names without any import, so only names lead from file to file. An edge inside a module is of the kind `name`, one to
/// another module `import`.
struct Swift: Language {
    let name = "swift"
    let version: UInt16 = 1
    let extensions = ["swift"]
    let fileNames = ["Package.swift"]
    let interpreters = ["swift"]

    enum Role {
        static let manifest: UInt8 = 1
    }

    /// What the facts of a Swift file say; `open` and `close` nest.
    enum Kind: UInt8 {
        /// `import M`: the text is the module.
        case `import` = 1
        /// A type or an extension: the text is the name as written, which has dots for an extension only.
        case open
        case close
        /// A type that the type opened before it conforms to or inherits from.
        case inherits
        /// `typealias X = A.B`: the text is the name, the value the place of the type's text plus one, or 0.
        case alias
        /// A function, variable, case or macro inside of a type.
        case member
        /// A free function, operator or macro: the value is the place of its labels plus one, or 0.
        case function
        /// A variable at the top of the file.
        case global
        /// `A.B.C`: a capitalised name with the capitalised names behind its dots.
        case type
        /// An uncapitalised name with arguments behind it: the text is the name, `(` and the labels of the arguments.
        case call
        /// A capitalised name with arguments, as a call; the same name is a `type` too.
        case capitalCall
        /// Any other uncapitalised name.
        case value
        /// An operator of the repository's own, as far as its characters tell.
        case `operator`
        /// `#name`
        case macro
        /// `.target(name: "M", path: "…")` of a manifest: the text is the name, the value the place of the path plus one.
        case target
    }

    /// Flags of declarations: who sees them.
    static let isPrivate: UInt8 = 1
    static let isPublic: UInt8 = 2
    /// Flags of `open`.
    static let isExtension: UInt8 = 4
    /// The flag of an `alias` that a protocol leaves to its conforming types.
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
            // The language's own words cannot name cases without quotes all over.
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
        // Swapped, not copied: a second reference would make the first write copy the writer's arrays.
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
