import Model

/// Pairs of a source file and a header of the same name beside it, without an include between them.
///
/// They belong together by convention only, so the edge is weak. If the header is included, directly or through one
/// other header, no edge is added.
struct CPairs: Sendable {
    private let project: Project
    /// Targets by file, as in `RepositoryGraph`: `starts[f]..<starts[f + 1]` in `targets`.
    private var starts: [Int32]
    private var targets: [RepositoryGraph.FileIndex]

    /// - Parameter includes: all include edges of the family.
    init(_ project: Project, includes: EdgeList) {
        self.project = project
        let count = Int(project.files.last ?? -1) + 2
        starts = [Int32](repeating: 0, count: count + 1)
        for edge in includes.edges { starts[Int(edge.from) + 1] += 1 }
        for index in 1..<max(1, starts.count) { starts[index] += starts[index - 1] }
        var next = starts
        targets = [RepositoryGraph.FileIndex](repeating: 0, count: includes.edges.count)
        for edge in includes.edges {
            targets[Int(next[Int(edge.from)])] = edge.to
            next[Int(edge.from)] += 1
        }
    }

    func add(to list: inout EdgeList) {
        project.resolveEach(into: &list) { file, _, list in
            guard project.role(file) == 0, let header = header(of: file), !reaches(file, header) else { return }
            list.add(from: file, to: header, kind: .weak, line: 1)
        }
    }

    private func targets(of file: RepositoryGraph.FileIndex) -> ArraySlice<RepositoryGraph.FileIndex> {
        // An include may lead to a file of another family, which has no includes.
        guard Int(file) + 1 < starts.count else { return [] }
        return targets[Int(starts[Int(file)])..<Int(starts[Int(file) + 1])]
    }

    private func reaches(_ file: RepositoryGraph.FileIndex, _ header: RepositoryGraph.FileIndex) -> Bool {
        let direct = targets(of: file)
        return direct.contains(header) || direct.contains { targets(of: $0).contains(header) }
    }

    private func header(of file: RepositoryGraph.FileIndex) -> RepositoryGraph.FileIndex? {
        let tree = project.tree
        return tree.withName(of: tree.node(of: file)) { name in
            // Sources end in `.c…` or `.m…`; headers have no header.
            guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0, dot + 1 < name.count,
                name[dot + 1] == UInt8(ascii: "c") || name[dot + 1] == UInt8(ascii: "m")
            else { return nil }
            let stem = Source.Bytes(rebasing: name[..<dot])
            for suffix in [".h", ".hh", ".hpp", ".hxx"] as [StaticString] {
                if let node = tree.child(of: project.directory(of: file), stem, suffix),
                    let header = tree.file(at: node)
                {
                    return header
                }
            }
            return nil
        }
    }
}
