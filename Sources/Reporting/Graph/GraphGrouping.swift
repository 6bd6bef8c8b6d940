import Model

/// A graph that is small enough for another program to draw: its files, or directories if it has too many files.
struct GraphGrouping {
    struct Group {
        var name: String
        var files: Int
        /// The task's state where every file of the group has the same, as a colour of the drawing.
        var color: GraphColor?
    }

    struct Link {
        var from: Int
        var to: Int
        /// The number of edges between files.
        var edges: Int
    }

    private(set) var groups: [Group] = []
    private(set) var links: [Link] = []
    /// What was left out or grouped, for the reader of the drawing; may be empty.
    private(set) var note = ""

    /// - Parameters:
    ///   - files: the largest number of files that are drawn one by one.
    ///   - directories: the largest number of directories that are drawn otherwise.
    ///   - links: the largest number of links; the heaviest are kept.
    init(_ report: GraphReport, files limit: Int, directories: Int, links most: Int) {
        let graph = report.graph
        var degree = [Int](repeating: 0, count: graph.files.count)
        for edge in graph.edges {
            degree[Int(edge.from)] += 1
            degree[Int(edge.to)] += 1
        }
        // A file without edges is left out, unless a task contains it.
        let shown = graph.files.indices.filter { degree[$0] > 0 || report.taskOf[$0] != nil }
        let left = graph.files.count - shown.count
        var notes = left > 0 ? ["\(Count.text(left, "file")) without edges left out"] : []

        var place = [Int](repeating: -1, count: graph.files.count)
        if shown.count <= limit, graph.edges.count <= most {
            for file in shown {
                place[file] = groups.count
                groups.append(Group(name: graph.files[file].path, files: 1))
            }
        } else {
            let outline = GraphOutline(report)
            let cut = outline.drawnCut(directories, shown: shown)
            let places = outline.places(in: cut)
            for file in shown { place[file] = places[file] }
            let words = cut.allSatisfy { outline.nodes[$0].kind == .directory } ? "directories" : "nodes"
            let opened = Set(cut.map { outline.nodes[$0].parent })
            groups = cut.map { node in
                let name = outline.nodes[node].name
                return Group(name: opened.contains(node) ? name + " (rest)" : name, files: 0)
            }
            for file in shown { groups[place[file]].files += 1 }
            notes.insert("\(Count.text(shown.count, "file")) grouped into \(groups.count) \(words)", at: 0)
        }
        color(by: report, shown, place)
        link(graph, place)
        if links.count > most {
            let heaviest = links.indices.sorted { (links[$1].edges, $0) < (links[$0].edges, $1) }.prefix(most).sorted()
            notes.append("\(links.count - most) of \(links.count) links left out, those with the fewest edges")
            links = heaviest.map { links[$0] }
        }
        note = notes.joined(separator: "; ")
    }

    private mutating func color(by report: GraphReport, _ files: [Int], _ place: [Int]) {
        guard report.tasks != nil else { return }
        var seen = [GraphColor??](repeating: .none, count: groups.count)
        for file in files {
            guard let task = report.task(of: file) else { continue }
            let color = GraphColor(task.state)
            switch seen[place[file]] {
            case .none: seen[place[file]] = .some(color)
            case .some(let other) where other == color: break
            case .some: seen[place[file]] = .some(nil)
            }
        }
        for group in groups.indices { groups[group].color = seen[group] ?? nil }
    }

    private mutating func link(_ graph: RepositoryGraph, _ place: [Int]) {
        var counts: [Int: Int] = [:]
        for edge in graph.edges {
            let (from, to) = (place[Int(edge.from)], place[Int(edge.to)])
            if from != to { counts[from * groups.count + to, default: 0] += 1 }
        }
        links = counts.sorted { $0.key < $1.key }.map {
            Link(from: $0.key / groups.count, to: $0.key % groups.count, edges: $0.value)
        }
    }
}

/// The colour of a task's state in a drawing.
enum GraphColor: Int, CaseIterable {
    case waiting
    case running
    case green
    case stuck

    init(_ state: TaskState?) {
        switch state {
        case nil, .waiting, .ready: self = .waiting
        case .running, .verified, .landing: self = .running
        case .landed, .alreadyDone: self = .green
        case .failed, .skipped, .blocked: self = .stuck
        }
    }

    /// A fill for dark text, as `#rrggbb`.
    var fill: String {
        switch self {
        case .waiting: "#d8dbe0"
        case .running: "#9cc9f5"
        case .green: "#9fdcb0"
        case .stuck: "#f5a3a3"
        }
    }
}
