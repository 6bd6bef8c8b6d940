import Model

/// The data of the page: the outline, the edges, and the layers of nodes at each level of detail.
struct GraphPageData {
    private let report: GraphReport
    private let note: String
    private let outline: GraphOutline
    private let shape: RepositoryGraph.Shape
    /// Most directories that are shown at first.
    private static let directoriesShown = 60

    /// - Parameter note: what the report leaves out.
    init(_ report: GraphReport, note: String) {
        self.report = report
        self.note = note
        outline = GraphOutline(report)
        shape = report.graph.shape(hubs: 0)
    }

    func json() -> [UInt8] {
        var json = JSONBytes()
        json.raw("{\"repository\":")
        json.string(report.name)
        json.raw(",\"commit\":")
        json.string(report.commit.hex)
        json.raw(",\"plan\":")
        json.string(report.tasks?.run?.rawValue ?? report.tasks?.plan ?? "")
        json.raw(",\"note\":")
        json.string(note)
        json.raw(",\"kinds\":")
        json.list(RepositoryGraph.EdgeKind.allCases.sorted()) { $0.string($1.word) }
        write(nodesTo: &json)
        json.raw(",\n\"edges\":")
        json.list(report.graph.edges) { json, edge in
            json.number(outline.nodeOfFile[Int(edge.from)])
            json.raw(",")
            json.number(outline.nodeOfFile[Int(edge.to)])
            json.raw(",")
            json.number(Int(edge.kind.rawValue))
            json.raw(",")
            json.number(Int(edge.line))
        }
        json.raw(",\n\"order\":")
        json.list(taskOrder()) { $0.number($1) }
        let layers = GraphLayers(report, outline: outline, shape: shape)
        json.raw(",\n\"levels\":{\"directories\":")
        write(layers.directories(outline.cut(Self.directoriesShown)), to: &json)
        if report.tasks != nil {
            json.raw(",\n\"tasks\":")
            write(layers.tasks(), to: &json)
        }
        json.raw(",\n\"files\":")
        write(layers.files(), to: &json)
        json.raw("}}")
        return json.bytes
    }

    private func write(_ layers: [GraphLayers.Layer], to json: inout JSONBytes) {
        json.list(layers) { json, layer in
            json.raw("{\"title\":")
            json.string(layer.title)
            json.raw(",\"nodes\":")
            json.list(layer.nodes) { $0.number($1) }
            json.raw("}")
        }
    }

    /// Pairs of task nodes: the first depends on the second.
    private func taskOrder() -> [Int] {
        guard let entries = report.tasks?.entries else { return [] }
        let places = Dictionary(entries.enumerated().map { ($1.id, $0) }) { first, _ in first }
        return entries.enumerated().flatMap { place, entry in
            entry.dependencies.compactMap { places[$0] }
                .flatMap { [outline.nodeOfTask[place], outline.nodeOfTask[$0]] }
        }
    }

    /// One list for each property, in the order of the outline's nodes.
    private func write(nodesTo json: inout JSONBytes) {
        let files = report.graph.files
        var wave = [Int](repeating: 0, count: files.count)
        for (number, members) in shape.waves.enumerated() {
            for file in members { wave[Int(file)] = number + 1 }
        }
        var cycle = [Int](repeating: 0, count: files.count)
        for members in shape.cycles {
            for file in members { cycle[Int(file)] = members.count }
        }
        let languages = Set(files.compactMap(\.language)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: languages.enumerated().map { ($1, $0) })
        json.raw(",\n\"languages\":")
        json.list(languages) { $0.string($1) }
        json.raw(",\n\"kind\":")
        json.list(outline.nodes) { $0.number($1.kind.rawValue) }
        json.raw(",\n\"name\":")
        json.list(outline.nodes) { $0.string($1.name) }
        json.raw(",\n\"parent\":")
        json.list(outline.nodes) { $0.number($1.parent) }
        // Lists of files only; files come last in the outline.
        json.raw(",\n\"lines\":")
        json.list(files) { $0.number($1.lines) }
        json.raw(",\n\"language\":")
        json.list(files) { $0.number($1.language.flatMap { numbers[$0] } ?? -1) }
        json.raw(",\n\"traits\":")
        json.list(files) { $0.number(Int($1.traits.rawValue)) }
        json.raw(",\n\"wave\":")
        json.list(wave) { $0.number($1) }
        json.raw(",\n\"cycle\":")
        json.list(cycle) { $0.number($1) }
        json.raw(",\n\"tasks\":")
        json.list(report.tasks?.entries ?? []) { json, entry in
            json.raw("{\"title\":")
            json.string(entry.title)
            json.raw(",\"state\":")
            json.string(entry.state?.words ?? "not started")
            json.raw(",\"color\":")
            json.number(GraphColor(entry.state).rawValue)
            json.raw(",\"reason\":")
            json.string(entry.reason)
            if let parent = entry.partOf {
                json.raw(",\"part\":")
                json.string(parent.rawValue)
            }
            json.raw("}")
        }
    }
}
