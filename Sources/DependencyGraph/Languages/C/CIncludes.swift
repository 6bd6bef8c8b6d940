import Model

/// The data for resolving the includes of a repository: include directories from build files, and macros that expand to
/// a header.
final class CIncludes: Sendable {
    struct Definition: Sendable {
        var file: RepositoryGraph.FileIndex
        var path: String
        var isAngled: Bool
        /// Whether a build file passes it to the compiler.
        var isOption: Bool
    }

    /// Include directories of the build files in a directory, in their order.
    let directories: [PathTree.Node: [PathTree.Node]]
    let macros: [String: [Definition]]
    /// Directories with so many of the standard headers that they are a C library.
    let libraries: Set<PathTree.Node>

    /// The largest number of definitions of one macro. More do not choose between headers.
    private static let mostDefinitions = 256

    private static let libraryHeaders: [StaticString] = [
        "stdio.h", "stdlib.h", "string.h", "stdint.h", "ctype.h", "errno.h", "limits.h", "math.h", "signal.h", "time.h",
    ]

    init(_ project: Project) {
        let tree = project.tree
        var directories: [PathTree.Node: [PathTree.Node]] = [:]
        var macros: [String: [Definition]] = [:]
        for file in project.files {
            let facts = project.facts(file)
            for index in 0..<facts.count {
                let fact = facts[index]
                if fact.kind == C.Kind.directory.rawValue {
                    let directory = project.directory(of: file)
                    let found = Self.directory(facts.text(fact), flags: fact.flags, below: directory, in: tree)
                    if let found { Self.add(found, to: &directories[directory, default: []]) }
                } else if fact.kind == C.Kind.definition.rawValue || fact.kind == C.Kind.macroOption.rawValue {
                    let definition = Definition(
                        file: file, path: facts.text(Int(fact.value)).string, isAngled: fact.flags & C.isAngled != 0,
                        isOption: fact.kind == C.Kind.macroOption.rawValue)
                    let name = facts.string(fact)
                    if macros[name]?.count ?? 0 < Self.mostDefinitions { macros[name, default: []].append(definition) }
                }
            }
        }
        self.directories = directories
        self.macros = macros
        var counts: [PathTree.Node: Int] = [:]
        for header in Self.libraryHeaders {
            let name = Source.Bytes(start: header.utf8Start, count: header.utf8CodeUnitCount)
            for file in tree.files(named: name) { counts[project.directory(of: file), default: 0] += 1 }
        }
        libraries = Set(counts.filter { $0.value >= 6 }.keys)
    }

    private static func add(_ directory: PathTree.Node, to list: inout [PathTree.Node]) {
        if !list.contains(directory) { list.append(directory) }
    }

    /// Finds the directory that a build file means. A path after a variable, or of another machine, is resolved from
    /// the nearest directory above in which it exists. Leading parts of an absolute path are dropped until it exists.
    private static func directory(
        _ path: Source.Bytes, flags: UInt8, below directory: PathTree.Node, in tree: PathTree
    ) -> PathTree.Node? {
        if path.isEmpty { return directory }
        var rest = path
        while true {
            var node = directory
            while true {
                if let found = tree.descend(from: node, rest), tree.isDirectory(found) { return found }
                guard node != PathTree.root else { break }
                node = tree.parent(node)
            }
            guard flags & C.hasVariable != 0, let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return nil }
            rest = Source.Bytes(rebasing: rest[(slash + 1)...])
            if rest.isEmpty { return nil }
        }
    }
}
