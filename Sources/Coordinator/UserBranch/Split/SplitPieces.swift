import Git
import Model
import Store

/// A landed commit, or the part of it that has one owner.
struct SplitPiece: Sendable {
    var commit: CommitRecord
    var task: TaskID?
    /// What the piece is put together by.
    var key: String
    var owners: [String]
    /// The changed paths.
    var paths: [String]
    /// Whether it is only a part of the commit.
    var isPartial = false
    /// Positions of earlier pieces that it needs.
    var needs: Set<Int> = []
    /// Why it has files of several keys; nil if it has not.
    var crossing: String?
}

/// The division of landed commits into pieces. Its calls block.
struct SplitPieces {
    let repository: Repository
    let rule: SplitRule
    /// nil if the rule does not ask for owners.
    let owners: CodeOwners?
    /// By name; from all runs of the plan.
    let tasks: [TaskID: MigrationTask]
    /// Names of the plan's stages.
    let stages: [String]
    /// Whether commits of several owners stay whole.
    var keepsWhole = false

    /// What files without an owner are put together by.
    static let unowned = "no owner"

    /// - Parameter commits: in the order of the branch.
    func make(of commits: [CommitRecord]) throws(GitError) -> [SplitPiece] {
        var changed: [[String]] = []
        for commit in commits {
            let before = try commit.parents.first.map { (parent) throws(GitError) in try repository.treeOf(parent) }
            changed.append(try repository.diff(from: before, to: commit.tree, counting: false).map(\.path))
        }
        let prefix = Self.commonFolder(of: changed.joined())
        var pieces: [SplitPiece] = []
        var lastToTouch: [String: Int] = [:]
        var piecesOf: [TaskID: [Int]] = [:]
        for (number, (commit, paths)) in zip(commits, changed).enumerated() {
            let task = commit.trailer(CommitMessage.Trailer.task).map { TaskID($0) }
            let needed = task.flatMap { needs(of: $0, in: piecesOf) } ?? Set(pieces.indices)
            let first = pieces.count
            for var piece in parts(of: commit, task, paths, number: number, prefix) {
                piece.needs = needed.union(piece.paths.compactMap { lastToTouch[$0] })
                pieces.append(piece)
            }
            for position in first..<pieces.count {
                for path in pieces[position].paths { lastToTouch[path] = position }
                if let task { piecesOf[task, default: []].append(position) }
            }
        }
        return pieces
    }

    /// Returns the pieces that a task needs, looking through tasks without a commit; nil for an unknown task.
    private func needs(of task: TaskID, in piecesOf: [TaskID: [Int]]) -> Set<Int>? {
        guard let known = tasks[task] else { return nil }
        var needs: Set<Int> = []
        var seen: Set<TaskID> = [task]
        var open = known.dependencies
        while let next = open.popLast() {
            guard seen.insert(next).inserted else { continue }
            if let pieces = piecesOf[next] { needs.formUnion(pieces) } else { open += tasks[next]?.dependencies ?? [] }
        }
        return needs
    }

    private func parts(
        of commit: CommitRecord, _ task: TaskID?, _ paths: [String], number: Int, _ prefix: [Substring]
    ) -> [SplitPiece] {
        if paths.isEmpty { return [] }
        let known = task.flatMap { tasks[$0] }
        var groups: [String: (owners: [String], paths: [String])] = [:]
        for path in paths {
            let found = key(of: path, known, number: number, prefix)
            groups[found.key, default: (found.owners, [])].paths.append(path)
        }
        let keys = groups.keys.sorted()
        let cycle = known?.figures.cycle ?? 1
        guard keys.count > 1, cycle == 1, !keepsWhole else {
            var piece = SplitPiece(
                commit: commit, task: task, key: keys.joined(separator: " + "),
                owners: keys.flatMap { groups[$0]?.owners ?? [] }, paths: paths)
            if keys.count > 1 {
                let why =
                    cycle > 1
                    ? "it is part of an import cycle of \(cycle) files" : "its parts pass the checks only together"
                piece.crossing =
                    "\(task?.rawValue ?? commit.id.short) has files of \(keys.joined(separator: " and ")): \(why)"
            }
            return [piece]
        }
        return keys.map { key in
            SplitPiece(
                commit: commit, task: task, key: key, owners: groups[key]?.owners ?? [],
                paths: groups[key]?.paths ?? [],
                isPartial: true)
        }
    }

    private func key(
        of path: String, _ task: MigrationTask?, number: Int, _ prefix: [Substring]
    ) -> (key: String, owners: [String]) {
        let found = owners?.owners(of: path) ?? []
        switch rule {
        case .owner: return (found.isEmpty ? Self.unowned : found.joined(separator: " "), found)
        case .directory:
            let parts = path.split(separator: "/")
            // A file beside the folders belongs to the folder above them.
            let folder = parts.dropLast().prefix(prefix.count + 1).joined(separator: "/")
            return (folder.isEmpty ? "top folder" : folder, found)
        case .stage:
            return (
                task.flatMap { stages.indices.contains($0.stage) ? stages[$0.stage] : nil } ?? "other commits", found
            )
        case .size(let size): return ("part \(number / size + 1)", found)
        }
    }

    /// The folder that all paths are in.
    private static func commonFolder(of paths: some Sequence<String>) -> [Substring] {
        var common: [Substring]?
        for path in paths {
            let folder = path.split(separator: "/").dropLast()
            guard let known = common else {
                common = Array(folder)
                continue
            }
            common = zip(known, folder).prefix { $0 == $1 }.map(\.0)
        }
        return common ?? []
    }
}

extension StoreView {
    /// Returns the tasks of all runs of a plan. The last run counts.
    func allTasks(ofPlan plan: String) throws(StoreError) -> [TaskID: MigrationTask] {
        var tasks: [TaskID: MigrationTask] = [:]
        // The runs are sorted by their start, the last one first.
        for run in try runs().reversed() where run.plan.name == plan {
            for event in try events(of: run.id) {
                switch event.body {
                case .fact(.runStarted(let started)): for task in started.tasks { tasks[task.id] = task }
                case .fact(.tasksAdded(let added)): for task in added.tasks { tasks[task.id] = task }
                case .decision(.split(let split)):
                    for task in split.parts { tasks[task.id] = task }
                    // Its last turn builds on what the parts have done.
                    tasks[split.task]?.dependencies += split.parts.map(\.id)
                default: continue
                }
            }
        }
        return tasks
    }
}
