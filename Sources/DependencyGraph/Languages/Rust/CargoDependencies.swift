import Model

/// The entries of one table of dependencies, by key.
struct CargoDependencies: Sendable {
    struct Entry: Sendable {
        /// The directory of `path`; nil for a package of a registry.
        var directory: PathTree.Node?
        /// The name of the package, if the key is another name for it.
        var package: String?
        /// Whether the entry is the one of the workspace with the same key.
        var isInherited = false
    }

    private(set) var entries: [String: Entry] = [:]

    /// Adds one setting of the table.
    /// - Parameters:
    ///   - name: the key of the dependency if it is part of the section, otherwise empty.
    ///   - directory: finds the directory of a path.
    mutating func add(_ name: Substring, key: String, value: String, directory: (String) -> PathTree.Node?) {
        let parts = key.split(separator: ".", maxSplits: 1)
        let isSection = !name.isEmpty
        guard let first = isSection ? name : parts.first else { return }
        let field = isSection ? key : parts.count == 2 ? String(parts[1]) : ""
        var entry = entries[String(first)] ?? Entry()
        switch field {
        case "path": entry.directory = directory(value)
        case "package": entry.package = value
        case "workspace": entry.isInherited = value == "true"
        default: break
        }
        entries[String(first)] = entry
    }

    /// Whether a section is a table of dependencies of the manifest's own package, for all platforms or for one.
    /// - Returns: the key of the dependency whose table it is; empty for the table of all; nil for other sections.
    static func own(_ section: String) -> Substring? {
        guard !section.hasPrefix("workspace."), !section.hasPrefix("patch.") else { return nil }
        if let range = section.ranges(of: "dependencies.").last { return unquoted(section[range.upperBound...]) }
        return section.hasSuffix("dependencies") ? "" : nil
    }

    /// Like `own`, for the dependencies that members of a workspace inherit.
    static func inherited(_ section: String) -> Substring? {
        let table = "workspace.dependencies"
        if section == table { return "" }
        return section.hasPrefix(table + ".") ? unquoted(section.dropFirst(table.count + 1)) : nil
    }

    /// Like `own`, for `[patch.SOURCE]`. A source that is an address is in quotes.
    static func patched(_ section: String) -> Substring? {
        let table = "patch."
        guard section.hasPrefix(table) else { return nil }
        let rest = section.dropFirst(table.count)
        let source: Substring
        if let quote = rest.first, quote == "\"" || quote == "'" {
            source = rest.dropFirst().drop { $0 != quote }.dropFirst()
        } else {
            source = rest.drop { $0 != "." }
        }
        return source.hasPrefix(".") ? unquoted(source.dropFirst()) : ""
    }

    private static func unquoted(_ name: Substring) -> Substring {
        var name = name
        while let first = name.first, first == "\"" || first == "'" { name = name.dropFirst() }
        while let last = name.last, last == "\"" || last == "'" { name = name.dropLast() }
        return name
    }
}

/// The part of a workspace's manifest that its members use.
struct CargoWorkspace: Sendable {
    private(set) var dependencies = CargoDependencies()
    /// Directories that replace packages of a registry, by the name of the package.
    private(set) var patches: [String: PathTree.Node] = [:]

    /// - Returns: nil for a manifest that no other manifest can refer to.
    init?(_ project: Project, _ manifest: Project.FileIndex) {
        let tree = project.tree
        let directory = project.directory(of: manifest)
        let facts = project.facts(manifest)
        var section = ""
        var patched = CargoDependencies()
        var isWorkspace = false
        for index in 0..<facts.count {
            let fact = facts[index]
            let text = facts.string(fact)
            guard fact.kind == Rust.Kind.setting.rawValue else {
                section = text
                if section == "workspace" || section.hasPrefix("workspace.") || section.hasPrefix("patch.") {
                    isWorkspace = true
                }
                continue
            }
            let key = facts.text(Int(fact.value)).string
            if let name = CargoDependencies.inherited(section) {
                dependencies.add(name, key: key, value: text) { tree.descend(from: directory, $0) }
            } else if let name = CargoDependencies.patched(section) {
                patched.add(name, key: key, value: text) { tree.descend(from: directory, $0) }
            }
        }
        guard isWorkspace else { return nil }
        for (key, entry) in patched.entries {
            if let directory = entry.directory { patches[entry.package ?? key] = directory }
        }
    }
}
