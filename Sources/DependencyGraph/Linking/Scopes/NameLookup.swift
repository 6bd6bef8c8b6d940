import Model

/// Finds the declaration that a name means at a place of a file.
struct NameLookup {
    typealias Node = NameTree.Node
    typealias Symbol = SymbolTable.Symbol

    /// The order in which a language looks for a name outside of types.
    enum Dialect: Sendable {
        case java, kotlin, scala, csharp

        /// Whether names of packages are always complete.
        var isAbsolute: Bool { self == .java || self == .kotlin }
    }

    /// Imports of whole packages and types, and of single names, with the scope of each.
    struct Imports: Sendable {
        struct Key: Hashable, Sendable {
            var scope: UInt16
            var symbol: Symbol
        }

        /// `NameTree.none` is a declaration outside of the project.
        var named: [Key: Node] = [:]
        var wildcards: [(scope: UInt16, node: Node)] = []
    }

    let index: ScopeIndex
    let file: RepositoryGraph.FileIndex
    let dialect: Dialect
    let scopes: ArraySlice<ScopeIndex.Scope>
    var imports = Imports()

    /// The deepest nesting of scopes that is searched.
    private static let deepest = 64

    init(index: ScopeIndex, place: Int) {
        self.index = index
        file = index.project.files[place]
        dialect = index.project.nameOrder(file) ?? .java
        scopes = index.scopes(at: place)
    }

    var tree: NameTree { _read { yield index.tree } }

    func scope(_ number: UInt16) -> ScopeIndex.Scope {
        let place = scopes.startIndex + Int(number)
        return scopes[place < scopes.endIndex ? place : scopes.startIndex]
    }

    /// Finds the meaning of the first name of a chain.
    ///
    /// - Parameters:
    ///   - isWhole: whether the chain has no further names, so that it cannot mean a package.
    ///   - flags: the flags of the reference, see `ScopedFact.Reference`.
    /// - Returns: nil if the name is not found; `NameTree.none` for a variable or a declaration outside of the project.
    func head(_ symbol: Symbol, scope start: UInt16, isWhole: Bool, flags: UInt8) -> Node? {
        var number = start
        var steps = 0
        while true {
            let scope = scope(number)
            if scope.kind == .package {
                if dialect.isAbsolute { return fileLevel(symbol, in: scope.node, flags: flags) }
                if let found = packageLevel(symbol, number: number, scope: scope, isWhole: isWhole, flags: flags) {
                    return found
                }
            } else {
                if let found = member(symbol, of: scope.node, flags) { return found }
                if dialect == .scala, let found = imported(symbol, scope: number, isWhole: isWhole, flags: flags) {
                    return found
                }
            }
            guard number != 0 else { return nil }
            steps += 1
            number = steps < Self.deepest ? scope.parent : 0
        }
    }

    /// Finds a member of an enclosing type. A nested type is a result, and a variable ends the search.
    private func member(_ symbol: Symbol, of node: Node, _ flags: UInt8) -> Node? {
        let found = index.member(of: node, symbol)
        guard found != NameTree.none else { return nil }
        let kinds = tree.kinds(found)
        let wantsValue = flags & (ScopedFact.Reference.value | ScopedFact.Reference.call) != 0
        if kinds.contains(.value), wantsValue { return NameTree.none }
        return kinds.contains(.type) ? found : nil
    }

    /// Java and Kotlin: imports of single names, then the file's own package, then imports of whole packages.
    private func fileLevel(_ symbol: Symbol, in package: Node, flags: UInt8) -> Node? {
        if let found = imports.named[Imports.Key(scope: 0, symbol: symbol)] { return found }
        if let found = usable(tree.child(package, symbol), symbol, isWhole: true, flags: flags) { return found }
        for wildcard in imports.wildcards {
            if let found = usable(child(wildcard.node, symbol), symbol, isWhole: true, flags: flags) { return found }
        }
        return nil
    }

    /// Scala and C#: one package clause or namespace with its imports.
    private func packageLevel(
        _ symbol: Symbol, number: UInt16, scope: ScopeIndex.Scope, isWhole: Bool, flags: UInt8
    ) -> Node? {
        let own = usable(tree.child(scope.node, symbol), symbol, isWhole: isWhole, flags: flags)
        if dialect == .scala {
            // Declarations in other files of the package come after all imports of this file.
            if let own, tree.declarations(of: own).contains(where: { $0.file == file }) { return own }
            return imported(symbol, scope: number, isWhole: isWhole, flags: flags) ?? own
        }
        if let own { return own }
        if let found = imported(symbol, scope: number, isWhole: isWhole, flags: flags) { return found }
        guard number != 0 else { return nil }
        // `namespace A.B` also sees the members of `A`.
        let outer = self.scope(scope.parent).node
        var node = scope.node
        while node != NameTree.root, tree.parent(node) != outer {
            node = tree.parent(node)
            guard node > NameTree.root else { return nil }
            if let found = usable(tree.child(node, symbol), symbol, isWhole: isWhole, flags: flags) { return found }
        }
        return nil
    }

    private func imported(_ symbol: Symbol, scope number: UInt16, isWhole: Bool, flags: UInt8) -> Node? {
        if let found = imports.named[Imports.Key(scope: number, symbol: symbol)] { return found }
        for wildcard in imports.wildcards where wildcard.scope == number {
            let found = child(wildcard.node, symbol)
            // C#: `using A` does not open the namespaces in `A`.
            if let found = usable(found, symbol, isWhole: isWhole || dialect == .csharp, flags: flags) { return found }
        }
        return nil
    }

    private func child(_ node: Node, _ symbol: Symbol) -> Node {
        tree.kinds(node).contains(.type) ? index.member(of: node, symbol) : tree.child(node, symbol)
    }

    /// Returns the node if a reference of this form can mean it.
    private func usable(_ node: Node, _ symbol: Symbol, isWhole: Bool, flags: UInt8) -> Node? {
        guard node != NameTree.none else { return nil }
        let kinds = tree.kinds(node)
        if !isWhole, kinds.contains(.package) { return node }
        let wantsValue = flags & (ScopedFact.Reference.value | ScopedFact.Reference.call) != 0
        for declaration in tree.declarations(of: node) where isVisible(declaration) {
            if declaration.kinds.contains(.type) { return node }
            guard wantsValue else { continue }
            // Without a receiver, a member of the enclosing class is likelier than an extension of the same name.
            if !declaration.kinds.contains(.isExtension) || !index.isMember(symbol) { return node }
        }
        return nil
    }

    func isVisible(_ declaration: NameTree.Declaration) -> Bool {
        if declaration.kinds.contains(.isPrivate), declaration.file != file { return false }
        return !declaration.kinds.contains(.facade) || dialect != .kotlin
    }
}
