import Model

/// The packages of the repository that other packages can name: members of a workspace and linked directories.
struct TypeScriptWorkspaces: Sendable {
    private typealias Kind = TypeScriptProjectReader.Kind

    private let tree: PathTree
    private var packages: [PathTree.Node: TypeScriptPackage] = [:]
    private var names = SymbolTable()
    /// By number of the name: the directories of packages with that name, in path order.
    private var named: [[PathTree.Node]] = []
    private var members: Set<PathTree.Node> = []
    /// By directory of a package: the directories of its dependencies, for it and everything below it.
    private var links: [PathTree.Node: [(name: String, directory: PathTree.Node)]] = [:]

    init(_ project: Project) {
        tree = project.tree
        var globs: [(directory: String, taken: [Glob], left: [Glob])] = []
        for file in project.files {
            let role = project.role(file)
            guard role == TypeScript.Role.package.rawValue || role == TypeScript.Role.workspace.rawValue else {
                continue
            }
            let facts = project.facts(file)
            let directory = project.directory(of: file)
            if role == TypeScript.Role.package.rawValue { packages[directory] = TypeScriptPackage(facts) }
            let path = tree.path(of: directory)
            var taken: [Glob] = []
            var left: [Glob] = []
            for index in 0..<facts.count {
                let fact = facts[index]
                let text = facts.string(fact)
                if fact.kind == Kind.workspace.rawValue {
                    let isLeft = text.hasPrefix("!")
                    guard let glob = Self.glob(isLeft ? String(text.dropFirst()) : text) else { continue }
                    if isLeft { left.append(glob) } else { taken.append(glob) }
                } else if fact.kind == Kind.link.rawValue, let linked = tree.descend(from: directory, text) {
                    links[directory, default: []].append((facts.text(Int(fact.value)).string, linked))
                }
            }
            if !taken.isEmpty { globs.append((path, taken, left)) }
        }
        for directory in packages.keys.sorted(by: { tree.path(of: $0) < tree.path(of: $1) }) {
            guard let package = packages[directory], !package.name.isEmpty else { continue }
            let path = tree.path(of: directory)
            let isMember = globs.contains { root in
                // The root itself is not a member: package managers do not link it into the `node_modules` of the
                // others.
                guard path != root.directory else { return false }
                let prefix = root.directory.isEmpty ? "" : root.directory + "/"
                guard path.hasPrefix(prefix), !path.split(separator: "/").contains("node_modules") else { return false }
                let rest = String(path.dropFirst(prefix.count))
                return root.taken.contains { $0.matches(rest) } && !root.left.contains { $0.matches(rest) }
            }
            if isMember {
                members.insert(directory)
                add(package.name, directory)
            }
        }
    }

    private static func glob(_ text: String) -> Glob? {
        var text = Substring(text)
        if text.hasPrefix("./") { text = text.dropFirst(2) }
        while text.last == "/" { text = text.dropLast() }
        return text.isEmpty ? nil : try? Glob(String(text))
    }

    private mutating func add(_ name: String, _ directory: PathTree.Node) {
        let symbol = Int(names.intern(name))
        if symbol == named.count { named.append([]) }
        if !named[symbol].contains(directory) { named[symbol].append(directory) }
    }

    func package(at directory: PathTree.Node) -> TypeScriptPackage? { packages[directory] }

    /// The package of a directory.
    func scope(of directory: PathTree.Node) -> (directory: PathTree.Node, package: TypeScriptPackage)? {
        var node = directory
        while true {
            if let package = packages[node] { return (node, package) }
            guard node != PathTree.root else { return nil }
            node = tree.parent(node)
        }
    }

    /// The length of the package's name in a module name: `a`, or `@scope/a`.
    static func nameLength(_ module: Source.Bytes) -> Int {
        var slashes = module.first == UInt8(ascii: "@") ? 2 : 1
        for (index, byte) in module.enumerated() where byte == UInt8(ascii: "/") {
            slashes -= 1
            if slashes == 0 { return index }
        }
        return module.count
    }

    /// The directory of the package with a name, as seen by other packages. The nearest, if there are several.
    func package(named name: Source.Bytes, from directory: PathTree.Node) -> PathTree.Node? {
        guard let symbol = names.find(name), let first = named[Int(symbol)].first else {
            return linked(name, directory)
        }
        guard !isOutside(directory) else { return linked(name, directory) }
        guard named[Int(symbol)].count > 1 else { return first }
        var node = directory
        while node != PathTree.root {
            node = tree.parent(node)
            if let near = named[Int(symbol)].first(where: { isBelow($0, node) }) { return near }
        }
        return first
    }

    /// Whether a directory belongs to a package beside the workspace, which has its own `node_modules`.
    private func isOutside(_ directory: PathTree.Node) -> Bool {
        var passed = false
        var node = directory
        while node != PathTree.root, !members.contains(node) {
            if let package = packages[node], !package.name.isEmpty { passed = true }
            node = tree.parent(node)
        }
        return passed && node == PathTree.root
    }

    private func linked(_ name: Source.Bytes, _ directory: PathTree.Node) -> PathTree.Node? {
        guard !links.isEmpty else { return nil }
        var node = directory
        while true {
            if let link = links[node]?.first(where: { name.elementsEqual($0.name.utf8) }) { return link.directory }
            guard node != PathTree.root else { return nil }
            node = tree.parent(node)
        }
    }

    private func isBelow(_ node: PathTree.Node, _ directory: PathTree.Node) -> Bool {
        var node = node
        while node != directory {
            guard node != PathTree.root else { return false }
            node = tree.parent(node)
        }
        return true
    }

    func package(named module: String) -> (directory: PathTree.Node, rest: String)? {
        var module = module
        return module.withUTF8 { bytes in
            let length = Self.nameLength(bytes)
            let name = Source.Bytes(rebasing: bytes[..<length])
            guard let found = package(named: name, from: PathTree.root) else { return nil }
            return (found, Source.Bytes(rebasing: bytes[min(bytes.count, length + 1)...]).string)
        }
    }
}
