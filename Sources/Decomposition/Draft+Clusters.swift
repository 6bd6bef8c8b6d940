import Model

extension Draft {
    private typealias Neighbour = (piece: Int, weight: Int)

    /// Pieces that depend on each other more than on others, found by label propagation. Each label stays within the
    /// limits of a task.
    ///
    /// Meyerhenke, Sanders, Schulz: Partitioning complex networks via size-constrained clustering, 2014. The pieces
    /// are visited in their order and ties go to the smaller label, so that equal graphs give equal clusters.
    func clusters() -> [Int] {
        let neighbours = neighbours()
        let sizes = pieces.map { size(of: $0.files) }
        var label = Array(pieces.indices)
        var held = sizes
        var weight = [Int](repeating: 0, count: pieces.count)
        for _ in 0..<Self.clusterRounds {
            var hasChanged = false
            for piece in order {
                var touched: [Int] = []
                for neighbour in neighbours[piece] {
                    let other = label[neighbour.piece]
                    if weight[other] == 0 { touched.append(other) }
                    weight[other] += neighbour.weight
                }
                var best = label[piece]
                for other in touched where other != label[piece] {
                    guard (weight[other], best) > (weight[best], other),
                        (held[other] + sizes[piece]).fits(rules, files: rules.maxFiles)
                    else { continue }
                    best = other
                }
                for other in touched { weight[other] = 0 }
                if best != label[piece] {
                    held[label[piece]] -= sizes[piece]
                    held[best] += sizes[piece]
                    label[piece] = best
                    hasChanged = true
                }
            }
            if !hasChanged { break }
        }
        return label
    }

    /// The paper finds that little changes after this many rounds.
    private static let clusterRounds = 10

    /// For each piece, the pieces that share an edge with it in either direction.
    ///
    /// The more dependents the target of an edge has, the less the edge counts: a file that everything uses belongs to
    /// no cluster.
    private func neighbours() -> [[Neighbour]] {
        var dependents = [Int](repeating: 0, count: graph.files.count)
        for edge in graph.edges { dependents[Int(edge.to)] += 1 }
        var neighbours = [[Neighbour]](repeating: [], count: pieces.count)
        for edge in graph.edges {
            let from = pieceOf[Int(edge.from)]
            let to = pieceOf[Int(edge.to)]
            guard from != -1, to != -1, from != to else { continue }
            let weight = max(1, Self.fullWeight * min(8, Int(edge.references)) / (8 * dependents[Int(edge.to)]))
            neighbours[from].append((to, weight))
            neighbours[to].append((from, weight))
        }
        return neighbours
    }

    private static let fullWeight = 1 << 16
}
