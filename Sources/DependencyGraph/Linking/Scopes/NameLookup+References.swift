import Model

extension NameLookup {
    /// Follows a chain of names as far as it leads into the project.
    ///
    /// - Parameter report: called with each type and top-level member of the chain, and the flags that choose its
    ///   files.
    func resolve(_ chain: Source.Bytes, scope: UInt16, flags: UInt8, _ report: (Node, UInt8) -> Void) {
        if flags & ScopedFact.Reference.own != 0 { return resolveOwn(chain, scope: scope, report) }
        if flags & ScopedFact.Reference.member != 0 { return resolveExtension(chain, scope: scope, report) }
        if flags & ScopedFact.Reference.attribute != 0, resolveAttribute(chain, scope: scope, report) { return }
        _ = resolveChain(chain, scope: scope, flags: flags, report)
    }

    /// - Returns: whether the whole chain was found.
    private func resolveChain(
        _ chain: Source.Bytes, scope: UInt16, flags: UInt8, _ report: (Node, UInt8) -> Void
    ) -> Bool {
        var node = NameTree.none
        // A partial type is reported after the next name, which decides the part.
        var partial = NameTree.none
        defer { if partial != NameTree.none { report(partial, flags) } }
        for part in chain.parts {
            guard let symbol = index.symbols.find(part) else { return false }
            let before = node
            if before == NameTree.none {
                guard let found = first(symbol, scope: scope, isWhole: part.count == chain.count, flags: flags) else {
                    return false
                }
                node = found
            } else {
                node = step(before, symbol)
            }
            guard node != NameTree.none else { return false }
            let kinds = tree.kinds(node)
            if partial != NameTree.none, tree.parent(node) == partial {
                partial = NameTree.none
                if kinds.isDisjoint(with: [.type, .package]) { report(node, ScopedFact.Reference.own) }
            }
            if kinds.contains(.type) {
                if kinds.contains(.partial) { partial = node } else { report(node, flags) }
            } else if !kinds.contains(.package) {
                // A member of a package is reported, and a member of a type is not.
                if before == NameTree.none || !tree.kinds(before).contains(.type) { report(node, flags) }
                return true
            }
        }
        return true
    }

    /// Reports the parts of the enclosing types that declare a member.
    private func resolveOwn(_ name: Source.Bytes, scope start: UInt16, _ report: (Node, UInt8) -> Void) {
        guard let symbol = index.symbols.find(name) else { return }
        var number = start
        while number != 0 {
            let scope = scope(number)
            if scope.flags & ScopedFact.Scope.partial != 0 {
                let found = tree.child(scope.node, symbol)
                if found != NameTree.none, !tree.kinds(found).isDisjoint(with: [.value, .method]) {
                    return report(found, ScopedFact.Reference.own)
                }
            }
            number = scope.parent
        }
    }

    private func first(_ symbol: Symbol, scope: UInt16, isWhole: Bool, flags: UInt8) -> Node? {
        if let found = head(symbol, scope: scope, isWhole: isWhole, flags: flags) {
            return found == NameTree.none ? nil : found
        }
        guard !isWhole else { return nil }
        let found = tree.child(NameTree.root, symbol)
        return found != NameTree.none && tree.kinds(found).contains(.package) ? found : nil
    }

    /// Resolves a name after a dot to an extension of the file's own package or of a package imported as a whole. An
    /// extension imported by name has its edge already. A name that is also a member of a type more likely means the
    /// member.
    private func resolveExtension(_ name: Source.Bytes, scope: UInt16, _ report: (Node, UInt8) -> Void) {
        guard let symbol = index.symbols.find(name), !index.isMember(symbol) else { return }
        var number = scope
        while number != 0, self.scope(number).kind != .package { number = self.scope(number).parent }
        let packages = [self.scope(number).node] + imports.wildcards.map(\.node)
        for package in packages {
            let found = tree.child(package, symbol)
            if found != NameTree.none, tree.kinds(found).contains(.isExtension) {
                report(found, ScopedFact.Reference.any)
                return
            }
        }
    }

    /// `[Foo]` means `FooAttribute` before `Foo`.
    private func resolveAttribute(_ chain: Source.Bytes, scope: UInt16, _ report: (Node, UInt8) -> Void) -> Bool {
        let whole = Array(chain) + Array("Attribute".utf8)
        return whole.withUnsafeBufferPointer { resolveChain($0, scope: scope, flags: 0, report) }
    }
}
