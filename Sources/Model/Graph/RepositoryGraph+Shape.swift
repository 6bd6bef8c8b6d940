extension RepositoryGraph {
    /// What a person wants to know of a graph at a glance.
    package struct Shape: Sendable, Equatable {
        /// Files that depend on each other, the largest cycle first; members ascend.
        package var cycles: [[FileIndex]]
        /// Files by wave: those of a wave depend on earlier waves only, or on each other within a cycle.
        package var waves: [[FileIndex]]
        /// One file of each component on a longest chain, from the one that depends on all others to the last one.
        package var deepestChain: [FileIndex]
        /// The files with the most direct dependents, and how many these are.
        package var hubs: [(file: FileIndex, dependents: Int)]

        package static func == (a: Shape, b: Shape) -> Bool {
            a.cycles == b.cycles && a.waves == b.waves && a.deepestChain == b.deepestChain
                && a.hubs.elementsEqual(b.hubs) { $0 == $1 }
        }
    }

    /// Cycles, waves, the deepest chain and the hubs, in time linear in files and edges.
    /// - Parameter hubs: how many hubs to name.
    package func shape(hubs count: Int = 10) -> Shape {
        let adjacency = adjacency
        let condensation = Condensation(adjacency)
        let depths = condensation.depths(in: adjacency)
        var waves = [[FileIndex]](repeating: [], count: depths.max() ?? 0)
        for file in files.indices { waves[depths[condensation.component[file]] - 1].append(FileIndex(file)) }
        let cycles = condensation.components.filter { $0.count > 1 }
            .sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }
            .map { $0.map { FileIndex($0) } }
        return Shape(
            cycles: cycles, waves: waves, deepestChain: deepestChain(condensation, depths, adjacency),
            hubs: hubs(count))
    }

    private func hubs(_ count: Int) -> [(file: FileIndex, dependents: Int)] {
        var dependents = [Int](repeating: 0, count: files.count)
        for edge in edges { dependents[Int(edge.to)] += 1 }
        let order = files.indices.filter { dependents[$0] > 0 }.sorted { (dependents[$1], $0) < (dependents[$0], $1) }
        return order.prefix(count).map { (FileIndex($0), dependents[$0]) }
    }

    /// Walks down from a deepest component, each time to the first one that is one step less deep.
    private func deepestChain(
        _ condensation: Condensation, _ depths: [Int], _ adjacency: Adjacency
    ) -> [FileIndex] {
        guard let deepest = depths.max(), deepest > 0 else { return [] }
        // The component whose first file comes first, so that the chain does not depend on the order of the search.
        let starts = depths.indices.filter { depths[$0] == deepest }
        guard var component = starts.min(by: { condensation.components[$0][0] < condensation.components[$1][0] }) else {
            return []
        }
        var chain: [FileIndex] = []
        while true {
            let members = condensation.components[component]
            var step: (from: Int, to: Int)?
            for member in members where step == nil {
                let below = adjacency.targets(of: member).first {
                    depths[condensation.component[$0]] == depths[component] - 1
                        && condensation.component[$0] != component
                }
                if let below { step = (member, below) }
            }
            chain.append(FileIndex(step?.from ?? members[0]))
            guard let step else { return chain }
            component = condensation.component[step.to]
        }
    }
}
