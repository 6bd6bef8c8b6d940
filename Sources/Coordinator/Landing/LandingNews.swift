import DependencyGraph
import Git
import Model

/// What a landing means for others: messages about interfaces that changed, and tasks that became necessary.
///
/// They are stored in one go with the fact of the landing, so a coordinator that is killed in between leaves neither or
/// all of them. Its calls block.
struct LandingNews {
    let git: RunRepository
    let register: TaskRegister
    let router: MessageRouter

    private static let largestFile = 1 << 20
    /// Lines of one message; who wants more can look at the commit.
    private static let mostLines = 60

    /// A fact with those that follow from it; alone where it is no landing, or where the plan has no use for them.
    ///
    /// They come before it: a run whose last task has landed is over, unless it has others by then.
    func facts(with fact: Fact) -> [Fact] { news(of: fact) + [fact] }

    private func news(of fact: Fact) -> [Fact] {
        guard case .landed(let landed) = fact else { return [] }
        let share = git.plan.context.share
        let isShared = share == .messages || share == .everything
        guard isShared || git.plan.derive != nil else { return [] }
        return landed.commits.flatMap { commit -> [Fact] in
            // News that cannot be read is no reason to stop a run.
            guard let changes = try? changes(of: commit.commit), !changes.isEmpty else { return [] }
            var facts: [Fact] = []
            if isShared, let message = message(commit, changes) { facts.append(message) }
            if let tasks = try? DerivedTasks(git: git, register: register).fact(commit, changes) { facts.append(tasks) }
            return facts
        }
    }

    /// One file whose declarations changed.
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
            body: "\(commit.task) has landed and changed what others use of it.\n" + lines.joined(separator: "\n"),
            files: news.map(\.path))
    }
}
