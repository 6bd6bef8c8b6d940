package import Model

/// All files of a commit with their facts.
struct Commit: Sendable {
    var tree: PathTree
    var paths: [String]
    var roles: [UInt8]
    var store: FactStore
}

/// The input of a language's `link`: all paths of the commit, and the facts of the files of its family.
package final class Project: Sendable {
    package typealias FileIndex = RepositoryGraph.FileIndex

    package var tree: PathTree { commit.tree }
    /// The files of the family in path order, project files included.
    package let files: [FileIndex]
    private let commit: Commit

    init(_ commit: Commit, files: [FileIndex]) {
        self.commit = commit
        self.files = files
    }

    package func path(_ file: FileIndex) -> String { commit.paths[Int(file)] }

    /// The name of a file's language; nil for a file that no scanner reads.
    package func language(_ file: FileIndex) -> String? {
        LanguageRegistry.name(facts(file).summary.language, role: role(file))
    }

    /// The order in which the language of a file looks names up; nil for a language without one.
    func nameOrder(_ file: FileIndex) -> NameLookup.Dialect? {
        LanguageRegistry.language(facts(file).summary.language, role: role(file))?.description.nameOrder
    }

    package func role(_ file: FileIndex) -> UInt8 { commit.roles[Int(file)] }

    /// The facts of any file. Valid as long as the project.
    package func facts(_ file: FileIndex) -> FileFacts { commit.store.facts(Int(file)) }

    /// The directory of a file.
    package func directory(of file: FileIndex) -> PathTree.Node { tree.parent(tree.node(of: file)) }

    /// Like `resolveEach(into:_:)`, with a state that a run of neighbouring files shares. It is copied for each run, so
    /// it may cache results of earlier files.
    package func resolveEach<State: Sendable>(
        into edges: inout EdgeList, state: State,
        _ resolve: @Sendable (FileIndex, FileFacts, inout State, inout EdgeList) -> Void
    ) {
        // Long runs make good use of the cache, and a few per core balance the load.
        let chunks = Parallel.map(files.count, chunk: max(64, files.count / 16)) { range in
            var list = EdgeList()
            var state = state
            for place in range { resolve(files[place], facts(files[place]), &state, &list) }
            return list
        }
        for chunk in chunks { edges.append(chunk) }
    }

    /// Resolves the files of the family on all cores. The edges have the order of the files.
    ///
    /// - Parameter resolve: called once per file, on any thread. It must only read shared data.
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
