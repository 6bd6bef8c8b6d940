import Model

/// Links all files of a family of scoped languages.
struct ScopeLinker: Sendable {
    private var index: ScopeIndex
    private let project: Project

    init(_ project: Project) {
        self.project = project
        index = ScopeIndex(project)
        // A supertype may itself be an inherited member, so a second pass finds more.
        for _ in 0..<2 { index = ScopeIndex(index, supertypes: supertypes()) }
    }

    func run(into edges: inout EdgeList) {
        for reference in index.bounds.references {
            edges.add(from: reference.from, to: reference.to, kind: .import, line: reference.line)
        }
        let chunks = Parallel.map(project.files.count, chunk: 64) { range in
            var list = EdgeList()
            for place in range { resolve(place, into: &list) }
            return list
        }
        for chunk in chunks { edges.append(chunk) }
    }

    private func supertypes() -> [(node: NameTree.Node, base: NameTree.Node)] {
        let chunks = Parallel.map(project.files.count, chunk: 64) { range in
            var pairs: [(node: NameTree.Node, base: NameTree.Node)] = []
            for place in range { supertypes(place, &pairs) }
            return pairs
        }
        return Array(chunks.joined())
    }

    private func supertypes(_ place: Int, _ pairs: inout [(node: NameTree.Node, base: NameTree.Node)]) {
        let facts = project.facts(project.files[place])
        var lookup: NameLookup?
        for number in 0..<facts.count where facts[number].kind == ScopedFact.base.rawValue {
            let fact = facts[number]
            if lookup == nil {
                lookup = NameLookup(index: index, place: place)
                lookup?.readImports(facts) { _, _ in }
            }
            guard let names = lookup else { return }
            let scope = names.scope(fact.scope)
            var base = NameTree.none
            // Names in a header are looked up outside of the type.
            names.resolve(facts.text(fact), scope: scope.parent, flags: 0) { node, _ in base = node }
            if base != NameTree.none, base != scope.node { pairs.append((scope.node, base)) }
        }
    }

    private func resolve(_ place: Int, into list: inout EdgeList) {
        let file = project.files[place]
        let facts = project.facts(file)
        guard project.role(file) == 0, !facts.isEmpty else { return }
        var names = NameLookup(index: index, place: place)
        let choice = DeclarationChoice(index: index, file: file, dialect: names.dialect)
        names.readImports(facts) { node, fact in
            // An import covers every declaration of that name.
            for flags in [0, ScopedFact.Reference.any] {
                choice.files(of: node, flags: flags) {
                    list.add(from: file, to: $0, kind: .import, line: fact.line)
                }
            }
        }
        for number in 0..<facts.count where facts[number].kind == ScopedFact.reference.rawValue {
            let fact = facts[number]
            names.resolve(facts.text(fact), scope: fact.scope, flags: fact.flags) { node, flags in
                choice.files(of: node, flags: flags) {
                    list.add(from: file, to: $0, kind: .name, line: fact.line, references: fact.value)
                }
            }
        }
    }
}
