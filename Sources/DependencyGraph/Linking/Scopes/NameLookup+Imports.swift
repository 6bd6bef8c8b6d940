import Model

extension NameLookup {
    /// Reads the imports of the file and reports the nodes they name.
    ///
    /// - Parameter report: called with each node that an import names, and the fact of the import.
    mutating func readImports(_ facts: FileFacts, _ report: (Node, FileFact) -> Void) {
        for place in 0..<facts.count where facts[place].kind == ScopedFact.using.rawValue {
            readImport(at: place, of: facts) { report($0, facts[place]) }
        }
        guard dialect == .csharp else { return }
        for global in index.globals[index.bounds.project(of: file)] ?? [] where global.file != file {
            readImport(at: global.fact, of: index.project.facts(global.file)) { _ in }
        }
    }

    private mutating func readImport(at place: Int, of facts: FileFacts, _ report: (Node) -> Void) {
        let fact = facts[place]
        let next = place + 1 < facts.count ? facts[place + 1] : nil
        let alias = next?.kind == ScopedFact.alias.rawValue ? next.map { facts.text($0) } : nil
        readImport(fact, path: facts.text(fact), name: alias, report)
    }

    private mutating func readImport(
        _ fact: FileFact, path: Source.Bytes, name: Source.Bytes?, _ report: (Node) -> Void
    ) {
        let isGlobal = fact.flags & ScopedFact.Using.global != 0
        let scope = dialect.isAbsolute || isGlobal ? 0 : fact.scope
        let isAbsolute = dialect.isAbsolute || fact.flags & ScopedFact.Using.absolute != 0
        let isWildcard = fact.flags & ScopedFact.Using.wildcard != 0
        var end = 0
        let target = follow(path, scope: isGlobal ? 0 : fact.scope, isAbsolute: isAbsolute) { node, part in
            end += part.count + 1
            // Inside a path, a package comes before a property of the same name.
            let isInside = isWildcard || end <= path.count
            if !isInside || !tree.kinds(node).contains(.package) || tree.kinds(node).contains(.type) { report(node) }
        }
        if isWildcard {
            if target != NameTree.none { imports.wildcards.append((scope, target)) }
            return
        }
        let last = name ?? Source.Bytes(rebasing: path[path.lastPart...])
        guard let symbol = index.symbols.find(last) else { return }
        let key = Imports.Key(scope: scope, symbol: symbol)
        // A static import that is not found may be any member of its class, so it hides no type.
        if target == NameTree.none, fact.flags & ScopedFact.Using.isStatic != 0 { return }
        if imports.named[key] == nil || imports.named[key] == NameTree.none { imports.named[key] = target }
    }

    /// Resolves a complete name, part by part.
    /// - Returns: the node of the last part, or `none` if it is not declared in the project.
    private func follow(
        _ path: Source.Bytes, scope: UInt16, isAbsolute: Bool, _ report: (Node, Source.Bytes) -> Void
    ) -> Node {
        var node = NameTree.none
        var isFirst = true
        for part in path.parts {
            guard let symbol = index.symbols.find(part) else { return NameTree.none }
            if isFirst {
                let near = isAbsolute ? nil : head(symbol, scope: scope, isWhole: false, flags: 0)
                node = near ?? tree.child(NameTree.root, symbol)
            } else {
                node = step(node, symbol)
            }
            guard node != NameTree.none else { return node }
            report(node, part)
            isFirst = false
        }
        return node
    }

    /// The member of a package or type.
    func step(_ node: Node, _ symbol: Symbol) -> Node {
        tree.kinds(node).contains(.type) ? index.member(of: node, symbol) : tree.child(node, symbol)
    }
}

extension Source.Bytes {
    /// The start of the part after the last dot.
    var lastPart: Int { (lastIndex(of: UInt8(ascii: ".")) ?? -1) + 1 }

    /// The parts between dots, without allocating an array.
    var parts: some Sequence<Source.Bytes> {
        sequence(state: 0) { start -> Source.Bytes? in
            guard start < count else { return nil }
            var end = start
            while end < count, self[end] != UInt8(ascii: ".") { end += 1 }
            defer { start = end + 1 }
            return Source.Bytes(rebasing: self[start..<end])
        }
    }
}
