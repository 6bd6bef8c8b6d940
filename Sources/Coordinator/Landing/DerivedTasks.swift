import DependencyGraph
import Foundation
import Git
import Model

/// New tasks for files that belong to no task and use a name that a landing removed.
///
/// Its calls block.
struct DerivedTasks {
    let git: RunRepository
    let register: TaskRegister

    private static let largestFile = 1 << 20

    /// Returns the fact that adds the tasks.
    /// - Returns: nil if no file outside of the run's tasks uses a removed name, or the plan derives no tasks.
    func fact(_ commit: Fact.Landed.Commit, _ news: [LandingNews.FileNews]) throws -> Fact? {
        guard let rules = git.plan.derive, let cause = register[commit.task] else { return nil }
        let lost = news.flatMap { file in file.changes.lost.map { (file.path, $0.name, $0.now) } }
        guard !lost.isEmpty else { return nil }
        let graph = try git.graph.value()
        let tree = try git.repository.treeOf(commit.commit)
        var users: [String: [(name: String, now: String?, path: String)]] = [:]
        for (path, name, now) in lost {
            guard let file = graph.index(of: path) else { continue }
            for index in try git.graph.users(of: file) {
                let user = graph.files[Int(index)].path
                guard register.owner(of: user) == nil, try uses(user, name, in: tree) else { continue }
                users[user, default: []].append((name, now, path))
            }
        }
        let room = max(0, rules.maxTasks - register.derivedCount)
        let tasks = users.sorted { $0.key < $1.key }.prefix(room).map { path, uses in
            let lines = uses.map { use in
                use.now.map { "\(use.name) of \(use.path) is now \($0)" } ?? "\(use.name) of \(use.path) was removed"
            }
            var task = MigrationTask(
                id: register.freeName(for: path), title: "Follow \(commit.task) in \(path)", files: [path],
                dependencies: [commit.task], stage: cause.stage,
                instructions: "This file uses names that \(commit.task) has removed or renamed:\n"
                    + lines.map { "- \($0)" }.joined(separator: "\n"))
            task.derivedFrom = commit.task
            return task
        }
        guard !tasks.isEmpty else { return nil }
        return .tasksAdded(
            .init(
                tasks: tasks, cause: commit.task,
                reason: "derived: uses a name that \(commit.task) has removed or renamed"))
    }

    /// Returns whether a file of a tree contains a name as a whole word.
    private func uses(_ path: String, _ name: String, in tree: ObjectID) throws -> Bool {
        guard let entry = try git.repository.entry(path, inTree: tree),
            let bytes = try git.repository.bytes(of: entry.id, limit: Self.largestFile)
        else { return false }
        let word = Array((name.split(separator: ".").last ?? "").utf8)
        guard !word.isEmpty, bytes.count >= word.count else { return false }
        return bytes.indices.dropLast(word.count - 1).contains { start in
            let end = start + word.count
            return bytes[start..<end].elementsEqual(word)
                && (start == 0 || !Self.isLetter(bytes[start - 1]))
                && (end == bytes.count || !Self.isLetter(bytes[end]))
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
