import Foundation
package import Model
import Synchronization

/// Builds the graph of one commit: scans every file once, on all cores, then links each family of languages.
package struct GraphBuilder: Sendable {
    /// One file of the commit.
    package struct Entry: Sendable, Equatable {
        package var path: String
        package var blob: ObjectID
        /// The mode of the tree entry, such as `0o100644`; links and submodules become files without a language.
        package var mode: UInt32

        /// The traits that follow from the mode.
        var kindTraits: RepositoryGraph.Traits {
            switch mode & 0o170000 {
            case 0o120000: .symbolicLink
            case 0o160000: .submodule
            default: []
            }
        }

        package init(path: String, blob: ObjectID, mode: UInt32 = 0o100644) {
            self.path = path
            self.blob = blob
            self.mode = mode
        }
    }

    /// Statistics of a build, for `-v` and for tests of the cache.
    package struct Figures: Sendable, Equatable {
        /// Files that were read because the cache did not have them.
        package var read = 0
        package var cached = 0
        package var bytesRead = 0

        package init() {}
    }

    /// The size of the largest file that is scanned, in bytes. Larger files are nodes without edges. No source written
    /// by people is larger, and scanning must stay bounded.
    package static let largestScanned = 4 << 20
    /// Lines of larger files are not counted.
    package static let largestRead = 64 << 20

    /// The path of the cache of facts, or nil for none.
    package var cachePath: String?
    /// The number of scanning threads.
    package var workers: Int

    package init(cachePath: String? = nil, workers: Int = ProcessInfo.processInfo.activeProcessorCount) {
        self.cachePath = cachePath
        self.workers = max(1, workers)
    }

    /// - Parameters:
    ///   - entries: the files of the commit in any order, each path once.
    ///   - source: gives the contents of files that are not in the cache.
    package func build(_ entries: [Entry], from source: some BlobSource) throws(GraphError) -> RepositoryGraph {
        try buildWithFigures(entries, from: source).graph
    }

    /// Like `build`, and also returns how much had to be read.
    package func buildWithFigures(
        _ entries: [Entry], from source: some BlobSource
    ) throws(GraphError) -> (graph: RepositoryGraph, figures: Figures) {
        let sorted = Self.sorted(entries)
        for index in sorted.indices.dropFirst() where sorted[index].path == sorted[index - 1].path {
            // Names that are equal in Unicode normal form are two files, although Swift's `==` finds them equal.
            guard sorted[index].path.utf8.elementsEqual(sorted[index - 1].path.utf8) else { continue }
            throw .duplicatePath(sorted[index].path)
        }
        let paths = sorted.map(\.path)
        let cache = cachePath.map { FactsCache(path: $0) }
        let tree = Mutex<PathTree?>(nil)
        let scan = try scan(sorted, from: source, cache: cache) {
            let built = PathTree(paths: paths)
            tree.withLock { $0 = built }
        }
        cache?.append(scan.fresh, live: scan.cachedBytes)
        guard let tree = tree.withLock({ $0 }) else { return (RepositoryGraph(files: [], edges: []), scan.figures) }

        let store = FactStore(places: scan.places, arenas: scan.arenas, cache: cache)
        let commit = Commit(tree: tree, paths: paths, roles: scan.roles, store: store)
        let files = Parallel.map(paths.count, chunk: 2048) { range in
            range.map { index in
                let summary = store.facts(index).summary
                return RepositoryGraph.File(
                    path: paths[index], language: LanguageRegistry.name(summary.language, role: commit.roles[index]),
                    lines: summary.lines, bytes: summary.bytes,
                    traits: RepositoryGraph.Traits(rawValue: summary.traits).union(PathTraits.of(paths[index]))
                        .union(sorted[index].kindTraits))
            }
        }
        var edges = EdgeList()
        LinkTargets.add(sorted, store: store, tree: tree, to: &edges)
        link(commit, into: &edges)
        return (RepositoryGraph(files: files.flatMap { $0 }, edges: edges.edges), scan.figures)
    }

    /// Links the families one after the other. Each uses all cores.
    private func link(_ commit: Commit, into edges: inout EdgeList) {
        var members = [[Int32]](repeating: [], count: LanguageRegistry.families.count)
        for index in commit.paths.indices {
            let language = Int(commit.store.facts(index).summary.language) - 1
            if language >= 0 { members[LanguageRegistry.familyOf[language]].append(Int32(index)) }
        }
        for (family, files) in zip(LanguageRegistry.families, members) where !files.isEmpty {
            family.link(Project(commit, files: files), into: &edges)
        }
    }

    /// Git lists trees in nearly this order, so a check first saves most sorts.
    private static func sorted(_ entries: [Entry]) -> [Entry] {
        for index in entries.indices.dropFirst() where entries[index].path < entries[index - 1].path {
            return entries.sorted { $0.path < $1.path }
        }
        return entries
    }
}
