import Model

extension GraphReport {
    /// The size of the largest page that a browser opens in a moment.
    struct PageLimit {
        var files = 12_000
        var edges = 60_000
    }

    /// The report with the files and edges that fit on a page, and what was left out; nil if everything fits.
    ///
    /// Files of tasks come first, then those with the most edges. Of the edges, weak and type-only ones are left out
    /// first, then those with the fewest references.
    func fitted(_ limit: PageLimit) -> (report: GraphReport, note: String)? {
        guard graph.files.count > limit.files || graph.edges.count > limit.edges else { return nil }
        var degree = [Int](repeating: 0, count: graph.files.count)
        for edge in graph.edges {
            degree[Int(edge.from)] += 1
            degree[Int(edge.to)] += 1
        }
        let ranked = graph.files.indices.sorted { a, b in
            let (isTaskA, isTaskB) = (taskOf[a] != nil, taskOf[b] != nil)
            return isTaskA == isTaskB ? (degree[b], a) < (degree[a], b) : isTaskA
        }
        let kept = ranked.prefix(limit.files).sorted()
        var number = [Int32](repeating: -1, count: graph.files.count)
        for (place, file) in kept.enumerated() { number[file] = Int32(place) }
        var edges = graph.edges.filter { number[Int($0.from)] >= 0 && number[Int($0.to)] >= 0 }
        if edges.count > limit.edges {
            func weight(_ edge: RepositoryGraph.Edge) -> (Int, Int32) {
                (edge.kind == .weak || edge.kind == .typeOnly ? 0 : 1, edge.references)
            }
            let heaviest = edges.indices.sorted { a, b in
                let (first, second) = (weight(edges[a]), weight(edges[b]))
                return first == second ? a < b : first > second
            }
            edges = heaviest.prefix(limit.edges).sorted().map { edges[$0] }
        }
        let smaller = RepositoryGraph(
            files: kept.map { graph.files[$0] },
            edges: edges.map { edge in
                var edge = edge
                edge.from = number[Int(edge.from)]
                edge.to = number[Int(edge.to)]
                return edge
            })
        let note =
            "left out: \(Count.text(graph.files.count - kept.count, "file")) and "
            + "\(Count.text(graph.edges.count - edges.count, "edge")); --format json has all"
        return (GraphReport(graph: smaller, commit: commit, name: name, tasks: tasks), note)
    }
}
