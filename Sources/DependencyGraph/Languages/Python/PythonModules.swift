import Model

/// The search for modules: the roots of the repository, and the steps from a package to its contents.
struct PythonModules: Sendable {
    /// The module or package of a dotted name.
    struct Module: Sendable {
        /// The directory of a package. nil for a plain module.
        var directory: PathTree.Node?
        /// The source file and the stub beside it; empty for a namespace package.
        var files: [RepositoryGraph.FileIndex] = []

        var isNamespace: Bool { directory != nil && files.isEmpty }
    }

    let tree: PathTree
    /// The repository itself and its `src`.
    let mainRoots: [PathTree.Node]
    /// Directories of projects, their directories of sources, and parents of top-most packages.
    private(set) var otherRoots: Set<PathTree.Node> = []
    /// The other roots that files of all projects search. The rest serve the files of their own project.
    private var sharedRoots: Set<PathTree.Node> = []
    /// Directories with a project file.
    private var projects: Set<PathTree.Node> = []
    /// `src` of each project, and what its project file names. Packages below them are imported by their whole names.
    private var sources: Set<PathTree.Node> = []
    /// Directories with a file that is valid in Python 2 only.
    private(set) var python2: Set<PathTree.Node> = []
    /// By first part of a module name: the other roots with something of that name, in path order.
    private var names = SymbolTable()
    private var rootsByName: [[PathTree.Node]] = []

    init(_ project: Project) {
        let tree = project.tree
        self.tree = tree
        mainRoots = [PathTree.root] + (tree.child(of: PathTree.root, "src").map { [$0] } ?? [])
        findProjects(project)
        var roots = projects.union(sources)
        sharedRoots = roots
        for file in project.files where project.role(file) == 0 {
            let directory = project.directory(of: file)
            let isInit = tree.withName(of: tree.node(of: file)) {
                $0.equals("__init__.py") || $0.equals("__init__.pyi")
            }
            if isInit, directory != PathTree.root, !isPackage(tree.parent(directory)) {
                let parent = tree.parent(directory)
                if sourceRoot(parent) ?? parent == parent { roots.insert(parent) }
                if parent != PathTree.root, projects.contains(tree.parent(parent)) { sharedRoots.insert(parent) }
            }
            let facts = project.facts(file)
            if (0..<facts.count).contains(where: { facts[$0].kind == Python.Kind.python2.rawValue }) {
                python2.insert(directory)
            }
        }
        otherRoots = roots.subtracting(mainRoots)
        // Nodes are numbered in path order.
        for root in otherRoots.sorted() { index(root) }
    }

    private mutating func findProjects(_ project: Project) {
        for name in ["pyproject.toml", "setup.cfg", "setup.py"] as [StaticString] {
            for file in tree.files(named: Source.Bytes(start: name.utf8Start, count: name.utf8CodeUnitCount)) {
                let directory = project.directory(of: file)
                // Inside a package, it may be a module that happens to have this name.
                guard packageRoot(directory) == directory || Self.isSetup(project.facts(file)) else { continue }
                projects.insert(directory)
                if let sources = tree.child(of: directory, "src") { addSources(sources) }
                guard project.role(file) == Python.Role.project else { continue }
                let facts = project.facts(file)
                for index in 0..<facts.count where facts[index].kind == Python.Kind.root.rawValue {
                    if let named = tree.descend(from: directory, facts.text(facts[index])) { addSources(named) }
                }
            }
        }
    }

    private mutating func addSources(_ directory: PathTree.Node) {
        guard directory != PathTree.root, tree.isDirectory(directory), !isPackage(directory) else { return }
        sources.insert(directory)
    }

    private static func isSetup(_ facts: FileFacts) -> Bool {
        (0..<facts.count).contains { index in
            let text = facts.text(facts[index])
            return text.starts(with: "setuptools".utf8) || text.starts(with: "distutils".utf8)
        }
    }

    private mutating func index(_ root: PathTree.Node) {
        for child in tree.children(of: root) {
            tree.withName(of: child) { name in
                guard tree.isDirectory(child) || name.ends(with: ".py") || name.ends(with: ".pyi") else { return }
                let symbol = Int(names.intern(Source.Bytes(rebasing: name.prefix { $0 != UInt8(ascii: ".") })))
                if symbol == rootsByName.count { rootsByName.append([]) }
                if rootsByName[symbol].last != root { rootsByName[symbol].append(root) }
            }
        }
    }

    /// The other roots that have a module or package of this name, in path order.
    func roots(with name: Source.Bytes) -> [PathTree.Node] { names.find(name).map { rootsByName[Int($0)] } ?? [] }

    func isPackage(_ directory: PathTree.Node) -> Bool {
        tree.child(of: directory, "__init__.py") != nil || tree.child(of: directory, "__init__.pyi") != nil
    }

    /// The directory that a file in this directory searches first: the sources of its project, otherwise the one above
    /// its topmost package, or its own directory if it is a script.
    func ownRoot(_ directory: PathTree.Node) -> PathTree.Node {
        let root = packageRoot(directory)
        return sourceRoot(root) ?? root
    }

    /// The directory above the topmost package.
    ///
    /// A directory without `__init__.py` inside a package is still part of the package.
    private func packageRoot(_ directory: PathTree.Node) -> PathTree.Node {
        var top = directory
        while top != PathTree.root, !isPackage(top) { top = tree.parent(top) }
        guard top != PathTree.root else { return directory }
        while top != PathTree.root, isPackage(top) { top = tree.parent(top) }
        return top
    }

    /// The directory of sources at or above a directory of the same project. A directory below it that is not a package
    /// is a namespace.
    func sourceRoot(_ directory: PathTree.Node) -> PathTree.Node? {
        var node = directory
        while !sources.contains(node) {
            guard node != PathTree.root, !projects.contains(node) else { return nil }
            node = tree.parent(node)
        }
        return node
    }

    /// The directory of the nearest project, or the root of the repository.
    private func nearestProject(_ directory: PathTree.Node) -> PathTree.Node {
        var node = directory
        while node != PathTree.root, !projects.contains(node) { node = tree.parent(node) }
        return node
    }

    /// The directories of all projects around a directory, the nearest first, each after its directories of sources.
    func projectRoots(_ directory: PathTree.Node) -> [PathTree.Node] {
        var roots: [PathTree.Node] = []
        var node = directory
        while true {
            node = nearestProject(node)
            roots += sources.filter { nearestProject(tree.parent($0)) == node && !mainRoots.contains($0) }.sorted()
            guard node != PathTree.root else { return roots }
            roots.append(node)
            node = tree.parent(node)
        }
    }

    /// Whether files in a directory search a root that is not above them.
    func isVisible(_ root: PathTree.Node, from directory: PathTree.Node) -> Bool {
        if sharedRoots.contains(root) { return true }
        let project = nearestProject(root)
        var node = directory
        while node != project {
            guard node != PathTree.root else { return false }
            node = tree.parent(node)
        }
        return true
    }

    /// Finds a module or package by name in a directory, in Python's order: package, module, namespace.
    func step(_ directory: PathTree.Node, _ name: Source.Bytes) -> Module? {
        guard !name.isEmpty else { return nil }
        let inner = tree.child(of: directory, name)
        if let inner, tree.isDirectory(inner) {
            let files = initFiles(inner)
            if !files.isEmpty { return Module(directory: inner, files: files) }
        }
        var files: [RepositoryGraph.FileIndex] = []
        for suffix in [".py", ".pyi"] as [StaticString] {
            if let node = tree.child(of: directory, name, suffix), let file = tree.file(at: node) { files.append(file) }
        }
        if !files.isEmpty { return Module(directory: nil, files: files) }
        if let inner, tree.isDirectory(inner) { return Module(directory: inner) }
        return nil
    }

    /// `__init__.py` and `__init__.pyi` of a directory.
    func initFiles(_ directory: PathTree.Node) -> [RepositoryGraph.FileIndex] {
        var files: [RepositoryGraph.FileIndex] = []
        for name in ["__init__.py", "__init__.pyi"] as [StaticString] {
            if let node = tree.child(of: directory, name), let file = tree.file(at: node) { files.append(file) }
        }
        return files
    }

    /// Follows a dotted name from a directory.
    func descend(_ directory: PathTree.Node, _ name: Source.Bytes) -> Module? {
        var module = Module(directory: directory, files: [])
        var start = 0
        while start <= name.count {
            var end = start
            while end < name.count, name[end] != UInt8(ascii: ".") { end += 1 }
            guard let inside = module.directory, let next = step(inside, Source.Bytes(rebasing: name[start..<end]))
            else { return nil }
            module = next
            start = end + 1
        }
        return module
    }
}
