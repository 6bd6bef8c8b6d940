import Model

extension TypeScriptResolver {
    /// The file of a URL, relative to the file that names it. A path from the root of a site starts at the directory
    /// of the page or at one above it.
    func url(_ path: Source.Bytes, from directory: PathTree.Node) -> FileIndex? {
        let path = Source.Bytes(rebasing: path.prefix { $0 != UInt8(ascii: "#") })
        guard path.first == UInt8(ascii: "/") else { return file(path, from: directory) }
        let rest = Source.Bytes(rebasing: path.dropFirst())
        // `//host/path` is another site.
        guard !rest.isEmpty, rest.first != UInt8(ascii: "/") else { return nil }
        var node = directory
        while true {
            if let found = file(rest, from: node) { return found }
            if let site = project.tree.child(of: node, "public" as StaticString), let found = file(rest, from: site) {
                return found
            }
            guard node != PathTree.root, workspaces.package(at: node) == nil else { return nil }
            node = project.tree.parent(node)
        }
    }

    private func file(_ path: Source.Bytes, from directory: PathTree.Node) -> FileIndex? {
        guard !path.isEmpty, !path.contains(UInt8(ascii: ":")) else { return nil }
        if let node = project.tree.descend(from: directory, path), let file = project.tree.file(at: node) {
            return file
        }
        return modules.load(directory, path)
    }

    /// The number of files and directories below the fixed part of a pattern that are looked at.
    private static let mostVisited = 20_000

    /// Calls `body` with each file that a pattern of `import.meta.glob` matches, unless another pattern of the call
    /// excludes it.
    func glob(
        at place: Int, of facts: FileFacts, from directory: PathTree.Node, config: TypeScriptConfig?,
        _ body: (FileIndex) -> Void
    ) {
        let fact = facts[place]
        guard fact.flags & TypeScript.isExcluded == 0,
            let pattern = pattern(facts.string(fact), directory, config), let wanted = try? Glob(pattern)
        else { return }
        let excluded = (0..<facts.count).compactMap { index -> Glob? in
            let other = facts[index]
            guard other.kind == fact.kind, other.value == fact.value, other.flags & TypeScript.isExcluded != 0,
                let pattern = self.pattern(facts.string(other), directory, config)
            else { return nil }
            return try? Glob(pattern)
        }
        let fixed = pattern.split(separator: "/").dropLast().prefix { !$0.contains { "*?[{(!+@".contains($0) } }
        guard let start = project.tree.descend(from: PathTree.root, fixed.joined(separator: "/")) else { return }
        var open = [start]
        var visited = 0
        while let node = open.popLast(), visited < Self.mostVisited {
            visited += 1
            if let file = project.tree.file(at: node) {
                let path = project.path(file)
                if wanted.matches(path), !excluded.contains(where: { $0.matches(path) }) { body(file) }
            } else if project.tree.name(of: node) != "node_modules" {
                open += project.tree.children(of: node)
            }
        }
    }

    /// The pattern as a path from the root of the repository.
    private func pattern(_ text: String, _ directory: PathTree.Node, _ config: TypeScriptConfig?) -> String? {
        let base = project.tree.path(of: directory)
        if text.hasPrefix(".") { return RelativePath.join(base, text) }
        if text.hasPrefix("/") {
            let root = workspaces.scope(of: directory)?.directory ?? PathTree.root
            return RelativePath.join(project.tree.path(of: root), String(text.drop { $0 == "/" }))
        }
        var name = text
        return name.withUTF8 { bytes in
            guard let config, let match = TypeScriptPattern.best(config.aliases, for: bytes, { $0.pattern }),
                let target = match.entry.targets.first
            else { return nil }
            return TypeScriptPattern.substitute(match.star, in: target)
        }
    }
}
