import Model

/// Resolves module names in the order of TypeScript's `resolveModuleName`.
struct TypeScriptResolver: Sendable {
    typealias FileIndex = Project.FileIndex

    let project: Project
    let modules: TypeScriptModules
    let workspaces: TypeScriptWorkspaces
    let configs: TypeScriptConfigs

    init(_ project: Project) {
        self.project = project
        workspaces = TypeScriptWorkspaces(project)
        configs = TypeScriptConfigs(project, workspaces)
        modules = TypeScriptModules(tree: project.tree, workspaces: workspaces)
    }

    /// Adds the edges of one file.
    func link(_ file: FileIndex, _ facts: FileFacts, into list: inout EdgeList) {
        guard !facts.isEmpty, project.role(file) <= TypeScript.Role.jsx.rawValue else { return }
        let directory = project.directory(of: file)
        let config = configs.nearest(directory)
        for index in 0..<facts.count {
            let fact = facts[index]
            guard let kind = TypeScript.Kind(rawValue: fact.kind) else { continue }
            let name = facts.text(fact)
            if kind == .glob {
                glob(at: index, of: facts, from: directory, config: config) { target in
                    list.add(from: file, to: target, kind: .import, line: fact.line)
                }
                continue
            }
            let target: FileIndex? =
                switch kind {
                case .reference: project.tree.descend(from: directory, name).flatMap { project.tree.file(at: $0) }
                case .url: url(Self.withoutLoaders(name), from: directory)
                case .glob: nil
                case .import, .reexport: resolve(name, from: directory, config: config)
                }
            guard let target else { continue }
            let isType = fact.flags & TypeScript.typeOnly != 0
            list.add(
                from: file, to: target, kind: isType ? .typeOnly : kind == .reexport ? .reexport : .import,
                line: fact.line)
        }
    }

    private func resolve(
        _ name: Source.Bytes, from directory: PathTree.Node, config: TypeScriptConfig?
    ) -> FileIndex? {
        let name = Self.withoutLoaders(name)
        guard let first = name.first else { return nil }
        if first == UInt8(ascii: "."), Self.isRelative(name) {
            if let found = modules.load(directory, name) { return found }
            return config.flatMap { rooted(name, from: directory, config: $0) }
        }
        if let config, let found = mapped(name, config) { return found }
        if first == UInt8(ascii: "#") { return imported(name, directory) }
        return packaged(name, directory)
    }

    static func isRelative(_ name: Source.Bytes) -> Bool {
        let dots = name.prefix { $0 == UInt8(ascii: ".") }.count
        return dots == 1 || dots == 2 ? name.count == dots || name[dots] == UInt8(ascii: "/") : false
    }

    /// Bundlers write `loader!./file` and `./file?query`.
    private static func withoutLoaders(_ name: Source.Bytes) -> Source.Bytes {
        var name = name
        if let mark = name.lastIndex(of: UInt8(ascii: "!")) { name = Source.Bytes(rebasing: name[(mark + 1)...]) }
        if let mark = name.firstIndex(of: UInt8(ascii: "?")) { name = Source.Bytes(rebasing: name[..<mark]) }
        return name
    }

    /// `rootDirs`: the same relative path below another root.
    private func rooted(
        _ name: Source.Bytes, from directory: PathTree.Node, config: TypeScriptConfig
    ) -> FileIndex? {
        guard !config.rootDirs.isEmpty, let path = RelativePath.join(project.tree.path(of: directory), name.string)
        else { return nil }
        let own = config.rootDirs.filter { $0.isEmpty || path.hasPrefix($0 + "/") }.max { $0.count < $1.count }
        guard let own else { return nil }
        let rest = path.dropFirst(own.isEmpty ? 0 : own.count + 1)
        for root in config.rootDirs where root != own {
            if let found = modules.load(PathTree.root, root.isEmpty ? String(rest) : "\(root)/\(rest)") { return found }
        }
        return nil
    }

    /// `paths`, then `baseUrl`.
    private func mapped(_ name: Source.Bytes, _ config: TypeScriptConfig) -> FileIndex? {
        if let (alias, star) = TypeScriptPattern.best(config.aliases, for: name, { $0.pattern }) {
            for target in alias.targets {
                let path = TypeScriptPattern.substitute(star, in: target)
                if let found = modules.load(PathTree.root, path) { return found }
            }
        }
        guard let base = config.baseURL, let node = project.tree.descend(from: PathTree.root, base) else { return nil }
        return modules.load(node, name)
    }

    /// `#name`, by the `imports` of the file's package.
    private func imported(_ name: Source.Bytes, _ directory: PathTree.Node) -> FileIndex? {
        guard let scope = workspaces.scope(of: directory),
            let (entry, star) = TypeScriptPattern.best(scope.package.imports, for: name, { $0.pattern })
        else { return nil }
        if let found = load(entry.targets, star: star, in: scope.directory) { return found }
        for target in entry.targets where !target.path.hasPrefix(".") {
            var path = TypeScriptPattern.substitute(star, in: target.path)
            if let found = path.withUTF8({ packaged($0, directory) }) { return found }
        }
        return nil
    }

    /// A package of the repository, by its own name or as a member of a workspace.
    private func packaged(_ name: Source.Bytes, _ directory: PathTree.Node) -> FileIndex? {
        let length = TypeScriptWorkspaces.nameLength(name)
        let packageName = Source.Bytes(rebasing: name[..<length])
        let rest = Source.Bytes(rebasing: name[min(name.count, length + 1)...])
        if let found = workspaces.package(named: packageName, from: directory),
            let package = workspaces.package(at: found)
        {
            return entry(of: package, in: found, rest: rest)
        }
        if let found = installed(name, package: packageName, rest: rest, from: directory) { return found }
        guard let scope = workspaces.scope(of: directory), !scope.package.exports.isEmpty,
            packageName.elementsEqual(scope.package.name.utf8)
        else { return nil }
        return entry(of: scope.package, in: scope.directory, rest: rest)
    }

    /// A package in a `node_modules` that is part of the repository.
    private func installed(
        _ name: Source.Bytes, package: Source.Bytes, rest: Source.Bytes, from directory: PathTree.Node
    ) -> FileIndex? {
        guard modules.hasInstalled else { return nil }
        var node = directory
        while true {
            if let inner = project.tree.child(of: node, "node_modules" as StaticString) {
                if let found = project.tree.descend(from: inner, package), let package = workspaces.package(at: found) {
                    if let target = entry(of: package, in: found, rest: rest) { return target }
                } else if let found = modules.load(inner, name) {
                    return found
                }
            }
            guard node != PathTree.root else { return nil }
            node = project.tree.parent(node)
        }
    }

    /// The file of a package for a path inside it; an empty path is the package itself.
    private func entry(
        of package: TypeScriptPackage, in directory: PathTree.Node, rest: Source.Bytes
    ) -> FileIndex? {
        var key = rest.isEmpty ? "." : "./" + rest.string
        let match = key.withUTF8 { bytes in
            TypeScriptPattern.best(package.exports, for: bytes) { $0.pattern }.flatMap { match in
                load(match.entry.targets, star: match.star, in: directory)
            }
        }
        if let match { return match }
        if !rest.isEmpty {
            return modules.load(directory, rest) ?? source(of: rest.string, directory)
        }
        // `load` of a directory follows its `main`. A file that is not built leads to its source.
        if let found = modules.load(directory, ".") { return found }
        for main in package.mains {
            if let found = source(of: main, directory) { return found }
        }
        return modules.load(directory, "src/index")
    }

    private func load(
        _ targets: [TypeScriptPackage.Target], star: Source.Bytes, in directory: PathTree.Node
    ) -> FileIndex? {
        let paths = targets.filter(\.isUsual) + targets.filter { !$0.isUsual }
        let relative = paths.filter { $0.path.hasPrefix(".") }
            .map { TypeScriptPattern.substitute(star, in: $0.path) }
        for path in relative {
            if let found = modules.load(directory, path) { return found }
        }
        for path in relative {
            if let found = source(of: path, directory) { return found }
        }
        return nil
    }

    /// Directories that builds write into.
    private static let outputs: Set<Substring> = [
        "dist", "lib", "build", "out", "output", "es", "esm", "cjs", "umd", "types", "typings", "commonjs", "module",
        "modules", "bundle", "dist-types", "es6", "esnext", "node", "browser",
    ]

    /// The source of a built file: by `outDir` and `rootDir`, otherwise by the convention of `dist` and `src`.
    private func source(of path: String, _ directory: PathTree.Node) -> FileIndex? {
        let package = project.tree.path(of: directory)
        guard let whole = RelativePath.join(package, path) else { return nil }
        if let config = configs.nearest(directory), let out = config.outDir, whole.hasPrefix(out + "/") {
            let rest = Self.stem(whole.dropFirst(out.count + 1))
            for root in [config.rootDir, package + "/src", package].compactMap({ $0 }) {
                if let found = modules.load(PathTree.root, root.isEmpty ? rest : "\(root)/\(rest)") { return found }
            }
        }
        var parts = path.split(separator: "/").drop { $0 == "." }
        guard let first = parts.first, Self.outputs.contains(first) else { return nil }
        while parts.count > 1, let first = parts.first, Self.outputs.contains(first) || first == "src" {
            parts = parts.dropFirst()
        }
        let rest = Self.stem(Substring(parts.joined(separator: "/")))
        for candidate in ["src/" + rest, "lib/" + rest, rest] {
            if let found = modules.load(directory, candidate) { return found }
        }
        return nil
    }

    /// The path without the ending of compiled code.
    private static func stem(_ path: Substring) -> String {
        for ending in [".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs", ".jsx"] where path.hasSuffix(ending) {
            return String(path.dropLast(ending.count))
        }
        return String(path)
    }
}
