import DependencyGraph
import Git
import Model

/// The consequences of a landing: messages about changed interfaces, and derived tasks.
///
/// They are stored in one transaction with the landing, so a killed coordinator leaves all of them or none.
/// Its calls block.
struct LandingNews {
    let git: RunRepository
    let register: TaskRegister
    let router: MessageRouter

    private static let largestFile = 1 << 20
    /// Maximum lines of one message. The commit shows the rest.
    private static let mostLines = 60

    /// Returns a fact, after the facts that follow from it if it is a landing.
    ///
    /// The fact comes last, because a run ends when its last task has landed.
    func facts(with fact: Fact) -> [Fact] { news(of: fact) + [fact] }

    private func news(of fact: Fact) -> [Fact] {
        guard case .landed(let landed) = fact else { return [] }
        let share = git.plan.context.share
        let isShared = share == .messages || share == .everything
        guard isShared || git.plan.derive != nil else { return [] }
        return landed.commits.flatMap { commit -> [Fact] in
            // A commit that cannot be read must not stop the run.
            guard let changes = try? changes(of: commit.commit), !changes.isEmpty else { return [] }
            var facts: [Fact] = []
            if isShared, let message = message(commit, changes) { facts.append(message) }
            if let tasks = try? DerivedTasks(git: git, register: register).fact(commit, changes) { facts.append(tasks) }
            return facts
        }
    }

    /// A file whose declarations changed.
    struct FileNews {
        var path: String
        var changes: DeclarationChanges
    }

    private func changes(of commit: ObjectID) throws -> [FileNews] {
        let repository = git.repository
        let record = try repository.commit(commit)
        guard let parent = record.parents.first else { return [] }
        let differences = try repository.diff(
            from: repository.treeOf(parent), to: record.tree, counting: false)
        return try differences.compactMap { change in
            let before = try declarations(change.oldID, change.path)
            let after = try declarations(change.newID, change.path)
            guard before != nil || after != nil else { return nil }
            let changes = DeclarationChanges(before: before ?? [], after: after ?? [])
            return changes.isEmpty ? nil : FileNews(path: change.path, changes: changes)
        }
    }

    private func declarations(_ blob: ObjectID?, _ path: String) throws -> [Declaration]? {
        guard let blob, let source = try git.repository.bytes(of: blob, limit: Self.largestFile) else { return nil }
        return Declaration.exported(in: source, path: path)
    }

    private func message(_ commit: Fact.Landed.Commit, _ news: [FileNews]) -> Fact? {
        guard register.hasDependents(commit.task) else { return nil }
        var lines: [String] = []
        for file in news { lines += ["\(file.path):"] + file.changes.lines.map { "  \($0)" } }
        if lines.count > Self.mostLines {
            lines =
                lines.prefix(Self.mostLines) + [
                    "and \(lines.count - Self.mostLines) more lines; see \(commit.commit.short)"
                ]
        }
        return router.compose(
            .interfaceChange, from: .coordinator, to: .dependentsOf(commit.task),
            body: "\(commit.task) has landed and changed these declarations.\n" + lines.joined(separator: "\n"),
            files: news.map(\.path))
    }
}
