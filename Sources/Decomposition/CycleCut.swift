import Model

/// Cuts a cycle into pieces that are within the limits, so that what the order of the pieces ignores weighs little.
///
/// That is the feedback arc set problem, which is NP-hard, with pieces in place of single nodes. Files are put into an
/// order of work, each is moved to the place where it costs least until none gains by it (the insertion heuristic; see
/// Simpson, Srinivasan, Thomo: Efficient computation of feedback arc set at web-scale, 2016), and the order is cut into
/// runs within the limits by dynamic programming, which is optimal for that order. What is strongly connected in a run
/// is a piece. Then the same is done with pieces in place of files, as long as it helps.
struct CycleCut {
    /// One dependency inside the cycle, between positions in the list of its files.
    struct Edge {
        var from: Int
        var to: Int
        /// What it costs to ignore it.
        var weight: Int
    }

    private let sizes: [Size]
    private let edges: [Edge]
    private let rules: DecomposeRules
    private let mostFiles: Int
    private let targets: Adjacency

    /// - Parameters:
    ///   - sizes: of the files of the cycle.
    ///   - mostFiles: in a piece.
    init(sizes: [Size], edges: [Edge], rules: DecomposeRules, mostFiles: Int) {
        self.sizes = sizes
        self.edges = edges
        self.rules = rules
        self.mostFiles = mostFiles
        targets = Adjacency(count: sizes.count, edges: edges.lazy.map { (from: $0.from, to: $0.to) })
    }

    /// Times that pieces take the place of files.
    private static let levels = 6
    /// Orders to start from; more find little that is better on real graphs of up to 500 files.
    private static let mostStarts = 40
    /// Edges and ends of runs that may be looked at over all starts, so that large cycles take time near linear in
    /// their size.
    private static let work = 300_000

    /// Pieces in the order of work, as positions in the list of files.
    ///
    /// Searches of this kind end in different places from different starts, so that several are tried: every second
    /// one from an order by degrees in which ties fall otherwise, the others from any order.
    func pieces() -> [[Int]] {
        let once = edges.count + sizes.count * min(mostFiles, CutLevel.window) / 4 + 1
        let starts = max(1, min(Self.mostStarts, Self.work / once))
        var best: (cost: Int, pieces: [[Int]])?
        for start in 0..<starts {
            let found = pieces(start: start)
            let cost = cost(of: found)
            if best.map({ cost < $0.cost }) ?? true { best = (cost, found) }
        }
        return best?.pieces ?? []
    }

    private func pieces(start: Int) -> [[Int]] {
        var pieces = shuffledFiles(start).map { [$0] }
        var best: (cost: Int, pieces: [[Int]])?
        for level in 0..<Self.levels {
            pieces = improved(pieces, isSorted: level > 0 || start.isMultiple(of: 2))
            let cost = cost(of: pieces)
            if let best, best.cost <= cost { break }
            best = (cost, pieces)
        }
        return best?.pieces ?? pieces
    }

    /// The same in every run (Knuth's shuffle with the constants of MMIX); as they are for the first start.
    private func shuffledFiles(_ start: Int) -> [Int] {
        var files = Array(sizes.indices)
        guard start > 0 else { return files }
        var state = UInt64(start)
        for index in files.indices.reversed() {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            files.swapAt(index, Int(state >> 33) % (index + 1))
        }
        return files
    }

    private func improved(_ pieces: [[Int]], isSorted: Bool) -> [[Int]] {
        var level = CutLevel(
            sizes: pieces.map { $0.reduce(into: Size()) { $0 += sizes[$1] } },
            edges: between(pieces), rules: rules, mostFiles: mostFiles, isSorted: isSorted)
        level.sift()
        return level.runs().flatMap { run in connected(run.flatMap { pieces[$0] }) }
    }

    /// The edges between pieces, those of the same two added up.
    private func between(_ pieces: [[Int]]) -> [Edge] {
        let pieceOf = numbers(of: pieces)
        return edges.compactMap { edge in
            let from = pieceOf[edge.from]
            let to = pieceOf[edge.to]
            return from == to ? nil : Edge(from: from, to: to, weight: edge.weight)
        }
    }

    private func numbers(of pieces: [[Int]]) -> [Int] {
        var pieceOf = [Int](repeating: 0, count: sizes.count)
        for (number, piece) in pieces.enumerated() {
            for file in piece { pieceOf[file] = number }
        }
        return pieceOf
    }

    private func cost(of pieces: [[Int]]) -> Int {
        let pieceOf = numbers(of: pieces)
        return edges.reduce(0) { $0 + (pieceOf[$1.from] < pieceOf[$1.to] ? $1.weight : 0) }
    }

    /// What of these files is still a cycle, in the order of work.
    private func connected(_ files: [Int]) -> [[Int]] {
        guard files.count > 1 else { return [files] }
        var place = [Int: Int](minimumCapacity: files.count)
        for (index, file) in files.enumerated() { place[file] = index }
        var inside: [(from: Int, to: Int)] = []
        for file in files {
            for target in targets.targets(of: file) {
                if let from = place[file], let to = place[target] { inside.append((from, to)) }
            }
        }
        return Condensation(Adjacency(count: files.count, edges: inside)).components.map { $0.map { files[$0] } }
    }
}
