import Model

/// The project of each file, and the projects it may use. Without project files, all files are one project.
struct ProjectBounds: Sendable {
    typealias FileIndex = RepositoryGraph.FileIndex

    /// A path to another project in a project file.
    struct Reference: Sendable {
        var from: FileIndex
        var to: FileIndex
        var line: UInt32
    }

    private(set) var references: [Reference] = []
    /// Project files by their directory.
    private var byDirectory: [PathTree.Node: FileIndex] = [:]
    /// By project file: itself and everything it refers to, directly or indirectly.
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

    /// The project file of a file's project.
    func project(of file: FileIndex) -> FileIndex? { projects[file] }

    func isSame(_ a: FileIndex, _ b: FileIndex) -> Bool { projects[a] == projects[b] }

    /// Whether the project of one file is, or uses, the project of another. True if that is unknown.
    func reaches(_ from: FileIndex, _ to: FileIndex) -> Bool {
        guard let own = projects[from], let other = projects[to] else { return true }
        return reach[own]?.contains(other) ?? true
    }
}
