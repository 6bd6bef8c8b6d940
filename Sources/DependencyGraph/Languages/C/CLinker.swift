import Model

/// Turns the includes of files into edges. A linker serves a run of files on one thread and caches its results.
struct CLinker {
    private typealias FileIndex = RepositoryGraph.FileIndex

    private let project: Project
    private let includes: CIncludes
    private let tree: PathTree
    /// The directory that `above`, `declared` and `known` belong to.
    private var directory: PathTree.Node = -1
    /// The directory and the directories above it, each with its depth.
    private var above: [PathTree.Node: Int] = [:]
    /// Include directories that build files name for this directory, nearest first.
    private var declared: [PathTree.Node] = []
    /// By text of an include: its target in this directory.
    private var known: [Int32: Int32] = [:]
    private var names = SymbolTable()
    /// Files whose paths end with an include's text.
    private var candidates: [[FileIndex]?] = []

    private static let mostCandidates = 512
    /// The largest number of headers that one macro chooses between.
    private static let mostDefinitions = 32

    init(_ project: Project, _ includes: CIncludes) {
        self.project = project
        self.includes = includes
        tree = project.tree
    }

    mutating func run(_ file: RepositoryGraph.FileIndex, _ facts: FileFacts, into list: inout EdgeList) {
        guard project.role(file) == 0 else { return }
        enter(project.directory(of: file))
        for index in 0..<facts.count {
            let fact = facts[index]
            let text = facts.text(fact)
            switch C.Kind(rawValue: fact.kind) {
            case .quoted, .angled, .next:
                let isAngled = fact.kind != C.Kind.quoted.rawValue
                let isNext = fact.kind == C.Kind.next.rawValue
                let isImport = fact.flags & C.isImport != 0
                if let target = resolve(text, isAngled: isAngled, isImport: isImport, besides: isNext ? file : nil) {
                    list.add(from: file, to: target, kind: .import, line: fact.line)
                }
            case .macro:
                macro(text.string, in: file, at: fact, into: &list)
            case .definition, .directory, .macroOption, nil:
                break
            }
        }
    }

    private mutating func enter(_ node: PathTree.Node) {
        guard node != directory else { return }
        directory = node
        known.removeAll(keepingCapacity: true)
        above.removeAll(keepingCapacity: true)
        declared.removeAll(keepingCapacity: true)
        var depth = tree.depth(node)
        var next = node
        while true {
            above[next] = depth
            for found in includes.directories[next] ?? [] where !declared.contains(found) { declared.append(found) }
            guard next != PathTree.root else { break }
            next = tree.parent(next)
            depth -= 1
        }
    }

    /// Adds the header of a macro, as defined by the same file or a build file, or else by any file.
    private mutating func macro(
        _ name: String, in file: RepositoryGraph.FileIndex, at fact: FileFact, into list: inout EdgeList
    ) {
        guard let all = includes.macros[name] else { return }
        var isFound = false
        for isNear in [true, false] where !isFound {
            let chosen = all.lazy.filter { ($0.file == file || $0.isOption) == isNear }
            for definition in chosen.prefix(Self.mostDefinitions) {
                var path = definition.path
                let target = path.withUTF8 { resolve($0, isAngled: definition.isAngled, isImport: false, besides: nil) }
                guard let target else { continue }
                list.add(from: file, to: target, kind: .import, line: fact.line)
                isFound = true
            }
        }
    }

    private mutating func resolve(
        _ path: Source.Bytes, isAngled: Bool, isImport: Bool, besides self: RepositoryGraph.FileIndex?
    ) -> RepositoryGraph.FileIndex? {
        if let `self` { return search(path, isAngled: isAngled, isImport: isImport, besides: `self`) }
        let symbol = Int32(bitPattern: names.intern(path) << 1 | (isAngled ? 1 : 0))
        if let found = known[symbol] { return found < 0 ? nil : found }
        let found = search(path, isAngled: isAngled, isImport: isImport, besides: nil)
        known[symbol] = found ?? -1
        return found
    }

    private mutating func search(
        _ path: Source.Bytes, isAngled: Bool, isImport: Bool, besides own: RepositoryGraph.FileIndex?
    ) -> RepositoryGraph.FileIndex? {
        if !isAngled, let node = tree.descend(from: directory, path), let file = tree.file(at: node), file != own {
            return file
        }
        for root in declared {
            if let node = tree.descend(from: root, path), let file = tree.file(at: node), file != own { return file }
        }
        var found = candidates(path).filter { $0 != own }
        if found.isEmpty, isImport { found = framework(path) }
        if CStandardHeaders.contains(path) {
            found = found.filter { file in
                let root = tree.parent(tree.node(of: file))
                return includes.libraries.contains(root) && above[tree.parent(root)] != nil
            }
        }
        return best(found, parts: path.reduce(1) { $0 + ($1 == UInt8(ascii: "/") ? 1 : 0) })
    }

    /// All files whose path ends with the path of the include, without leading `./` and `../`.
    private mutating func candidates(_ path: Source.Bytes) -> [RepositoryGraph.FileIndex] {
        let symbol = Int(names.intern(path))
        if symbol >= candidates.count { candidates += repeatElement(nil, count: names.count - candidates.count) }
        if let known = candidates[symbol] { return known }
        var path = path
        while path.starts(with: [UInt8(ascii: "."), UInt8(ascii: "."), UInt8(ascii: "/")]) {
            path = Source.Bytes(rebasing: path.dropFirst(3))
        }
        var parts: [Source.Bytes] = []
        for part in path.split(separator: UInt8(ascii: "/")) { parts.append(Source.Bytes(rebasing: part)) }
        guard let last = parts.popLast() else { return [] }
        let found = tree.files(named: last).filter { file in
            var node = tree.parent(tree.node(of: file))
            for part in parts.reversed() {
                guard node != PathTree.root, tree.withName(of: node, { $0.elementsEqual(part) }) else { return false }
                node = tree.parent(node)
            }
            return true
        }
        // A very common name is ambiguous, and ranking all files for each directory would be quadratic.
        let useful = found.count <= Self.mostCandidates ? found : []
        candidates[symbol] = useful
        return useful
    }

    /// `#import <Framework/Header.h>`: the header may be anywhere below a directory with the name of the framework.
    private func framework(_ path: Source.Bytes) -> [RepositoryGraph.FileIndex] {
        guard let slash = path.firstIndex(of: UInt8(ascii: "/")) else { return [] }
        let name = Source.Bytes(rebasing: path[..<slash])
        return tree.files(named: Source.Bytes(rebasing: path[(slash + 1)...])).filter { file in
            var node = tree.node(of: file)
            while node != PathTree.root {
                node = tree.parent(node)
                if tree.withName(of: node, { $0.elementsEqual(name) }) { return true }
            }
            return false
        }
    }

    /// Chooses the file that shares the longest directory with this one, then one whose include directory is beside
    /// this file or above, then the shortest path.
    private func best(_ files: [RepositoryGraph.FileIndex], parts: Int) -> RepositoryGraph.FileIndex? {
        var best: (common: Int, sibling: Int, length: Int, file: RepositoryGraph.FileIndex)?
        for file in files {
            var root = tree.node(of: file)
            for _ in 0..<parts where root != PathTree.root { root = tree.parent(root) }
            var node = root
            while above[node] == nil { node = tree.parent(node) }
            let common = above[node] ?? 0
            let sibling = root == PathTree.root || above[tree.parent(root)] != nil ? 1 : 0
            if isFenced(root) { continue }
            let rank = (common: common, sibling: sibling, length: -tree.depth(root), file: file)
            guard let known = best else {
                best = rank
                continue
            }
            if (known.common, known.sibling, known.length) < (rank.common, rank.sibling, rank.length) { best = rank }
        }
        return best?.file
    }

    /// Whether the directory belongs to tests or examples that this file is not part of.
    private func isFenced(_ root: PathTree.Node) -> Bool {
        var node = root
        while above[node] == nil {
            if tree.withName(of: node, { PathTraits.isAside($0) }) { return true }
            node = tree.parent(node)
        }
        return false
    }
}
