import Model

/// A graph of the size of a large repository, the same in every run.
struct SyntheticGraph {
    enum Shape: String {
        /// Files depend on files a little before them and on a few that everything uses, with some cycles.
        case layered
        /// Files depend on any files, so that most of them are one cycle.
        case random
    }

    let graph: RepositoryGraph

    init(files count: Int, shape: Shape) {
        var state: UInt64 = 1
        func draw(_ bound: Int) -> Int {
            // Knuth's MMIX constants.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let files = (0..<count).map { number in
            RepositoryGraph.File(
                path: "d\(number / 400)/p\(number / 20)/f\(number).py", language: "python", lines: draw(900),
                bytes: draw(30_000), traits: number % 10 == 0 ? .test : [])
        }
        var edges: [RepositoryGraph.Edge] = []
        for from in 0..<count {
            for _ in 0..<5 {
                var to = draw(count)
                if shape == .layered { to = draw(8) == 0 ? draw(min(50, count)) : max(0, from - draw(300)) }
                if shape == .layered, draw(200) == 0 { to = min(count - 1, from + draw(40)) }
                edges.append(
                    .init(
                        from: Int32(from), to: Int32(to), kind: RepositoryGraph.EdgeKind.allCases[draw(5)], line: 1,
                        references: Int32(1 + draw(9))))
            }
        }
        graph = RepositoryGraph(files: files, edges: edges)
    }
}
