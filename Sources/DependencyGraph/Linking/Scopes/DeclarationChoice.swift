import Model

/// Chooses among several files that declare the same name, as modules, source sets and platforms of one repository do.
struct DeclarationChoice {
    let index: ScopeIndex
    let file: RepositoryGraph.FileIndex
    let dialect: NameLookup.Dialect

    private var tree: NameTree { _read { yield index.tree } }

    /// Calls `body` with each file that a reference to the node needs.
    /// - Parameter flags: of the reference.
    func files(of node: NameTree.Node, flags: UInt8, _ body: (RepositoryGraph.FileIndex) -> Void) {
        guard let wanted = wanted(node, flags) else { return }
        if let only = only(node, wanted) { return body(only) }
        var best: NameTree.Declaration?
        var bestRank = Rank(depth: -1, isTest: true)
        for declaration in tree.declarations(of: node) where isCandidate(declaration, wanted) {
            let rank = rank(declaration.file)
            // Declarations come last file first, so an equal rank moves the choice to the first path.
            if best == nil || !(rank < bestRank) {
                best = declaration
                bestRank = rank
            }
        }
        guard let best else { return }
        guard wanted == .value || best.kinds.contains(.partial) else { return body(best.file) }
        // All parts of a type, and all functions of one name that lie equally near.
        for declaration in tree.declarations(of: node) where isCandidate(declaration, wanted) {
            let isPart = declaration.kinds.contains(.partial) && best.kinds.contains(.partial)
            let rank = rank(declaration.file)
            if isPart ? index.isSameProject(declaration.file, best.file) : rank.isLevel(with: bestRank) {
                body(declaration.file)
            }
        }
    }

    /// The file, if there is nothing to choose.
    private func only(_ node: NameTree.Node, _ wanted: NameTree.Kinds) -> RepositoryGraph.FileIndex? {
        var only: RepositoryGraph.FileIndex?
        for declaration in tree.declarations(of: node) where isCandidate(declaration, wanted) {
            if let only, only != declaration.file { return nil }
            only = declaration.file
        }
        return only
    }

    /// Which sort of declaration the reference means, of those that the node has.
    private func wanted(_ node: NameTree.Node, _ flags: UInt8) -> NameTree.Kinds? {
        let kinds = tree.kinds(node)
        let wantsValue = flags & ScopedFact.Reference.any != 0
        let isTopLevel = !tree.kinds(tree.parent(node)).contains(.type)
        if wantsValue, isTopLevel, kinds.contains(.value), tree.declarations(of: node).contains(where: isVisibleValue) {
            return .value
        }
        return kinds.contains(.type) ? .type : nil
    }

    private func isVisibleValue(_ declaration: NameTree.Declaration) -> Bool { isCandidate(declaration, .value) }

    private func isCandidate(_ declaration: NameTree.Declaration, _ wanted: NameTree.Kinds) -> Bool {
        guard !declaration.kinds.isDisjoint(with: wanted) else { return false }
        if declaration.kinds.contains(.isPrivate), declaration.file != file { return false }
        return !declaration.kinds.contains(.facade) || dialect != .kotlin
    }

    private struct Rank: Comparable {
        /// How many directories the two files have in common; a project that the own one refers to counts as near.
        var depth: Int
        var isTest: Bool

        static func < (a: Rank, b: Rank) -> Bool {
            a.depth != b.depth ? a.depth < b.depth : a.isTest && !b.isTest
        }

        func isLevel(with other: Rank) -> Bool { depth >= other.depth && isTest == other.isTest }
    }

    private func rank(_ other: RepositoryGraph.FileIndex) -> Rank {
        let paths = index.project.tree
        var a = paths.node(of: file)
        var b = paths.node(of: other)
        if a == b { return Rank(depth: .max, isTest: false) }
        (a, b) = (paths.parent(a), paths.parent(b))
        var (depthA, depthB) = (paths.depth(a), paths.depth(b))
        while a != b {
            if depthA >= depthB {
                a = paths.parent(a)
                depthA -= 1
            } else {
                b = paths.parent(b)
                depthB -= 1
            }
        }
        let reach = index.reaches(file, other) ? 1000 : 0
        return Rank(depth: reach + depthA, isTest: PathTraits.of(index.project.path(other)).contains(.test))
    }
}
