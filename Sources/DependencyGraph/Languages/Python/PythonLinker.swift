import Model

/// Turns the imports of one file into edges.
struct PythonLinker {
    let project: Project
    let modules: PythonModules
    let file: RepositoryGraph.FileIndex
    private let directory: PathTree.Node
    private let isTest: Bool
    private let roots: (own: [PathTree.Node], others: [PathTree.Node])

    init(project: Project, modules: PythonModules, file: RepositoryGraph.FileIndex) {
        self.project = project
        self.modules = modules
        self.file = file
        directory = project.directory(of: file)
        roots = modules.roots(for: directory)
        isTest = PathTraits.of(project.path(file)).contains(.test)
    }

    func run(_ facts: FileFacts, _ list: inout EdgeList) {
        var index = 0
        while index < facts.count {
            let fact = facts[index]
            index += 1
            let text = facts.text(fact)
            switch Python.Kind(rawValue: fact.kind) {
            case .module:
                if let module = absolute(text) { add(module, fact, &list) }
            case .dynamic:
                // What a test loads by name is mostly there to be loaded by name.
                if !isTest, let module = absolute(text) { add(module, fact, &list, kind: .weak) }
            case .from:
                let base = fact.value == 0 ? absolute(text) : relative(text, level: Int(fact.value))
                var isStar = true
                while index < facts.count, facts[index].kind == Python.Kind.name.rawValue {
                    if let base { add(facts.text(facts[index]), of: base, facts[index], fact, &list) }
                    isStar = false
                    index += 1
                }
                if isStar, let base { add(base, fact, &list) }
            case .name, nil:
                break
            }
        }
    }

    /// `from base import name`: the submodule if there is one, else the module itself.
    private func add(
        _ name: Source.Bytes, of base: PythonModules.Module, _ fact: FileFact, _ statement: FileFact,
        _ list: inout EdgeList
    ) {
        if let directory = base.directory, let module = modules.step(directory, name), !module.isNamespace {
            add(module, fact, &list)
        } else {
            add(base, statement, &list)
        }
    }

    private func add(
        _ module: PythonModules.Module, _ fact: FileFact, _ list: inout EdgeList, kind: RepositoryGraph.EdgeKind? = nil
    ) {
        let kind = kind ?? (fact.flags & Python.typeOnly != 0 ? .typeOnly : .import)
        for target in module.files { list.add(from: file, to: target, kind: kind, line: fact.line) }
    }

    private func relative(_ name: Source.Bytes, level: Int) -> PythonModules.Module? {
        var base = directory
        for _ in 1..<max(1, level) {
            guard base != PathTree.root else { return nil }
            base = project.tree.parent(base)
        }
        guard !name.isEmpty else { return PythonModules.Module(directory: base, files: modules.initFiles(base)) }
        return modules.descend(base, name)
    }

    /// Finds a module from the roots: the first root with a regular package or module of the first name decides; portions
    /// of a namespace are tried one after the other.
    private func absolute(_ name: Source.Bytes) -> PythonModules.Module? {
        let first = Source.Bytes(rebasing: name.prefix { $0 != UInt8(ascii: ".") })
        let isStandard = PythonStandardModules.names.contains(first.string)
        for root in roots.own where !isStandard || root != directory || root == PathTree.root {
            guard let start = modules.step(root, first) else { continue }
            if start.isNamespace {
                if let found = modules.descend(root, name), !found.isNamespace || first.count == name.count {
                    return found
                }
            } else {
                return modules.descend(root, name)
            }
        }
        guard !isStandard else { return nil }
        for root in roots.others {
            guard let start = modules.step(root, first) else { continue }
            if !start.isNamespace { return modules.descend(root, name) }
            if let found = modules.descend(root, name), !found.isNamespace { return found }
        }
        return ancestor(name, first)
    }

    /// A namespace package whose root nothing declares: the nearest directory above from which the whole name leads to a file.
    private func ancestor(_ name: Source.Bytes, _ first: Source.Bytes) -> PythonModules.Module? {
        guard first.count < name.count else { return nil }
        var node = directory
        while node != PathTree.root {
            node = project.tree.parent(node)
            if let found = modules.descend(node, name), !found.isNamespace { return found }
        }
        return nil
    }
}
