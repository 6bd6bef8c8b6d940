import Model

/// Symbolic links as edges to their targets.
enum LinkTargets {
    /// The only kind of fact of a link: the text is its target.
    static let kind: UInt8 = 1

    /// Adds an edge from each link to its target, unless that is a directory or outside of the repository.
    static func add(
        _ entries: [GraphBuilder.Entry], store: FactStore, tree: PathTree, to edges: inout EdgeList
    ) {
        for (index, entry) in entries.enumerated() where entry.mode & 0o170000 == 0o120000 {
            let facts = store.facts(index)
            guard facts.count == 1 else { continue }
            let path = facts.text(facts[0])
            let link = RepositoryGraph.FileIndex(index)
            guard path.first != UInt8(ascii: "/"),
                let node = tree.descend(from: tree.parent(tree.node(of: link)), path), let target = tree.file(at: node)
            else { continue }
            edges.add(from: link, to: target, kind: .reexport, line: 1)
        }
    }
}
