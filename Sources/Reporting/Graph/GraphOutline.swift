import Model

/// The files of a graph as a tree: directories, the tasks in them, and the files of both.
///
/// A directory that only contains one directory is left out. Files beside directories get a node of their own,
/// `DIRECTORY/*`, so each node contains either directories or files and tasks.
struct GraphOutline {
    enum Kind: Int {
        case directory
        case task
        case file
    }

    struct Node {
        var kind: Kind
        /// Path of a directory or a file, name of a task.
        var name: String
        /// -1 at the top.
        var parent: Int
        /// Index in the files or the tasks of the report.
        var place = -1
        /// Number of files below it; 1 for a file.
        var files = 0
    }

    private(set) var nodes: [Node] = []
    /// The node of each file of the graph.
    private(set) var nodeOfFile: [Int] = []
    /// The node of each task.
    private(set) var nodeOfTask: [Int] = []
    private var children: [[Int]] = []

    init(_ report: GraphReport) {
        let homes = Homes(report)
        addDirectories(homes)
        for (place, entry) in (report.tasks?.entries ?? []).enumerated() {
            nodeOfTask.append(nodes.count)
            add(
                Node(kind: .task, name: entry.id.rawValue, parent: homes.ofTasks[place].map(holder) ?? -1, place: place)
            )
        }
        for (place, file) in report.graph.files.enumerated() {
            nodeOfFile.append(nodes.count)
            let parent = report.taskOf[place].map { nodeOfTask[$0] } ?? holder(homes.ofFiles[place])
            add(Node(kind: .file, name: file.path, parent: parent, place: place))
        }
        // Parents come before their children.
        for node in nodes.indices.reversed() {
            if nodes[node].kind == .file { nodes[node].files = 1 }
            if nodes[node].parent >= 0 { nodes[nodes[node].parent].files += nodes[node].files }
        }
    }

    /// The node with the files and tasks of a directory, by the directory's number in `Homes`.
    private var holders: [Int] = []

    private func holder(_ directory: Int) -> Int { holders[directory] }

    private mutating func add(_ node: Node) {
        if node.parent >= 0 { children[node.parent].append(nodes.count) }
        nodes.append(node)
        children.append([])
    }

    private mutating func addDirectories(_ homes: Homes) {
        holders = [Int](repeating: -1, count: homes.directories.count)
        // The nearest directory above that is a node itself. Directories come after their parents.
        var shown = [Int](repeating: -1, count: homes.directories.count)
        for (number, directory) in homes.directories.enumerated() {
            let above = directory.parent >= 0 ? shown[directory.parent] : -1
            if directory.directories == 1 && !directory.hasContents || number == 0 {
                shown[number] = above
            } else {
                shown[number] = nodes.count
                add(Node(kind: .directory, name: directory.path, parent: above))
            }
            guard directory.hasContents else { continue }
            if directory.directories > 0 || number == 0 {
                holders[number] = nodes.count
                add(Node(kind: .directory, name: directory.path + "*", parent: shown[number]))
            } else {
                holders[number] = shown[number]
            }
        }
    }

    /// Fewer nodes than this show little of a repository.
    private static let fewest = 4

    /// Returns nodes that cover all files and have similar sizes.
    ///
    /// Replaces the largest directory by its contents as long as the limit allows, together with directories of nearly
    /// its size: of ten similar packages, either all or none are opened.
    /// - Parameter limit: the largest number of directories, unless more are at the top.
    func cut(_ limit: Int) -> [Int] { cut(limit, files: nodes.map(\.files)) }

    /// Like `cut`, for a drawing that cannot be opened further. If few nodes remain, it goes on with the largest one: its
    /// largest parts become nodes of their own, tasks and files included, and the node itself stands for the rest.
    /// - Parameter shown: the files that are drawn.
    func drawnCut(_ limit: Int, shown: [Int]) -> [Int] {
        let files = counts(of: shown)
        return opened(cut(limit, files: files), limit, files)
    }

    private func cut(_ limit: Int, files: [Int]) -> [Int] {
        var cut = nodes.indices.filter { nodes[$0].parent < 0 && files[$0] > 0 }
        let fair = max(8, nodeOfFile.count / max(1, limit))
        var isWhole = Set<Int>()
        while let largest = cut.filter({ !isWhole.contains($0) }).map({ files[$0] }).max(), largest > fair {
            let alike = cut.filter { !isWhole.contains($0) && files[$0] * 3 >= largest * 2 }
            let parts = alike.map { node in children[node].filter { files[$0] > 0 } }
            let isTooMuch = cut.count - alike.count + parts.reduce(0) { $0 + $1.count } > limit
            for (node, parts) in zip(alike, parts) {
                if isTooMuch || parts.contains(where: { nodes[$0].kind != .directory }) {
                    isWhole.insert(node)
                } else if let place = cut.firstIndex(of: node) {
                    cut.replaceSubrange(place...place, with: parts)
                }
            }
        }
        return cut
    }

    private func opened(_ cut: [Int], _ limit: Int, _ files: [Int]) -> [Int] {
        var cut = cut
        var isOpen = Set<Int>()
        while cut.count < min(Self.fewest, limit) {
            let closed = cut.indices.filter { !isOpen.contains(cut[$0]) && files[cut[$0]] > 1 }
            guard let place = closed.max(by: { (files[cut[$0]], $1) < (files[cut[$1]], $0) }) else { return cut }
            let node = cut[place]
            let parts = children[node].filter { files[$0] > 0 }
            isOpen.insert(node)
            let room = limit - cut.count + 1
            if parts.count <= room {
                cut.replaceSubrange(place...place, with: parts)
            } else {
                let largest = parts.sorted { (files[$1], $0) < (files[$0], $1) }.prefix(room - 1).sorted()
                cut.replaceSubrange(place...place, with: [node] + largest)
            }
        }
        return cut
    }

    /// The number of these files at or below each node.
    private func counts(of files: [Int]) -> [Int] {
        var counts = [Int](repeating: 0, count: nodes.count)
        for file in files { counts[nodeOfFile[file]] += 1 }
        // Parents come before their children.
        for node in nodes.indices.reversed() where nodes[node].parent >= 0 {
            counts[nodes[node].parent] += counts[node]
        }
        return counts
    }

    /// For each file of the graph, the index in the cut of the node that contains it.
    func places(in cut: [Int]) -> [Int] {
        var placeOf = [Int](repeating: -1, count: nodes.count)
        for (place, node) in cut.enumerated() { placeOf[node] = place }
        for node in nodes.indices where placeOf[node] < 0 && nodes[node].parent >= 0 {
            placeOf[node] = placeOf[nodes[node].parent]
        }
        return nodeOfFile.map { placeOf[$0] }
    }
}

/// The directories of a graph's files, and the directory of each file and task.
private struct Homes {
    struct Directory {
        /// With `/` at the end; empty for the top.
        var path: String
        var parent: Int
        var directories = 0
        var hasContents = false
    }

    private(set) var directories = [Directory(path: "", parent: -1)]
    private(set) var ofFiles: [Int] = []
    /// The innermost directory that contains all files of a task; nil for a task without files.
    private(set) var ofTasks: [Int?] = []
    private var numbers = ["": 0]

    init(_ report: GraphReport) {
        ofTasks = [Int?](repeating: nil, count: report.tasks?.entries.count ?? 0)
        for (place, file) in report.graph.files.enumerated() {
            let home = number(Self.directory(of: file.path[...]))
            ofFiles.append(home)
            guard let task = report.taskOf[place] else {
                directories[home].hasContents = true
                continue
            }
            ofTasks[task] = ofTasks[task].map { common($0, home) } ?? home
        }
        for home in ofTasks.compactMap({ $0 }) { directories[home].hasContents = true }
    }

    private static func directory(of path: Substring) -> Substring {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
    }

    private mutating func number(_ path: Substring) -> Int {
        let path = String(path)
        if let known = numbers[path] { return known }
        let parent = number(Self.directory(of: path.dropLast()))
        directories[parent].directories += 1
        numbers[path] = directories.count
        directories.append(Directory(path: path, parent: parent))
        return directories.count - 1
    }

    private func common(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        // Numbers grow with depth, so the larger one is never above the other.
        while a != b {
            if a > b { a = directories[a].parent } else { b = directories[b].parent }
        }
        return a
    }
}
