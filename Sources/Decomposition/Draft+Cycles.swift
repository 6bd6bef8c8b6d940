import Model

extension Draft {
    /// Cycles count only where files in scope depend on each other directly: a file outside the scope stays as it is,
    /// so two files that are tied by it alone can be migrated apart.
    mutating func findCycles() {
        let members = graph.files.indices.filter { inScope[$0] }
        let found = components(of: members, edges: internalEdges(of: members))
        // Sorted by the order of the whole graph too, so that a dependency through files outside the scope always
        // points backwards; components of one whole component keep their own order.
        cycles = found.enumerated().sorted { a, b in
            (wholeComponent[a.element[0]], a.offset) < (wholeComponent[b.element[0]], b.offset)
        }.map(\.element)
    }

    /// Cuts each cycle that is over the limits into pieces that are within them.
    mutating func cutCycles() {
        pieceOf = [Int](repeating: -1, count: graph.files.count)
        for cycle in cycles {
            let parts = fits(cycle) ? [cycle] : cut(cycle, strength: 0)
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

    /// Pieces of a cycle in the order of work: its weakest edges are left out until every piece fits, then
    /// neighbours in the order are put together again as far as the limits go.
    private func cut(_ cycle: [Int], strength: Int) -> [[Int]] {
        let edges = internalEdges(of: cycle)
        var strength = strength
        while strength < Self.strengths {
            let kept = edges.filter { Self.strength(of: $0) > strength }
            if kept.count < edges.count {
                let parts = components(of: cycle, edges: kept)
                if parts.count > 1 {
                    return packed(parts.flatMap { fits($0) ? [$0] : cut($0, strength: strength) })
                }
            }
            strength += 1
        }
        return packed(sequence(cycle, edges).map { [$0] })
    }

    /// Consecutive parts of an order may be one piece, for nothing that stands between them is left out.
    private func packed(_ parts: [[Int]]) -> [[Int]] {
        var packed: [[Int]] = []
        for part in parts {
            if let last = packed.last, fits(last + part) {
                packed[packed.count - 1] += part
            } else {
                packed.append(part)
            }
        }
        return packed
    }

    /// Steps in which edges are left out: weak ones, type-only ones, then those with few references, doubling.
    private static let strengths = 12

    private static func strength(of edge: RepositoryGraph.Edge) -> Int {
        switch edge.kind {
        case .weak: 0
        case .typeOnly: 1
        case .name, .reexport, .import:
            min(strengths, 1 + Int32.bitWidth - max(1, edge.references).leadingZeroBitCount)
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

    /// Files of a cycle in an order that few of its edges contradict.
    ///
    /// Eades, Lin, Smyth: A fast and effective heuristic for the feedback arc set problem, 1993, in the simpler form
    /// that sorts by the difference of the degrees once.
    private func sequence(_ cycle: [Int], _ edges: [RepositoryGraph.Edge]) -> [Int] {
        var balance: [Int: Int] = [:]
        for edge in edges {
            balance[Int(edge.from), default: 0] += 1
            balance[Int(edge.to), default: 0] -= 1
        }
        return cycle.sorted { (balance[$0, default: 0], $0) < (balance[$1, default: 0], $1) }
    }
}
