import Model

/// Collects the declarations of all files of a family, one file after the other.
struct ScopeCollector {
    typealias Node = NameTree.Node
    typealias Symbol = SymbolTable.Symbol
    typealias FileIndex = RepositoryGraph.FileIndex
    typealias Scope = ScopeIndex.Scope

    let project: Project
    let bounds: ProjectBounds
    private(set) var symbols = SymbolTable(capacity: 1 << 14)
    private(set) var tree = NameTree(capacity: 1 << 14)
    private(set) var members: [Bool] = []
    private(set) var scopes: [Scope] = []
    private(set) var starts: [Int] = []
    private(set) var globals: [FileIndex?: [ScopeIndex.GlobalImport]] = [:]

    init(_ project: Project) {
        self.project = project
        bounds = ProjectBounds(project)
        starts.reserveCapacity(project.files.count + 1)
        for file in project.files {
            starts.append(scopes.count)
            let facts = project.facts(file)
            if project.role(file) == 0 { declare(file, facts) }
            for place in 0..<facts.count where facts[place].kind == ScopedFact.using.rawValue {
                guard facts[place].flags & ScopedFact.Using.global != 0 else { continue }
                globals[bounds.project(of: file), default: []].append(ScopeIndex.GlobalImport(file: file, fact: place))
            }
        }
        starts.append(scopes.count)
    }

    /// Adds all declarations of a file.
    private mutating func declare(_ file: FileIndex, _ facts: FileFacts) {
        let base = scopes.count
        scopes.append(Scope(kind: .package, flags: 0, parent: 0, node: NameTree.root))
        var facade: FileFact?
        var hasTopLevel = false
        for index in 0..<facts.count {
            let fact = facts[index]
            guard let kind = ScopedFact(rawValue: fact.kind) else { continue }
            let outer = Int(fact.scope) < scopes.count - base ? scopes[base + Int(fact.scope)] : scopes[base]
            switch kind {
            case .package:
                open(.package, at: fact, node: package(outer.node, facts.text(fact)))
            case .type:
                open(.type, at: fact, node: type(fact, name: facts.text(fact), in: outer, file: file))
            case .block:
                open(.block, at: fact, node: tree.makeAnonymous(outer.node, .type))
            case .value:
                value(fact, name: facts.text(fact), in: outer, file: file)
                if outer.kind == .package, fact.flags & ScopedFact.Value.isPrivate == 0 { hasTopLevel = true }
            case .facade:
                facade = fact
            case .base, .using, .alias, .reference, .project:
                break
            }
        }
        if hasTopLevel, let facade { declareFacade(facade, facts: facts, file: file, base: base) }
    }

    private mutating func open(_ kind: ScopedFact, at fact: FileFact, node: Node) {
        scopes.append(Scope(kind: kind, flags: fact.flags, parent: fact.scope, node: node))
    }

    private mutating func package(_ outer: Node, _ name: Source.Bytes) -> Node {
        var node = outer
        for part in name.parts {
            node = tree.makeChild(of: node, symbols.intern(part), kind: .package)
        }
        return node
    }

    private mutating func type(_ fact: FileFact, name: Source.Bytes, in outer: Scope, file: FileIndex) -> Node {
        if fact.flags & ScopedFact.Scope.merged != 0 { return outer.node }
        if fact.flags & ScopedFact.Scope.local != 0 || name.isEmpty { return tree.makeAnonymous(outer.node, .type) }
        var kinds: NameTree.Kinds = .type
        if fact.flags & ScopedFact.Scope.partial != 0 { kinds.insert(.partial) }
        let node = tree.makeChild(of: outer.node, symbols.intern(name), kind: kinds)
        if fact.flags & ScopedFact.Scope.isPrivate != 0 { kinds.insert(.isPrivate) }
        tree.declare(node, in: file, kinds)
        return node
    }

    private mutating func value(_ fact: FileFact, name: Source.Bytes, in outer: Scope, file: FileIndex) {
        let symbol = symbols.intern(name)
        var kinds: NameTree.Kinds = .value
        if fact.flags & ScopedFact.Value.isMethod != 0 {
            noteMember(symbol)
            guard outer.flags & ScopedFact.Scope.partial != 0 else { return }
            kinds = .method
        }
        if fact.flags & ScopedFact.Value.isExtension != 0 { kinds.insert(.isExtension) }
        if fact.flags & ScopedFact.Value.isPrivate != 0 { kinds.insert(.isPrivate) }
        let node = tree.makeChild(of: outer.node, symbol, kind: kinds.intersection([.value, .isExtension, .method]))
        tree.declare(node, in: file, kinds)
        if outer.kind != .package, !kinds.contains(.isExtension) { noteMember(symbol) }
    }

    private mutating func noteMember(_ symbol: Symbol) {
        if members.count <= Int(symbol) {
            members.append(contentsOf: repeatElement(false, count: Int(symbol) + 1 - members.count))
        }
        members[Int(symbol)] = true
    }

    /// Declares the class that Java sees for a Kotlin file with top-level members: `UtilKt` for `Util.kt`, unless the
    /// file names another one.
    private mutating func declareFacade(_ fact: FileFact, facts: FileFacts, file: FileIndex, base: Int) {
        var name = facts.string(fact)
        if name.isEmpty {
            let path = project.tree.name(of: project.tree.node(of: file))
            let stem = path.prefix { $0 != "." }
            name = stem.prefix(1).uppercased() + stem.dropFirst() + "Kt"
        }
        let package = scopes[base...].prefix(2).last { $0.kind == .package }?.node ?? NameTree.root
        let node = tree.makeChild(of: package, symbols.intern(name), kind: .type)
        tree.declare(node, in: file, [.type, .facade])
    }
}
