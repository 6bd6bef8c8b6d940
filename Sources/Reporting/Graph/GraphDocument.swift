import Model

/// The JSON form of a graph, described in `docs/output.md`. A key that changes its meaning raises `version`.
///
/// One node or edge per line, in a fixed order, so that two graphs can be compared line by line.
struct GraphDocument {
    /// 2: task states are named as in the status document of that version.
    static let version = 2
    private let report: GraphReport

    init(_ report: GraphReport) { self.report = report }

    func json() -> [UInt8] {
        let graph = report.graph
        var json = JSONBytes()
        json.reserve(size)
        json.raw("{\n\"version\": ")
        json.number(Self.version)
        json.raw(",\n\"commit\": ")
        json.string(report.commit.hex)
        if let tasks = report.tasks {
            json.raw(",\n\"plan\": ")
            json.string(tasks.plan)
            if let run = tasks.run {
                json.raw(",\n\"run\": ")
                json.string(run.rawValue)
            }
        }
        json.raw(",\n\"nodes\": ")
        json.list(graph.files.indices, separator: ",\n") { write(node: $1, to: &$0) }
        json.raw(",\n\"edges\": ")
        json.list(graph.edges, separator: ",\n") { json, edge in
            json.raw("{\"from\": ")
            json.string(graph.files[Int(edge.from)].path)
            json.raw(", \"to\": ")
            json.string(graph.files[Int(edge.to)].path)
            json.raw(Self.kinds[Int(edge.kind.rawValue)])
            json.number(Int(edge.line))
            json.raw("}")
        }
        json.raw(",\n\"cycles\": ")
        json.list(graph.shape(hubs: 0).cycles, separator: ",\n") { json, members in
            json.list(members) { $0.string(graph.files[Int($1)].path) }
        }
        json.raw("\n}\n")
        return json.bytes
    }

    /// About the size of the document without tasks. The document of a large graph must not be copied while it grows.
    private var size: Int {
        let graph = report.graph
        let nodes = graph.files.reduce(0) { $0 + $1.path.utf8.count + 60 }
        return graph.edges.reduce(nodes) { size, edge in
            size + graph.files[Int(edge.from)].path.utf8.count + graph.files[Int(edge.to)].path.utf8.count + 60
        }
    }

    private func write(node: Int, to json: inout JSONBytes) {
        let file = report.graph.files[node]
        json.raw("{\"path\": ")
        json.string(file.path)
        if let language = file.language {
            json.raw(", \"language\": ")
            json.string(language)
        }
        json.raw(", \"lines\": ")
        json.number(file.lines)
        for (trait, key) in Self.traits where file.traits.contains(trait) { json.raw(key) }
        if let task = report.task(of: node) {
            json.raw(", \"task\": ")
            json.string(task.id.rawValue)
            if let state = task.state {
                json.raw(", \"state\": ")
                json.string(state.rawValue)
            }
            if let parent = task.partOf {
                json.raw(", \"part_of\": ")
                json.string(parent.rawValue)
            }
        }
        json.raw("}")
    }

    private static let traits: [(RepositoryGraph.Traits, StaticString)] = [
        (.test, ", \"test\": true"), (.generated, ", \"generated\": true"), (.vendored, ", \"vendored\": true"),
        (.binary, ", \"binary\": true"),
    ]

    /// By raw value, the text between an edge's ends and its line.
    private static let kinds = RepositoryGraph.EdgeKind.allCases.sorted().map {
        Array(", \"kind\": \"\($0.word)\", \"line\": ".utf8)
    }
}
