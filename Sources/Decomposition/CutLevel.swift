import Model

/// One round of cutting: orders the nodes, which are files or pieces, and cuts the order into runs.
struct CutLevel {
    private let sizes: [Size]
    private let edges: [CycleCut.Edge]
    private let rules: DecomposeRules
    private let mostFiles: Int
    private let neighbours: [[Neighbour]]
    private(set) var order: LinearOrder

    /// The extra cost of placing the node after this one instead of before it.
    private struct Neighbour {
        var node: Int
        var cost: Int
    }

    /// - Parameter isSorted: start with the nodes that have the most dependents first, instead of the given order.
    init(sizes: [Size], edges: [CycleCut.Edge], rules: DecomposeRules, mostFiles: Int, isSorted: Bool) {
        self.sizes = sizes
        self.edges = edges
        self.rules = rules
        self.mostFiles = mostFiles
        var neighbours = [[Neighbour]](repeating: [], count: sizes.count)
        var balance = [Int](repeating: 0, count: sizes.count)
        for edge in edges {
            neighbours[edge.from].append(Neighbour(node: edge.to, cost: -edge.weight))
            neighbours[edge.to].append(Neighbour(node: edge.from, cost: edge.weight))
            balance[edge.from] += edge.weight
            balance[edge.to] -= edge.weight
        }
        self.neighbours = neighbours
        // Eades, Lin, Smyth: A fast and effective heuristic for the feedback arc set problem, 1993, in the simpler
        // form that sorts by the difference of the degrees once.
        order = LinearOrder(
            isSorted ? sizes.indices.sorted { (balance[$0], $0) < (balance[$1], $1) } : Array(sizes.indices))
    }

    /// Rounds over all nodes. On real graphs little changes after the first few.
    private static let rounds = 12
    /// Keeps the time near linear where many nodes move to one place.
    private static let mostRelabels = 64

    /// Moves each node to its cheapest place, until no move helps.
    mutating func sift() {
        for _ in 0..<Self.rounds {
            var hasMoved = false
            for node in order.items where moveToBestPlace(node) { hasMoved = true }
            if !hasMoved || order.relabels > Self.mostRelabels { return }
        }
    }

    private mutating func moveToBestPlace(_ node: Int) -> Bool {
        let near = neighbours[node].sorted { order.label[$0.node] < order.label[$1.node] }
        guard let first = near.first else { return false }
        // Relative to the place before all neighbours.
        var cost = 0
        var current = 0
        var best = (cost: 0, after: -1)
        var index = 0
        while index < near.count {
            let other = near[index].node
            while index < near.count, near[index].node == other {
                cost += near[index].cost
                index += 1
            }
            if order.label[other] < order.label[node] { current = cost }
            if cost < best.cost { best = (cost, other) }
        }
        guard best.cost < current else { return false }
        if best.after == -1 { order.move(node, before: first.node) } else { order.move(node, after: best.after) }
        return true
    }

    /// The largest run that the search considers, in nodes. With larger limits, neighbouring runs are joined
    /// afterwards.
    static let window = 200

    /// Cuts the order into runs within the limits, so that the ignored edges between them cost least.
    ///
    /// Dynamic programming over the ends of runs: a run saves the forward edges inside it.
    func runs() -> [[Int]] {
        let items = order.items
        var place = [Int](repeating: 0, count: items.count)
        for (index, node) in items.enumerated() { place[node] = index }
        // For each place, the edges to it from earlier places. The order ignores them unless one run holds both ends.
        var ignored = [[(from: Int, weight: Int)]](repeating: [], count: items.count)
        for edge in edges where place[edge.from] < place[edge.to] {
            ignored[place[edge.to]].append((place[edge.from], edge.weight))
        }
        let window = min(Self.window, mostFiles)
        // The savings of a run from each of the last places to the current one.
        var saved = [Int](repeating: 0, count: items.count)
        var best = [(saved: Int, runs: Int, start: Int)](repeating: (0, 0, 0), count: items.count + 1)
        var weights = [Int](repeating: 0, count: items.count)
        for last in items.indices {
            for edge in ignored[last] { weights[edge.from] += edge.weight }
            var size = Size()
            var chosen: (saved: Int, runs: Int, start: Int)?
            var sum = 0
            for first in stride(from: last, through: max(0, last - window + 1), by: -1) {
                sum += weights[first]
                saved[first] += sum
                size += sizes[items[first]]
                guard first == last || size.fits(rules, files: mostFiles) else { continue }
                let total = best[first].saved + saved[first]
                if let known = chosen, (known.saved, -known.runs) >= (total, -best[first].runs - 1) { continue }
                chosen = (total, best[first].runs + 1, first)
            }
            for edge in ignored[last] { weights[edge.from] = 0 }
            best[last + 1] = chosen ?? (0, 0, last)
        }
        var runs: [[Int]] = []
        var end = items.count
        while end > 0 {
            runs.append(Array(items[best[end].start..<end]))
            end = best[end].start
        }
        return joined(runs.reversed())
    }

    private func joined(_ runs: [[Int]]) -> [[Int]] {
        var joined: [[Int]] = []
        var size = Size()
        for run in runs {
            let more = run.reduce(into: Size()) { $0 += sizes[$1] }
            if !joined.isEmpty, (size + more).fits(rules, files: mostFiles) {
                joined[joined.count - 1] += run
                size += more
            } else {
                joined.append(run)
                size = more
            }
        }
        return joined
    }
}
