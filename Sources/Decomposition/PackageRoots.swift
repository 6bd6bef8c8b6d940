import Model

/// Finds the package of a file by the rule of its language. Where the rule finds nothing, the file's own folder is the
/// package.
struct PackageRoots {
    private let graph: RepositoryGraph
    /// By the name of the language.
    private let rules: [String: PackageRule]
    /// By language, the folders that hold a file which the language's rule names.
    private var marked: [String: Set<Substring>] = [:]
    private var known: [Key: String] = [:]

    private struct Key: Hashable {
        var folder: Substring
        var language: String?
    }

    init(of graph: RepositoryGraph, rules: [String: PackageRule]) {
        self.graph = graph
        self.rules = rules
        let names = rules.compactMapValues { rule -> FileNames? in
            switch rule {
            case .chain(let names), .nearest(let names): FileNames(names)
            case .ownFolder, .below: nil
            }
        }
        for file in graph.files {
            let (folder, name) = Self.split(file.path[...])
            for (language, names) in names where names.contain(name) { marked[language, default: []].insert(folder) }
        }
    }

    /// The path of the package's folder; empty for the repository's root.
    mutating func root(of file: Int) -> String {
        let key = Key(folder: Self.split(graph.files[file].path[...]).folder, language: graph.files[file].language)
        if let root = known[key] { return root }
        let root = String(find(key) ?? key.folder)
        known[key] = root
        return root
    }

    private func find(_ key: Key) -> Substring? {
        guard let language = key.language, let rule = rules[language] else { return nil }
        let folders = marked[language] ?? []
        let ancestors = Self.ancestors(of: key.folder)
        switch rule {
        case .ownFolder: return nil
        case .chain: return ancestors.prefix { folders.contains($0) }.last
        case .nearest: return ancestors.first { folders.contains($0) }
        case .below(let parents):
            return ancestors.first { folder in parents.contains { $0 == Self.split(Self.split(folder).folder).name } }
        }
    }

    /// Whole file names, and endings written as `*.csproj`.
    private struct FileNames {
        private var whole: Set<Substring> = []
        private var endings: [Substring] = []

        init(_ names: [String]) {
            for name in names {
                if name.hasPrefix("*") { endings.append(name.dropFirst()) } else { whole.insert(name[...]) }
            }
        }

        func contain(_ name: Substring) -> Bool {
            whole.contains(name) || endings.contains { name.hasSuffix($0) }
        }
    }

    private static func split(_ path: Substring) -> (folder: Substring, name: Substring) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (path[..<slash], path[path.index(after: slash)...])
    }

    /// The folder itself and the folders above it, the root last.
    private static func ancestors(of folder: Substring) -> [Substring] {
        var found = [folder]
        while let last = found.last, !last.isEmpty { found.append(split(last).folder) }
        return found
    }
}
