import Model

/// Cuts a cycle into pieces within the limits, so that the ignored dependencies between pieces weigh little.
///
/// This is the feedback arc set problem, which is NP-hard, with pieces instead of single nodes. The steps are:
/// 1. Put the files into an order of work.
/// 2. Move each file to its cheapest place until no move helps (the insertion heuristic; see Simpson, Srinivasan,
///    Thomo: Efficient computation of feedback arc set at web-scale, 2016).
/// 3. Cut the order into runs within the limits by dynamic programming, which is optimal for that order. Each strongly
///    connected component of a run is a piece.
/// 4. Repeat with pieces instead of files, as long as that helps.
struct CycleCut {
    /// One dependency inside the cycle, between positions in the list of its files.
    struct Edge {
        var from: Int
        var to: Int
        /// The cost of ignoring it.
        var weight: Int
    }

    private let sizes: [Size]
    private let edges: [Edge]
    private let rules: DecomposeRules
    private let mostFiles: Int
    private let targets: Adjacency

    /// - Parameters:
    ///   - sizes: the sizes of the files of the cycle.
    ///   - mostFiles: the largest number of files in a piece.
    init(sizes: [Size], edges: [Edge], rules: DecomposeRules, mostFiles: Int) {
        self.sizes = sizes
        self.edges = edges
        self.rules = rules
        self.mostFiles = mostFiles
        targets = Adjacency(count: sizes.count, edges: edges.lazy.map { (from: $0.from, to: $0.to) })
    }

    /// The largest number of rounds with pieces instead of files.
    private static let levels = 6
    /// The number of starting orders. More starts find little on real graphs of up to 500 files.
    private static let mostStarts = 40
    /// The largest number of edges and run ends to look at over all starts. Keeps the time near linear for large
    /// cycles.
    private static let work = 300_000

    /// Returns the pieces in the order of work, as positions in the list of files.
    ///
    /// Such a search depends on its start, so several starts are tried. Every second start is sorted by degree with
    /// other tie-breaking, and the others are shuffled.
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

    /// The starting order, the same in every run (Knuth's shuffle with the constants of MMIX). The first start is not
    /// shuffled.
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

    /// The edges between pieces. Edges between the same two pieces are added up.
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

    /// The cycles that remain among these files, in the order of work.
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
