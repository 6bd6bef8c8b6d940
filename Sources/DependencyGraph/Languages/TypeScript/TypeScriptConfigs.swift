/// Finds the configuration of a directory, with everything it extends.
struct TypeScriptConfigs: Sendable {
    private typealias Kind = TypeScriptProjectReader.Kind

    /// Options as written, each with the directory of its file.
    private struct Raw {
        struct Value {
            var directory: String
            var text: String
        }
        var baseURL: Value?
        var rootDir: Value?
        var outDir: Value?
        var rootDirs: [Value] = []
        var paths: [(pattern: String, targets: [Value])] = []
        var references: [Value] = []
    }

    /// A longer chain of `extends` is a mistake.
    private static let longestChain = 64

    private let project: Project
    private let workspaces: TypeScriptWorkspaces
    private var byDirectory: [PathTree.Node: TypeScriptConfig] = [:]
    /// The files read so far. A file that is being read is empty here, which ends a cycle.
    private var known: [Project.FileIndex: Raw] = [:]

    init(_ project: Project, _ workspaces: TypeScriptWorkspaces) {
        self.project = project
        self.workspaces = workspaces
        for file in project.files where project.role(file) == TypeScript.Role.config.rawValue {
            let name = project.tree.name(of: project.tree.node(of: file))
            let directory = project.directory(of: file)
            guard name == "tsconfig.json" || name == "jsconfig.json" && byDirectory[directory] == nil else { continue }
            byDirectory[directory] = config(file)
        }
        known = [:]
    }

    /// The nearest configuration at or above a directory.
    func nearest(_ directory: PathTree.Node) -> TypeScriptConfig? {
        guard !byDirectory.isEmpty else { return nil }
        var node = directory
        while true {
            if let config = byDirectory[node] { return config }
            guard node != PathTree.root else { return nil }
            node = project.tree.parent(node)
        }
    }

    private mutating func config(_ file: Project.FileIndex) -> TypeScriptConfig {
        let raw = merged(file, 0)
        let own = resolved(raw, leaf: path(ofDirectory: file))
        guard !own.mapsNames else { return own }
        // A configuration that only refers to others uses their options.
        for reference in raw.references.prefix(64) {
            guard let other = find(reference.text, from: reference.directory) else { continue }
            let config = resolved(merged(other, 0), leaf: path(ofDirectory: other))
            if config.mapsNames { return config }
        }
        return own
    }

    private func path(ofDirectory file: Project.FileIndex) -> String {
        project.tree.path(of: project.directory(of: file))
    }

    private mutating func merged(_ file: Project.FileIndex, _ depth: Int) -> Raw {
        if let raw = known[file] { return raw }
        var raw = Raw()
        known[file] = raw
        let facts = project.facts(file)
        let directory = path(ofDirectory: file)
        if depth < Self.longestChain {
            for index in 0..<facts.count where facts[index].kind == Kind.extends.rawValue {
                guard let base = find(facts.string(facts[index]), from: directory), base != file else { continue }
                let inherited = merged(base, depth + 1)
                raw.baseURL = inherited.baseURL ?? raw.baseURL
                raw.rootDir = inherited.rootDir ?? raw.rootDir
                raw.outDir = inherited.outDir ?? raw.outDir
                if !inherited.rootDirs.isEmpty { raw.rootDirs = inherited.rootDirs }
                if !inherited.paths.isEmpty { raw.paths = inherited.paths }
            }
        }
        var rootDirs: [Raw.Value] = []
        var paths: [(pattern: String, targets: [Raw.Value])] = []
        for index in 0..<facts.count {
            let fact = facts[index]
            let value = Raw.Value(directory: directory, text: facts.string(fact))
            switch Kind(rawValue: fact.kind) {
            case .baseURL: raw.baseURL = value
            case .rootDir: raw.rootDir = value
            case .outDir: raw.outDir = value
            case .rootDirs: rootDirs.append(value)
            case .reference: raw.references.append(value)
            case .path:
                let pattern = facts.text(Int(fact.value)).string
                if paths.last?.pattern == pattern {
                    paths[paths.count - 1].targets.append(value)
                } else {
                    paths.append((pattern, [value]))
                }
            default: break
            }
        }
        if !rootDirs.isEmpty { raw.rootDirs = rootDirs }
        if !paths.isEmpty { raw.paths = paths }
        known[file] = raw
        return raw
    }

    private func resolved(_ raw: Raw, leaf: String) -> TypeScriptConfig {
        func path(_ value: Raw.Value, base: String? = nil) -> String? {
            let variable = "${configDir}"
            if value.text.hasPrefix(variable) {
                return RelativePath.join(leaf, String(value.text.dropFirst(variable.count).drop { $0 == "/" }))
            }
            return RelativePath.join(base ?? value.directory, value.text)
        }
        var config = TypeScriptConfig()
        config.baseURL = raw.baseURL.flatMap { path($0) }
        config.rootDir = raw.rootDir.flatMap { path($0) }
        config.outDir = raw.outDir.flatMap { path($0) }
        config.rootDirs = raw.rootDirs.compactMap { path($0) }
        config.aliases = raw.paths.map { entry in
            TypeScriptConfig.Alias(
                pattern: TypeScriptPattern(entry.pattern),
                targets: entry.targets.compactMap { path($0, base: config.baseURL) })
        }
        return config
    }

    /// The file of `extends` or a reference: a path with or without `.json`, a directory, or a file of a package.
    private func find(_ text: String, from directory: String) -> Project.FileIndex? {
        if text.hasPrefix("."), let path = RelativePath.join(directory, text) { return configFile(path) }
        guard let (package, rest) = workspaces.package(named: text) else {
            // References need no `./`.
            return RelativePath.join(directory, text).flatMap { configFile($0) }
        }
        return RelativePath.join(project.tree.path(of: package), rest).flatMap { configFile($0) }
    }

    private func configFile(_ path: String) -> Project.FileIndex? {
        let tree = project.tree
        for suffix in ["", ".json", "/tsconfig.json"] {
            if let node = tree.descend(from: PathTree.root, path + suffix), let file = tree.file(at: node) {
                return file
            }
        }
        return nil
    }
}

/// Paths from the root of the repository, as text, for files that may not exist.
enum RelativePath {
    /// Follows `path` from a directory; empty for the root itself.
    /// - Returns: nil if `..` leaves the repository, or the path is absolute.
    static func join(_ directory: String, _ path: String) -> String? {
        guard !path.hasPrefix("/") else { return nil }
        var parts = directory.split(separator: "/")
        for part in path.split(separator: "/") where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }
}
