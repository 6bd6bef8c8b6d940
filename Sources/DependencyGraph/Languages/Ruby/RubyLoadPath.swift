import Model

/// The search path of `require`: `lib` and the test directories above a file, and the load paths of all gems of the
/// repository.
struct RubyLoadPath: Sendable {
    private let tree: PathTree
    /// Directories that gemspecs put on the load path, in path order.
    private let roots: [PathTree.Node]

    init(_ project: Project) {
        let tree = project.tree
        self.tree = tree
        var roots: Set<PathTree.Node> = []
        for file in project.files where project.path(file).hasSuffix(".gemspec") {
            let directory = project.directory(of: file)
            let facts = project.facts(file)
            var isNamed = false
            for index in 0..<facts.count where facts[index].kind == Ruby.Kind.loadPath.rawValue {
                isNamed = true
                if let root = tree.descend(from: directory, facts.text(facts[index])) { roots.insert(root) }
            }
            if !isNamed, let root = tree.child(of: directory, "lib" as StaticString) { roots.insert(root) }
        }
        self.roots = roots.sorted { tree.path(of: $0) < tree.path(of: $1) }
    }

    /// The file at a path from a directory. Adds `.rb` if it is missing.
    func file(_ directory: PathTree.Node, _ path: Source.Bytes) -> Project.FileIndex? {
        for suffix in [".rb", ""] as [StaticString] {
            if let node = tree.descend(from: directory, path, suffix), let file = tree.file(at: node) { return file }
        }
        return nil
    }

    /// The file that `require` finds from a file in `directory`.
    func required(_ path: Source.Bytes, from directory: PathTree.Node) -> Project.FileIndex? {
        if path.first == UInt8(ascii: ".") {
            // Paths with a leading dot are relative to the working directory: the root of a project.
            return upward(directory) { file($0, path) }
        }
        let near = upward(directory) { node in
            for name in ["lib", "test", "spec", "app"] as [StaticString] {
                guard let root = tree.child(of: node, name) else { continue }
                if let found = file(root, path) { return found }
            }
            // `load` also takes a path from the root of a project, and needs the complete name.
            return path.contains(UInt8(ascii: ".")) ? file(node, path) : nil
        }
        if let near { return near }
        for root in roots {
            if let found = file(root, path) { return found }
        }
        return nil
    }

    /// Searches the directory and all directories above it.
    private func upward(
        _ directory: PathTree.Node, _ find: (PathTree.Node) -> Project.FileIndex?
    ) -> Project.FileIndex? {
        var node = directory
        while true {
            if let found = find(node) { return found }
            guard node != PathTree.root else { return nil }
            node = tree.parent(node)
        }
    }
}
