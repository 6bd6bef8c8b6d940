import Model

extension Draft {
    /// Finds the cycles of direct dependencies between files in scope. A file outside the scope does not change, so two
    /// files that only it connects can be migrated separately.
    mutating func findCycles() {
        let members = graph.files.indices.filter { inScope[$0] }
        let found = components(of: members, edges: internalEdges(of: members))
        // Also sorted by the order of the whole graph, so that a dependency through files outside the scope always
        // points backwards. Components inside one component of the whole graph keep their order.
        cycles = found.enumerated().sorted { a, b in
            (wholeComponent[a.element[0]], a.offset) < (wholeComponent[b.element[0]], b.offset)
        }.map(\.element)
    }

    /// Cuts each cycle over the limits into pieces within the limits.
    mutating func cutCycles() {
        pieceOf = [Int](repeating: -1, count: graph.files.count)
        for cycle in cycles {
            let parts = fits(cycle) ? [cycle] : cut(cycle)
            if parts.count > 1 {
                cuts.append(
                    .init(files: cycle.map { graph.files[$0].path }.sorted(), pieces: parts.count))
            }
            for part in parts {
                for file in part { pieceOf[file] = pieces.count }
                pieces.append(Piece(files: part.sorted(), cycle: cycle.count))
            }
        }
    }

    private func fits(_ files: [Int]) -> Bool {
        if files.count == 1 { return true }
        if rules.cycles == .split { return false }
        return size(of: files).fits(rules, files: rules.maxCycle)
    }

    /// Pieces of a cycle in the order of work.
    private func cut(_ cycle: [Int]) -> [[Int]] {
        var place: [Int: Int] = [:]
        for (index, file) in cycle.enumerated() { place[file] = index }
        let edges = internalEdges(of: cycle).compactMap { edge -> CycleCut.Edge? in
            guard let from = place[Int(edge.from)], let to = place[Int(edge.to)] else { return nil }
            return CycleCut.Edge(from: from, to: to, weight: Self.weight(of: edge))
        }
        let cut = CycleCut(
            sizes: cycle.map { Size(graph.files[$0]) }, edges: edges, rules: rules,
            mostFiles: rules.cycles == .split ? 1 : rules.maxCycle)
        return cut.pieces().map { $0.map { cycle[$0] } }
    }

    /// The cost of ignoring an edge. All weak edges together cost less than one type-only edge, and all type-only edges
    /// less than one edge needed at run time, up to 200,000 edges. Many references add up to half an edge.
    private static func weight(of edge: RepositoryGraph.Edge) -> Int {
        switch edge.kind {
        case .weak: 1
        case .typeOnly: 1 << 18
        case .name, .reexport, .import: 1 << 36 + min(max(0, Int(edge.references) - 1), 64) << 29
        }
    }

    private func internalEdges(of members: [Int]) -> [RepositoryGraph.Edge] {
        let inside = Set(members)
        return members.flatMap { member in
            graph.edges(from: Int32(member)).filter { inside.contains(Int($0.to)) }
        }
    }

    private func components(of members: [Int], edges: [RepositoryGraph.Edge]) -> [[Int]] {
        var place: [Int: Int] = [:]
        for (index, member) in members.enumerated() { place[member] = index }
        let adjacency = Adjacency(
            count: members.count,
            edges: edges.lazy.compactMap { edge in
                guard let from = place[Int(edge.from)], let to = place[Int(edge.to)] else { return nil }
                return (from: from, to: to)
            })
        return Condensation(adjacency).components.map { $0.map { members[$0] } }
    }
}
