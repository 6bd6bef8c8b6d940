import Model

/// Chooses between several files that declare the same name in different modules, source sets or platforms.
struct DeclarationChoice {
    let index: ScopeIndex
    let file: RepositoryGraph.FileIndex
    let dialect: NameLookup.Dialect
    /// The platform of the file's source set, if sources are split by platform.
    private let platform: String?

    init(index: ScopeIndex, file: RepositoryGraph.FileIndex, dialect: NameLookup.Dialect) {
        self.index = index
        self.file = file
        self.dialect = dialect
        platform = dialect == .kotlin ? Self.platform(index.project.path(file)) : nil
    }

    /// `jvm` for `…/src/jvmMain/…` and `…/src/jvmTest/…`, by the convention of Kotlin Multiplatform.
    private static func platform(_ path: String) -> String? {
        for part in path.utf8.split(separator: UInt8(ascii: "/")) where part.count > 4 {
            let end = part.suffix(4)
            if end.elementsEqual("Main".utf8) || end.elementsEqual("Test".utf8) { return String(part.dropLast(4)) }
        }
        return nil
    }

    private var tree: NameTree { _read { yield index.tree } }

    /// Calls `body` with each file that a reference to the node needs.
    /// - Parameter flags: the flags of the reference.
    func files(of node: NameTree.Node, flags: UInt8, _ body: (RepositoryGraph.FileIndex) -> Void) {
        if flags & ScopedFact.Reference.own != 0 { return parts(of: node, body) }
        guard let wanted = wanted(node, flags) else { return }
        if let only = only(node, wanted) { return body(only) }
        var best: NameTree.Declaration?
        var bestRank = Rank(depth: -1, platform: 0, isTest: true)
        for declaration in tree.declarations(of: node) where isCandidate(declaration, wanted) {
            let rank = rank(declaration.file)
            // Declarations come in reverse order of files, so with equal ranks the first path is chosen.
            if best == nil || !(rank < bestRank) {
                best = declaration
                bestRank = rank
            }
        }
        guard let best else { return }
        guard wanted == .value || best.kinds.contains(.partial) else { return body(best.file) }
        // All parts of a type, and all equally near functions of one name.
        for declaration in tree.declarations(of: node) where isCandidate(declaration, wanted) {
            let isPart = declaration.kinds.contains(.partial) && best.kinds.contains(.partial)
            let rank = rank(declaration.file)
            if isPart ? index.bounds.isSame(declaration.file, best.file) : rank.isLevel(with: bestRank) {
                body(declaration.file)
            }
        }
    }

    /// The parts of a type that declare one of its members.
    private func parts(of member: NameTree.Node, _ body: (RepositoryGraph.FileIndex) -> Void) {
        let declarations = tree.declarations(of: member)
        guard !declarations.contains(where: { $0.file == file }) else { return }
        var reached: Set<RepositoryGraph.FileIndex> = []
        for declaration in declarations where index.bounds.reaches(file, declaration.file) {
            if reached.insert(declaration.file).inserted { body(declaration.file) }
        }
    }

    /// The file, if there is only one.
    private func only(_ node: NameTree.Node, _ wanted: NameTree.Kinds) -> RepositoryGraph.FileIndex? {
        var only: RepositoryGraph.FileIndex?
        for declaration in tree.declarations(of: node) where isCandidate(declaration, wanted) {
            if let only, only != declaration.file { return nil }
            only = declaration.file
        }
        return only
    }

    /// The kind of declaration that the reference means, among the kinds of the node.
    private func wanted(_ node: NameTree.Node, _ flags: UInt8) -> NameTree.Kinds? {
        let kinds = tree.kinds(node)
        // A call means the function and any other use the class. A name that is passed on is more likely the class.
        if kinds.contains(.type), flags & ScopedFact.Reference.call == 0 { return .type }
        if flags & ScopedFact.Reference.any != 0, kinds.contains(.value),
            !tree.kinds(tree.parent(node)).contains(.type), tree.declarations(of: node).contains(where: isVisibleValue)
        {
            return .value
        }
        return kinds.contains(.type) ? .type : nil
    }

    private func isVisibleValue(_ declaration: NameTree.Declaration) -> Bool { isCandidate(declaration, .value) }

    private func isCandidate(_ declaration: NameTree.Declaration, _ wanted: NameTree.Kinds) -> Bool {
        guard !declaration.kinds.isDisjoint(with: wanted) else { return false }
        if declaration.kinds.contains(.isPrivate), declaration.file != file { return false }
        if declaration.kinds.contains(.facade), dialect == .kotlin { return false }
        // Common code cannot see the declarations of one platform.
        return platform != Self.common || platformRank(declaration.file) > 0
    }

    private static let common = "common"

    private func platformRank(_ other: RepositoryGraph.FileIndex) -> Int {
        guard let platform else { return 1 }
        guard let theirs = Self.platform(index.project.path(other)) else { return 1 }
        return theirs == platform ? 2 : theirs == Self.common ? 1 : 0
    }

    private struct Rank: Comparable {
        /// The number of leading directories that two files share. A project that the file's own project refers to
        /// counts as near.
        var depth: Int
        /// Returns 2 for the same platform, 1 for common code and 0 for another platform.
        var platform: Int
        var isTest: Bool

        static func < (a: Rank, b: Rank) -> Bool {
            if a.depth != b.depth { return a.depth < b.depth }
            return a.platform != b.platform ? a.platform < b.platform : a.isTest && !b.isTest
        }

        func isLevel(with other: Rank) -> Bool {
            depth >= other.depth && platform >= other.platform && isTest == other.isTest
        }
    }

    private func rank(_ other: RepositoryGraph.FileIndex) -> Rank {
        let paths = index.project.tree
        var a = paths.node(of: file)
        var b = paths.node(of: other)
        if a == b { return Rank(depth: .max, platform: 2, isTest: false) }
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
        let reach = index.bounds.reaches(file, other) ? 1000 : 0
        let isTest = index.isTest(other)
        return Rank(depth: reach + depthA, platform: platformRank(other), isTest: isTest)
    }
}
