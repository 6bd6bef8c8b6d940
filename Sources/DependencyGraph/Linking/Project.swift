package import Model

/// What a language's `link` gets: all paths of the commit, and the facts of the files of its family.
package final class Project: Sendable {
    package typealias FileIndex = RepositoryGraph.FileIndex

    package let tree: PathTree
    /// The files of the family in path order, project files included.
    package let files: [FileIndex]
    private let paths: [String]
    private let languages: [Int8]
    private let roles: [UInt8]
    private let store: FactStore

    init(
        tree: PathTree, files: [FileIndex], paths: [String], languages: [Int8], roles: [UInt8], store: FactStore
    ) {
        self.tree = tree
        self.files = files
        self.paths = paths
        self.languages = languages
        self.roles = roles
        self.store = store
    }

    package func path(_ file: FileIndex) -> String { paths[Int(file)] }

    /// The language of any file, by name; nil for a file that no scanner reads.
    package func language(_ file: FileIndex) -> String? {
        let index = Int(languages[Int(file)])
        return index < 0 ? nil : LanguageRegistry.all[index].name
    }

    package func role(_ file: FileIndex) -> UInt8 { roles[Int(file)] }

    /// The facts of any file; valid as long as the project.
    package func facts(_ file: FileIndex) -> FileFacts { store.facts(Int(file)) }

    /// The directory that a file lies in.
    package func directory(of file: FileIndex) -> PathTree.Node { tree.parent(tree.node(of: file)) }

    /// As `resolveEach(into:_:)`, with a value that a run of neighbouring files shares: copied for each run, so it may
    /// remember what the files before have found.
    package func resolveEach<State: Sendable>(
        into edges: inout EdgeList, state: State,
        _ resolve: @Sendable (FileIndex, FileFacts, inout State, inout EdgeList) -> Void
    ) {
        // Long runs make the most of what was remembered; a few per core even out their lengths.
        let chunks = Parallel.map(files.count, chunk: max(64, files.count / 32)) { range in
            var list = EdgeList()
            var state = state
            for place in range { resolve(files[place], facts(files[place]), &state, &list) }
            return list
        }
        for chunk in chunks { edges.append(chunk) }
    }

    /// Resolves the files of the family on all cores; the edges come out in the order of the files.
    ///
    /// - Parameter resolve: called once per file, on any thread; it may only read what was built before.
    package func resolveEach(
        into edges: inout EdgeList, _ resolve: @Sendable (FileIndex, FileFacts, inout EdgeList) -> Void
    ) {
        let chunks = Parallel.map(files.count, chunk: 64) { range in
            var list = EdgeList()
            for place in range { resolve(files[place], facts(files[place]), &list) }
            return list
        }
        for chunk in chunks { edges.append(chunk) }
    }
}
