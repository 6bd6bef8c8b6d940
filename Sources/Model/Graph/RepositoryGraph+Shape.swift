extension RepositoryGraph {
    /// An overview of a graph for people.
    package struct Shape: Sendable, Equatable {
        /// Groups of files that depend on each other, the largest first. Members ascend.
        package var cycles: [[FileIndex]]
        /// Files by wave. A file depends only on earlier waves, or on its own cycle.
        package var waves: [[FileIndex]]
        /// One file of each component on a longest chain, starting with the one that depends on all others.
        package var deepestChain: [FileIndex]
        /// The files with the most direct dependents, with their number.
        package var hubs: [(file: FileIndex, dependents: Int)]

        package static func == (a: Shape, b: Shape) -> Bool {
            a.cycles == b.cycles && a.waves == b.waves && a.deepestChain == b.deepestChain
                && a.hubs.elementsEqual(b.hubs) { $0 == $1 }
        }
    }

    /// Returns the cycles, waves, deepest chain and hubs, in time linear in files and edges.
    ///
    /// - Parameter hubs: maximum number of hubs.
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
            cycles: cycles, waves: waves, deepestChain: deepestChain(of: condensation, depths: depths, in: adjacency),
            hubs: hubs(count))
    }

    private func hubs(_ count: Int) -> [(file: FileIndex, dependents: Int)] {
        var dependents = [Int](repeating: 0, count: files.count)
        for edge in edges { dependents[Int(edge.to)] += 1 }
        let order = files.indices.filter { dependents[$0] > 0 }.sorted { (dependents[$1], $0) < (dependents[$0], $1) }
        return order.prefix(count).map { (FileIndex($0), dependents[$0]) }
    }

    /// Walks down from a deepest component, each time to the first component that is one level less deep.
    private func deepestChain(
        of condensation: Condensation, depths: [Int], in adjacency: Adjacency
    ) -> [FileIndex] {
        guard let deepest = depths.max(), deepest > 0 else { return [] }
        // The start is the component whose first file comes first, so that the chain does not depend on the search.
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
