import Model

/// Which module each Swift file belongs to, and which modules each file sees.
struct SwiftModules: Sendable {
    typealias FileIndex = RepositoryGraph.FileIndex

    /// A module that a file sees, the file's own first.
    struct Visible: Sendable {
        var module: Int32
        /// Whether internal names are seen too.
        var seesInternal: Bool
    }

    private(set) var moduleOf: [FileIndex: Int32] = [:]
    private(set) var visible: [FileIndex: [Visible]] = [:]
    /// The names of modules, in their order.
    private(set) var names: [String] = []
    private var byName: [String: [Int32]] = [:]
    /// The directory of the package of each module.
    private var packages: [PathTree.Node] = []
    private var byDirectory: [PathTree.Node: Int32] = [:]

    private static let sourceFolders = ["Sources", "Source", "src", "srcs"]

    init(_ project: Project) {
        let tree = project.tree
        let manifests = project.files.filter { project.role($0) == Swift.Role.manifest }
        for file in manifests { addTargets(project, file) }
        for file in manifests { addFolders(tree, project.directory(of: file)) }
        let roots = Set(manifests.map { project.directory(of: $0) })
        if !roots.contains(PathTree.root) { addFolders(tree, PathTree.root) }
        for file in project.files { moduleOf[file] = module(of: file, project, roots) }
        addImports(project)
    }

    private mutating func add(_ name: String, _ package: PathTree.Node) -> Int32 {
        names.append(name)
        packages.append(package)
        byName[name, default: []].append(Int32(names.count - 1))
        return Int32(names.count - 1)
    }

    private mutating func claim(_ directory: PathTree.Node, _ name: String, _ package: PathTree.Node) {
        guard byDirectory[directory] == nil else { return }
        byDirectory[directory] = add(name.replacing("-", with: "_"), package)
    }

    // MARK: - Directories

    private mutating func addTargets(_ project: Project, _ manifest: FileIndex) {
        let tree = project.tree
        let package = project.directory(of: manifest)
        let facts = project.facts(manifest)
        // A dependency on a target reads like a target without a path, so paths go first.
        for hasPath in [true, false] {
            for index in 0..<facts.count {
                let fact = facts[index]
                guard fact.kind == Swift.Kind.target.rawValue, (fact.value > 0) == hasPath else { continue }
                let name = facts.string(fact)
                let isKnown = byName[name]?.contains { packages[Int($0)] == package } ?? false
                guard !isKnown else { continue }
                let directory =
                    hasPath
                    ? tree.descend(from: package, facts.text(Int(fact.value) - 1))
                    : Self.usualDirectory(of: name, in: package, tree)
                if let directory { claim(directory, name, package) }
            }
        }
    }

    /// The directory of a target whose manifest gives no path.
    private static func usualDirectory(
        of name: String, in package: PathTree.Node, _ tree: PathTree
    ) -> PathTree.Node? {
        for folder in sourceFolders + ["Tests", "Plugins"] {
            if let parent = tree.child(of: package, folder), let directory = tree.child(of: parent, name),
                tree.isDirectory(directory)
            {
                return directory
            }
        }
        return nil
    }

    /// Directories where targets lie by convention, for manifests that compute their targets.
    private mutating func addFolders(_ tree: PathTree, _ package: PathTree.Node) {
        for folder in Self.sourceFolders + ["Tests", "Plugins"] {
            guard let parent = tree.child(of: package, folder), byDirectory[parent] == nil else { continue }
            for child in tree.children(of: parent) where tree.isDirectory(child) {
                claim(child, tree.name(of: child), package)
            }
        }
    }

    /// The module of the nearest directory that has one; without any, all files of a project for Xcode are one module
    /// by its top directory, and a script is one by itself.
    private mutating func module(
        of file: FileIndex, _ project: Project, _ roots: Set<PathTree.Node>
    ) -> Int32 {
        let tree = project.tree
        if project.role(file) == Swift.Role.manifest { return add("", project.directory(of: file)) }
        var node = project.directory(of: file)
        var top = node
        while true {
            if let module = byDirectory[node] { return module }
            if roots.contains(node) || node == PathTree.root { break }
            top = node
            node = tree.parent(node)
        }
        // A single target may lie in `Sources` itself; snippets are programs of one file.
        let name = tree.name(of: top)
        if name == "Snippets" { return add("", node) }
        claim(top, name, node)
        return byDirectory[top] ?? 0
    }

    // MARK: - Imports

    private struct Import {
        var module: Int32
        var flags: UInt8
    }

    private mutating func addImports(_ project: Project) {
        var imports: [FileIndex: [Import]] = [:]
        var exported: [Int32: [Int32]] = [:]
        for file in project.files {
            let facts = project.facts(file)
            let own = moduleOf[file] ?? 0
            for index in 0..<facts.count where facts[index].kind == Swift.Kind.import.rawValue {
                guard let module = find(facts.string(facts[index]), from: own), module != own else { continue }
                imports[file, default: []].append(Import(module: module, flags: facts[index].flags))
                if facts[index].flags & Swift.isExported != 0 { exported[own, default: []].append(module) }
            }
        }
        for file in project.files {
            let own = moduleOf[file] ?? 0
            var list = [Visible(module: own, seesInternal: true)]
            var waiting = (imports[file] ?? [])[...] + (exported[own] ?? []).map { Import(module: $0, flags: 0) }
            while let next = waiting.popFirst() {
                let seesInternal = next.flags & Swift.isTestable != 0
                if let place = list.firstIndex(where: { $0.module == next.module }) {
                    if seesInternal { list[place].seesInternal = true }
                    continue
                }
                list.append(Visible(module: next.module, seesInternal: seesInternal))
                waiting += (exported[next.module] ?? []).map { Import(module: $0, flags: 0) }
            }
            visible[file] = list
        }
    }

    /// The module of a name, of the same package if there are several.
    func find(_ name: String, from module: Int32) -> Int32? {
        guard let all = byName[name] else { return nil }
        return all.first { packages[Int($0)] == packages[Int(module)] } ?? all.first
    }
}
