import Model

/// Finds the package of a file, by one rule for all languages; the first of these that holds:
///
/// 1. Python: the topmost folder of an unbroken chain of folders with an `__init__.py`, from the file's own upwards.
/// 2. A language whose packages have a manifest: the nearest folder, the file's own or one above, that holds one
///    (Rust `Cargo.toml`, JavaScript and TypeScript `package.json`, PHP `composer.json`, C# `*.csproj`,
///    Ruby `*.gemspec`).
/// 3. Swift: the folder below the nearest `Sources` or `Tests`, which is a target's by the package manager's habit.
/// 4. Otherwise the file's own folder, which is what Go, Java, Kotlin and Scala mean by a package.
struct PackageRoots {
    private let graph: RepositoryGraph
    /// Folders with an `__init__.py`.
    private var initialised: Set<Substring> = []
    /// By language, folders with a manifest.
    private var manifests: [String: Set<Substring>] = [:]
    private var known: [Key: String] = [:]

    private struct Key: Hashable {
        var folder: Substring
        var language: String?
    }

    init(of graph: RepositoryGraph) {
        self.graph = graph
        for file in graph.files {
            let (folder, name) = Self.split(file.path[...])
            if name == "__init__.py" || name == "__init__.pyi" { initialised.insert(folder) }
            for language in Self.languages(ofManifest: name) { manifests[language, default: []].insert(folder) }
        }
    }

    /// The path of the package's folder; empty for the repository's root.
    mutating func root(of file: Int) -> String {
        let key = Key(folder: Self.split(graph.files[file].path[...]).folder, language: graph.files[file].language)
        if let root = known[key] { return root }
        let root = String(find(key))
        known[key] = root
        return root
    }

    private func find(_ key: Key) -> Substring {
        if key.language == "python", initialised.contains(key.folder) {
            return Self.ancestors(of: key.folder).prefix { initialised.contains($0) }.last ?? key.folder
        }
        if let language = key.language, let folders = manifests[language],
            let nearest = Self.ancestors(of: key.folder).first(where: { folders.contains($0) })
        {
            return nearest
        }
        if key.language == "swift" {
            let target = Self.ancestors(of: key.folder).first {
                let parent = Self.split(Self.split($0).folder).name
                return parent == "Sources" || parent == "Tests"
            }
            if let target { return target }
        }
        return key.folder
    }

    private static func languages(ofManifest name: Substring) -> [String] {
        switch name {
        case "Cargo.toml": ["rust"]
        case "package.json": ["javascript", "typescript"]
        case "composer.json": ["php"]
        case _ where name.hasSuffix(".csproj"): ["csharp"]
        case _ where name.hasSuffix(".gemspec"): ["ruby"]
        default: []
        }
    }

    private static func split(_ path: Substring) -> (folder: Substring, name: Substring) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (path[..<slash], path[path.index(after: slash)...])
    }

    /// The folder itself and those above it, the root last.
    private static func ancestors(of folder: Substring) -> [Substring] {
        var found = [folder]
        while let last = found.last, !last.isEmpty { found.append(split(last).folder) }
        return found
    }
}
