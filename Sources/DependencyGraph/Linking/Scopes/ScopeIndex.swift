import Model

/// The declarations of all files of a family: the tree of names, and for each file the nodes of its scopes.
final class ScopeIndex: Sendable {
    typealias Node = NameTree.Node
    typealias Symbol = SymbolTable.Symbol
    typealias FileIndex = RepositoryGraph.FileIndex

    /// An import in one file that applies to its whole project.
    struct GlobalImport: Sendable {
        var file: FileIndex
        var fact: Int
    }

    /// One scope of one file.
    struct Scope: Sendable {
        var kind: ScopedFact
        var flags: UInt8
        var parent: UInt16
        var node: Node
    }

    let project: Project
    let bounds: ProjectBounds
    /// Imports that apply to all files of a project, by project file.
    let globals: [FileIndex?: [GlobalImport]]
    let symbols: SymbolTable
    let tree: NameTree
    /// By symbol: whether some type has a member of that name, which a call after a dot may mean.
    private let members: [Bool]
    private let scopes: [Scope]
    /// By place in `project.files`: the start of its scopes, and one more at the end.
    private let starts: [Int]
    /// By file: whether its path is a test.
    private let tests: [Bool]
    /// By node: the start of its supertypes in `supers`. Empty if they are not known yet.
    private let superStarts: [Int32]
    private let supers: [Node]

    init(_ project: Project) {
        let collector = ScopeCollector(project)
        self.project = project
        bounds = collector.bounds
        globals = collector.globals
        symbols = collector.symbols
        tree = collector.tree
        members = collector.members
        scopes = collector.scopes
        starts = collector.starts
        let first = Int(project.files.first ?? 0)
        let count = project.files.last.map { Int($0) - first + 1 } ?? 0
        tests =
            Array(repeating: false, count: first)
            + Parallel.map(count, chunk: 512) { range in
                range.map { PathTraits.of(project.path(FileIndex(first + $0))).contains(.test) }
            }.joined()
        superStarts = []
        supers = []
    }

    /// The same index with supertypes.
    /// - Parameter pairs: each type with one of its supertypes, in any order.
    init(_ index: ScopeIndex, supertypes pairs: [(node: Node, base: Node)]) {
        project = index.project
        bounds = index.bounds
        globals = index.globals
        symbols = index.symbols
        tree = index.tree
        members = index.members
        scopes = index.scopes
        starts = index.starts
        tests = index.tests
        var starts = [Int32](repeating: 0, count: index.tree.count + 1)
        for pair in pairs { starts[Int(pair.node) + 1] += 1 }
        for place in 1..<starts.count { starts[place] += starts[place - 1] }
        var supers = [Node](repeating: 0, count: pairs.count)
        var next = starts
        for pair in pairs {
            supers[Int(next[Int(pair.node)])] = pair.base
            next[Int(pair.node)] += 1
        }
        superStarts = starts
        self.supers = supers
    }

    /// The scopes of a file, by its place in `project.files`. Never empty for source, because scope 0 is the file
    /// itself.
    func scopes(at place: Int) -> ArraySlice<Scope> { scopes[starts[place]..<starts[place + 1]] }

    func isMember(_ symbol: Symbol) -> Bool { Int(symbol) < members.count && members[Int(symbol)] }

    func isTest(_ file: FileIndex) -> Bool { tests[Int(file)] }

    private func supers(of node: Node) -> Range<Int> {
        superStarts.isEmpty ? 0..<0 : Int(superStarts[Int(node)])..<Int(superStarts[Int(node) + 1])
    }

    /// The largest number of supertypes to search for one name. Real hierarchies are smaller.
    private static let mostSupers = 64

    /// The member of a type with this name, its own or an inherited one, or `none`.
    func member(of node: Node, _ symbol: Symbol) -> Node {
        let own = tree.child(node, symbol)
        let direct = supers(of: node)
        if own != NameTree.none || direct.isEmpty { return own }
        if direct.count == 1 {
            // Most types have one supertype, which has no supertypes in the project.
            let base = supers[direct.lowerBound]
            if supers(of: base).isEmpty { return tree.child(base, symbol) }
        }
        var queue = Array(supers[direct].prefix(Self.mostSupers))
        var place = 0
        while place < queue.count {
            let found = tree.child(queue[place], symbol)
            if found != NameTree.none { return found }
            for next in supers(of: queue[place]) where queue.count < Self.mostSupers {
                if !queue.contains(supers[next]) { queue.append(supers[next]) }
            }
            place += 1
        }
        return NameTree.none
    }
}
