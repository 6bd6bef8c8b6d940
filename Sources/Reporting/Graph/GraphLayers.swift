import Model

/// The layers of the nodes of a level, from left to right, and the order within each layer.
///
/// Dependencies are to the left of their dependents. Everything except sorting is linear in files and edges.
struct GraphLayers {
    struct Layer {
        var title: String
        var nodes: [Int]
    }

    private let report: GraphReport
    private let outline: GraphOutline
    private let shape: RepositoryGraph.Shape
    /// Most nodes of a layer that is ordered by neighbours; a longer layer is wrapped into several columns.
    private static let column = 40
    private static let sweeps = 4

    init(_ report: GraphReport, outline: GraphOutline, shape: RepositoryGraph.Shape) {
        self.report = report
        self.outline = outline
        self.shape = shape
    }

    /// Directories by the mean wave of their files. Nearly all directories are in cycles with each other, so they have no
    /// useful waves of their own.
    func directories(_ cut: [Int]) -> [Layer] {
        var sums = [Int](repeating: 0, count: cut.count)
        var counts = [Int](repeating: 0, count: cut.count)
        let places = outline.places(in: cut)
        for (number, files) in shape.waves.enumerated() {
            for file in files where report.graph.files[Int(file)].language != nil {
                sums[places[Int(file)]] += number
                counts[places[Int(file)]] += 1
            }
        }
        let mean = cut.indices.map { counts[$0] > 0 ? Double(sums[$0]) / Double(counts[$0]) : -1 }
        let scanned = cut.indices.filter { counts[$0] > 0 }.sorted { (mean[$0], $0) < (mean[$1], $1) }
        // Cards are about six times as wide as high, including the gaps, and a screen is wider than high.
        let columns = max(min(3, scanned.count), Int((Double(scanned.count) * 0.2).squareRoot().rounded()))
        let height = max(1, (scanned.count + columns - 1) / columns)
        var layers = stride(from: 0, to: scanned.count, by: height).map { start in
            Layer(title: "", nodes: scanned[start..<min(scanned.count, start + height)].sorted().map { cut[$0] })
        }
        if var first = layers.first {
            first.title = "depended on most"
            layers[0] = first
        }
        let rest = cut.indices.filter { counts[$0] == 0 }
        if !rest.isEmpty { layers.append(Layer(title: "not scanned", nodes: rest.map { cut[$0] })) }
        return layers
    }

    /// Tasks by the wave in which they may start.
    func tasks() -> [Layer] {
        let entries = report.tasks?.entries ?? []
        let places = Dictionary(entries.enumerated().map { ($1.id, $0) }) { first, _ in first }
        let needs = entries.enumerated().flatMap { place, entry in
            entry.dependencies.compactMap { places[$0] }.map { (from: place, to: $0) }
        }
        let adjacency = Adjacency(count: entries.count, edges: needs)
        let condensation = Condensation(adjacency)
        let depths = condensation.depths(in: adjacency)
        var layers = [[Int]](repeating: [], count: depths.max() ?? 0)
        for place in entries.indices { layers[depths[condensation.component[place]] - 1].append(place) }
        // Within a wave, sorted by path.
        let homes = entries.map { $0.files.first ?? "" }
        for wave in layers.indices { layers[wave].sort { (homes[$0], $0) < (homes[$1], $1) } }
        return ordered(layers, adjacency).enumerated().map { number, layer in
            Layer(title: "wave \(number + 1)", nodes: layer.map { outline.nodeOfTask[$0] })
        }
    }

    /// Files by wave. Files with neither edges nor a task are left out: in many repositories they are the majority.
    func files() -> [Layer] {
        let adjacency = report.graph.adjacency
        var isLinked = [Bool](repeating: false, count: report.graph.files.count)
        for edge in report.graph.edges {
            isLinked[Int(edge.from)] = true
            isLinked[Int(edge.to)] = true
        }
        let waves = shape.waves.map { $0.map(Int.init).filter { isLinked[$0] } }
        var layers = ordered(waves.filter { !$0.isEmpty }, adjacency).enumerated().map { number, layer in
            Layer(title: "wave \(number + 1)", nodes: layer.map { outline.nodeOfFile[$0] })
        }
        let alone = isLinked.indices.filter { !isLinked[$0] && report.taskOf[$0] != nil }
        if !alone.isEmpty { layers.append(Layer(title: "no edges", nodes: alone.map { outline.nodeOfFile[$0] })) }
        return layers
    }

    /// Moves nodes near their neighbours: sorts each layer in turn by the mean place of the neighbours (Sugiyama,
    /// Tagawa and Toda, Methods for visual understanding of hierarchical system structures, 1981).
    private func ordered(_ layers: [[Int]], _ adjacency: Adjacency) -> [[Int]] {
        let reversed = adjacency.reversed
        var layers = layers
        var place = [Double](repeating: 0, count: adjacency.count)
        for layer in layers { Self.number(layer, &place) }
        for sweep in 0..<Self.sweeps {
            let neighbours = sweep.isMultiple(of: 2) ? adjacency : reversed
            let order = sweep.isMultiple(of: 2) ? Array(layers.indices) : layers.indices.reversed()
            for index in order where layers[index].count <= Self.column {
                let mean = layers[index].map { node in
                    let near = neighbours.targets(of: node)
                    return near.isEmpty ? place[node] : near.reduce(0) { $0 + place[$1] } / Double(near.count)
                }
                let sorted = layers[index].indices.sorted { (mean[$0], $0) < (mean[$1], $1) }
                layers[index] = sorted.map { layers[index][$0] }
                Self.number(layers[index], &place)
            }
        }
        return layers
    }

    /// Assigns places from 0 to 1, so that layers of different length can be compared.
    private static func number(_ layer: [Int], _ place: inout [Double]) {
        for (index, node) in layer.enumerated() { place[node] = (Double(index) + 0.5) / Double(layer.count) }
    }
}
