import Model

/// Turns the imports and paths of one file into edges.
struct RustLinker {
    let project: Project
    let tree: RustModules
    let file: RepositoryGraph.FileIndex

    func run(_ module: Int32, _ facts: FileFacts, into list: inout EdgeList) {
        var open = [module]
        // The inline modules of a file follow it in the order of their opening.
        var next = module + 1
        for index in 0..<facts.count {
            let fact = facts[index]
            let text = facts.text(fact)
            let current = open[open.count - 1]
            switch Rust.Kind(rawValue: fact.kind) {
            case .open:
                open.append(next)
                next += 1
            case .close:
                if open.count > 1 { open.removeLast() }
            case .use, .externCrate:
                let kind: RepositoryGraph.EdgeKind = fact.flags & Rust.isPublic != 0 ? .reexport : .name
                var budget = RustModules.Budget()
                for entity in tree.resolve(
                    text, in: current, isImport: true, skipping: .init(module: current, fact: index), &budget)
                {
                    add(tree.file(entity), kind: kind, at: fact, references: 1, into: &list)
                }
            case .reference:
                var budget = RustModules.Budget()
                for entity in tree.resolve(text, in: current, isImport: false, &budget) {
                    add(tree.file(entity), kind: .name, at: fact, references: fact.value, into: &list)
                }
            case .bare:
                bare(text, in: current, at: fact, into: &list)
            case .include:
                if let node = project.tree.descend(from: project.directory(of: file), text),
                    let target = project.tree.file(at: node)
                {
                    add(target, kind: .name, at: fact, references: 1, into: &list)
                }
            case .module, .path, .declare, .macro, .section, .setting, nil:
                break
            }
        }
    }

    /// Adds edges for names that may come through a glob. A module's own declarations and imports need nothing more.
    private func bare(_ text: Source.Bytes, in module: Int32, at fact: FileFact, into list: inout EdgeList) {
        var budget = RustModules.Budget()
        if !tree.isBound(text, in: module) {
            let found = tree.throughGlobs(text, in: module, skipping: nil, &budget)
            for entity in found { add(tree.file(entity), kind: .name, at: fact, references: fact.value, into: &list) }
            guard found.isEmpty, fact.flags & Rust.isMacro != 0 else { return }
            for target in tree.macro(text, in: module) {
                add(target, kind: .name, at: fact, references: fact.value, into: &list)
            }
        }
    }

    private func add(
        _ target: RepositoryGraph.FileIndex, kind: RepositoryGraph.EdgeKind, at fact: FileFact, references: UInt32,
        into list: inout EdgeList
    ) {
        list.add(from: file, to: target, kind: kind, line: fact.line, references: max(1, references))
    }
}
