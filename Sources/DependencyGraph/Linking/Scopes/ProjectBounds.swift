import Model

/// Which project each file belongs to, and which projects it may use; without project files there is one.
struct ProjectBounds: Sendable {
    typealias FileIndex = RepositoryGraph.FileIndex

    /// A path to another project in a project file.
    struct Reference: Sendable {
        var from: FileIndex
        var to: FileIndex
        var line: UInt32
    }

    private(set) var references: [Reference] = []
    /// Project files by the directory they stand in.
    private var byDirectory: [PathTree.Node: FileIndex] = [:]
    /// By project file, all that it refers to, over any number of steps, itself included.
    private var reach: [FileIndex: Set<FileIndex>] = [:]
    private var projects: [FileIndex: FileIndex] = [:]

    init(_ project: Project) {
        let files = project.files.filter { project.role($0) != 0 }
        guard !files.isEmpty else { return }
        for file in files { byDirectory[project.directory(of: file)] = file }
        var direct: [FileIndex: [FileIndex]] = [:]
        for file in files {
            let facts = project.facts(file)
            for place in 0..<facts.count where facts[place].kind == ScopedFact.project.rawValue {
                let fact = facts[place]
                guard
                    let node = project.tree.descend(from: project.directory(of: file), facts.text(fact)),
                    let target = project.tree.file(at: node)
                else { continue }
                references.append(Reference(from: file, to: target, line: fact.line))
                direct[file, default: []].append(target)
            }
        }
        for file in files { reach[file] = Self.closure(file, direct) }
        for file in project.files { projects[file] = nearest(project, file) }
    }

    private static func closure(_ start: FileIndex, _ direct: [FileIndex: [FileIndex]]) -> Set<FileIndex> {
        var reached: Set<FileIndex> = [start]
        var open = [start]
        while let next = open.popLast() {
            for target in direct[next] ?? [] where reached.insert(target).inserted { open.append(target) }
        }
        return reached
    }

    private func nearest(_ project: Project, _ file: FileIndex) -> FileIndex? {
        var directory = project.directory(of: file)
        while true {
            if let found = byDirectory[directory] { return found }
            guard directory != PathTree.root else { return nil }
            directory = project.tree.parent(directory)
        }
    }

    /// The project file whose project a file belongs to.
    func project(of file: FileIndex) -> FileIndex? { projects[file] }

    func isSame(_ a: FileIndex, _ b: FileIndex) -> Bool { projects[a] == projects[b] }

    /// Whether the project of one file is or uses that of another, as far as one can tell.
    func reaches(_ from: FileIndex, _ to: FileIndex) -> Bool {
        guard let own = projects[from], let other = projects[to] else { return true }
        return reach[own]?.contains(other) ?? true
    }
}
