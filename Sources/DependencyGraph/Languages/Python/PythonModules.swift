import Model

/// Where modules are found: the roots of the repository, and the steps from a package to what is in it.
struct PythonModules: Sendable {
    /// What a dotted name stands for.
    struct Module: Sendable {
        /// The directory of a package; nil for a plain module.
        var directory: PathTree.Node?
        /// The source file and the stub beside it; empty for a namespace package.
        var files: [RepositoryGraph.FileIndex] = []

        var isNamespace: Bool { directory != nil && files.isEmpty }
    }

    private let tree: PathTree
    /// The repository itself and its `src`.
    private let mainRoots: [PathTree.Node]
    /// Parents of top-most packages and directories of projects, in path order.
    private let otherRoots: [PathTree.Node]
    /// For a root below a directory of tests or examples, that directory: only files below it use the root.
    private let fences: [PathTree.Node: PathTree.Node]

    init(_ project: Project) {
        let tree = project.tree
        self.tree = tree
        mainRoots = [PathTree.root] + (tree.child(of: PathTree.root, "src").map { [$0] } ?? [])
        var roots: Set<PathTree.Node> = []
        for file in project.files {
            let directory = project.directory(of: file)
            let name = tree.name(of: tree.node(of: file))
            if name == "__init__.py" || name == "__init__.pyi" {
                if directory != PathTree.root, !Self.isPackage(tree, tree.parent(directory)) {
                    roots.insert(tree.parent(directory))
                }
            } else if name == "setup.py" {
                roots.formUnion(Self.projectRoots(tree, directory))
            }
        }
        for name in ["pyproject.toml", "setup.cfg"] {
            var name = name
            for file in name.withUTF8({ tree.files(named: $0) }) {
                roots.formUnion(Self.projectRoots(tree, project.directory(of: file)))
            }
        }
        roots.subtract(mainRoots)
        otherRoots = roots.sorted { tree.path(of: $0) < tree.path(of: $1) }
        var fences: [PathTree.Node: PathTree.Node] = [:]
        for root in otherRoots {
            var node = root
            while node != PathTree.root {
                if tree.withName(of: node, { PathTraits.isAside($0) }) { fences[root] = node }
                node = tree.parent(node)
            }
        }
        self.fences = fences
    }

    private static func projectRoots(_ tree: PathTree, _ directory: PathTree.Node) -> [PathTree.Node] {
        [directory] + (tree.child(of: directory, "src").map { [$0] } ?? [])
    }

    static func isPackage(_ tree: PathTree, _ directory: PathTree.Node) -> Bool {
        tree.child(of: directory, "__init__.py") != nil || tree.child(of: directory, "__init__.pyi") != nil
    }

    /// The roots in the order in which a file in `directory` searches them: its own package's, the main ones, its own
    /// directory if it is no package (that is where Python starts a script), then the others, nearest first.
    func roots(for directory: PathTree.Node) -> (own: [PathTree.Node], others: [PathTree.Node]) {
        var top = directory
        while top != PathTree.root, Self.isPackage(tree, top) { top = tree.parent(top) }
        var own = [top]
        for root in mainRoots where !own.contains(root) { own.append(root) }
        let above = ancestors(directory)
        let others = otherRoots.filter { root in
            guard !own.contains(root) else { return false }
            guard let fence = fences[root] else { return true }
            return above[fence] != nil
        }
        let near = others.enumerated().map { (place: $0.offset, root: $0.element, common: common($0.element, above)) }
        return (own, near.sorted { ($1.common, $0.place) < ($0.common, $1.place) }.map(\.root))
    }

    /// The directory and all above it, each with its depth.
    private func ancestors(_ directory: PathTree.Node) -> [PathTree.Node: Int] {
        var result: [PathTree.Node: Int] = [:]
        var depth = tree.depth(directory)
        var node = directory
        while true {
            result[node] = depth
            guard node != PathTree.root else { return result }
            node = tree.parent(node)
            depth -= 1
        }
    }

    private func common(_ root: PathTree.Node, _ above: [PathTree.Node: Int]) -> Int {
        var node = root
        while true {
            if let depth = above[node] { return depth }
            node = tree.parent(node)
        }
    }

    /// The module or package that a name means inside a directory, in Python's order: package, module, namespace.
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
