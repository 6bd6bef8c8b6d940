import Model

/// Turns the imports of files into edges. A linker serves a run of files and caches data of the current directory.
struct PythonLinker {
    private let project: Project
    private let modules: PythonModules
    private var file: RepositoryGraph.FileIndex = -1
    private var isTest = false
    /// Whether an import looks beside the file before anywhere else, as in Python 2.
    private var looksBeside = false
    private var directory: PathTree.Node = -1
    /// The roots that files of the directory search.
    private var roots: [PathTree.Node] = []
    /// The directory and the directories above it, each with its depth.
    private var above: [PathTree.Node: Int] = [:]

    init(_ project: Project, _ modules: PythonModules) {
        self.project = project
        self.modules = modules
    }

    mutating func run(_ file: RepositoryGraph.FileIndex, _ facts: FileFacts, into list: inout EdgeList) {
        enter(project.directory(of: file))
        self.file = file
        isTest = PathTraits.of(project.path(file)).contains(.test)
        looksBeside = modules.python2.contains(directory) && !importsAbsolutely(facts)
        var index = 0
        while index < facts.count {
            let fact = facts[index]
            index += 1
            let text = facts.text(fact)
            switch Python.Kind(rawValue: fact.kind) {
            case .module:
                if let module = absolute(text) { add(module, at: fact, into: &list) }
            case .dynamic:
                // A test mostly loads modules by name that exist for that purpose.
                if !isTest, let module = absolute(text) { add(module, at: fact, into: &list, kind: .weak) }
            case .plugin:
                if let module = absolute(text) { add(module, at: fact, into: &list, kind: .weak) }
            case .from:
                let names = index..<facts.run(of: Python.Kind.name.rawValue, from: index)
                index = names.upperBound
                let base =
                    fact.value > 0
                    ? relative(text, level: Int(fact.value))
                    : absolute(text) { base in names.contains { submodule(facts.text(facts[$0]), of: base) != nil } }
                guard let base else { break }
                for name in names {
                    let (word, place) = (facts.text(facts[name]), facts[name])
                    base.isNamespace && fact.value == 0
                        ? portion(of: text, word, at: place, into: &list)
                        : add(word, of: base, at: place, statement: fact, into: &list)
                }
                if names.isEmpty { add(base, at: fact, into: &list) }
            case .name, .python2, .root, nil:
                break
            }
        }
    }

    /// Whether the file says `from __future__ import absolute_import`.
    private func importsAbsolutely(_ facts: FileFacts) -> Bool {
        (0..<facts.count).contains { index in
            facts[index].kind == Python.Kind.name.rawValue && facts.text(facts[index]).equals("absolute_import")
        }
    }

    private mutating func enter(_ node: PathTree.Node) {
        guard node != directory else { return }
        directory = node
        let own = modules.ownRoot(node)
        roots = own != node && modules.otherRoots.contains(node) ? [node, own] : [own]
        for root in modules.projectRoots(node) + modules.mainRoots where !roots.contains(root) { roots.append(root) }
        // A test or a script inside a package is started from its own directory.
        if !roots.contains(node), !modules.isPackage(node), modules.sourceRoot(node) == nil { roots.append(node) }
        above.removeAll(keepingCapacity: true)
        var depth = project.tree.depth(node)
        var next = node
        while next != PathTree.root {
            above[next] = depth
            next = project.tree.parent(next)
            depth -= 1
        }
        above[PathTree.root] = 0
    }

    /// `from base import name`: the submodule if it exists, otherwise the module itself.
    private func add(
        _ name: Source.Bytes, of base: PythonModules.Module, at fact: FileFact, statement: FileFact,
        into list: inout EdgeList
    ) {
        if let module = submodule(name, of: base) {
            add(module, at: fact, into: &list)
        } else {
            add(base, at: statement, into: &list)
        }
    }

    /// `from namespace import name`: each name may be in another portion of the namespace.
    private func portion(of namespace: Source.Bytes, _ name: Source.Bytes, at fact: FileFact, into list: inout EdgeList)
    {
        var whole = Array(namespace)
        whole.append(UInt8(ascii: "."))
        whole.append(contentsOf: name)
        whole.withUnsafeBufferPointer { if let module = absolute($0) { add(module, at: fact, into: &list) } }
    }

    private func add(
        _ module: PythonModules.Module, at fact: FileFact, into list: inout EdgeList,
        kind: RepositoryGraph.EdgeKind? = nil
    ) {
        let kind = kind ?? (fact.flags & Python.typeOnly != 0 ? .typeOnly : .import)
        for target in module.files { list.add(from: file, to: target, kind: kind, line: fact.line) }
    }

    private func submodule(_ name: Source.Bytes, of base: PythonModules.Module) -> PythonModules.Module? {
        guard let directory = base.directory, let module = modules.step(directory, name), !module.isNamespace else {
            return nil
        }
        return module
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

    /// Finds a module in the first root that has its whole name. Portions of a namespace, and packages of the same name
    /// in several places, are tried one after the other.
    /// - Parameter accepts: called for namespace packages only, which have no file.
    private func absolute(
        _ name: Source.Bytes, accepts: (PythonModules.Module) -> Bool = { _ in false }
    ) -> PythonModules.Module? {
        let first = Source.Bytes(rebasing: name.prefix { $0 != UInt8(ascii: ".") })
        if looksBeside, let found = modules.descend(directory, name), !found.isNamespace || accepts(found) {
            return found
        }
        let isStandard = PythonStandardModules.names.find(first) != nil
        for root in roots where !isStandard || isKnown(root) {
            if let found = modules.descend(root, name), !found.isNamespace || accepts(found) { return found }
        }
        guard !isStandard else { return nil }
        let isQualified = first.count < name.count
        for root in others(first, isQualified: isQualified) {
            if let found = modules.descend(root, name), !found.isNamespace || accepts(found) { return found }
        }
        guard isQualified else { return nil }
        // A namespace package whose root is not declared anywhere.
        var node = directory
        while node != PathTree.root {
            node = project.tree.parent(node)
            if let found = modules.descend(node, name), !found.isNamespace || accepts(found) { return found }
        }
        return nil
    }

    /// Whether Python or a tool is known to search this directory. The directory of a script is only a guess.
    private func isKnown(_ root: PathTree.Node) -> Bool {
        modules.mainRoots.contains(root) || modules.otherRoots.contains(root)
    }

    /// The other roots with this name that the file may search, nearest first. A complete name may be in tests of the
    /// file's own project, if it is nowhere else.
    private func others(_ name: Source.Bytes, isQualified: Bool) -> [PathTree.Node] {
        let isAside = PathTraits.isAside(name)
        let ranked = modules.roots(with: name).enumerated().compactMap { place, root -> Ranked? in
            guard modules.isVisible(root, from: directory) else { return nil }
            let fenced = isFenced(root)
            let common = common(root)
            // The tests of another project have the same name.
            if isAside || fenced, !isQualified || modules.projectRoots(root) != modules.projectRoots(directory) {
                return nil
            }
            return Ranked(root: root, isFenced: fenced, common: common, place: place)
        }
        return ranked.sorted { $0.rank < $1.rank }.map(\.root)
    }

    private struct Ranked {
        var root: PathTree.Node
        var isFenced: Bool
        var common: Int
        var place: Int

        var rank: (Int, Int, Int) { (isFenced ? 1 : 0, -common, place) }
    }

    private func common(_ root: PathTree.Node) -> Int {
        var node = root
        while above[node] == nil { node = project.tree.parent(node) }
        return above[node] ?? 0
    }

    /// Whether the root belongs to tests or examples that the file is not part of. There, a module with the same name
    /// is a different one.
    private func isFenced(_ root: PathTree.Node) -> Bool {
        var node = root
        while above[node] == nil {
            if project.tree.withName(of: node, { PathTraits.isAside($0) }) { return true }
            node = project.tree.parent(node)
        }
        return false
    }
}
