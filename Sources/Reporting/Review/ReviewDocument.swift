import Foundation
import Model
import Review
import Store

/// The JSON form of the review queue, described in `docs/output.md`. A key that changes its meaning raises `version`.
struct ReviewDocument: Encodable {
    static let version = 1

    struct Group: Encodable {
        var id: String
        var language: String
        var worker: String
        var isOdd: Bool
        var reasons: [Reason]
        var edits: [Edit]
        var nearest: Nearest?
        var examples: [String]
        var commits: [Commit]
    }

    struct Reason: Encodable {
        var kind: String
        var text: String
        var commits: [String]
    }

    struct Edit: Encodable {
        var text: String
        var commits: Int
        /// By placeholder, how many commits have each value.
        var values: [String: [String: Int]]
    }

    struct Nearest: Encodable {
        var group: String
        var distance: Double
        var extra: [String]
        var missing: [String]
    }

    struct Commit: Encodable {
        var commit: String
        var task: String
        /// The task that was split into this one and others.
        var partOf: String?
        var title: String
        var files: [String]
        var lines: Int
        var attempt: Int?
        var worker: String?
        var tree: String?
        var reason: String?
        /// `open`, `approve`, `reject` or `skip`.
        var decision: String
        var by: String?
        var at: Double?
        var text: String?
        var comments: [Comment]
    }

    struct Comment: Encodable {
        var by: String
        var at: Double
        var text: String
    }

    var version = Self.version
    var run: String
    var branch: String
    var commits: Int
    var decided: Int
    var lines: Int
    var linesToRead: Int
    var groups: [Group]

    init(_ queue: ReviewQueue) {
        run = queue.run.id.rawValue
        branch = queue.run.plan.integration
        commits = queue.items.count
        decided = queue.items.count { !$0.isOpen }
        (lines, linesToRead) = queue.linesToRead
        groups = queue.groups.map { Group($0, queue) }
    }

    func json() throws -> String {
        return try DocumentJSON.text(self)
    }
}

extension ReviewDocument.Group {
    init(_ ranked: RankedGroup, _ queue: ReviewQueue) {
        let group = ranked.group
        func name(_ member: Int) -> String { queue.items[member].commit.hex }
        self.init(
            id: group.id, language: group.language, worker: group.worker, isOdd: group.isOdd,
            reasons: ranked.reasons.map { .init(kind: $0.kind.rawValue, text: $0.text, commits: $0.members.map(name)) },
            edits: group.edits.map { edit in
                let values = edit.placeholders.map { placeholder in
                    (placeholder.name, Dictionary(placeholder.values.map { ($0.text, $0.commits) }) { $0 + $1 })
                }
                return .init(text: edit.text, commits: edit.commits, values: Dictionary(values) { first, _ in first })
            },
            nearest: group.nearest.map {
                .init(group: $0.group, distance: $0.distance, extra: $0.extra, missing: $0.missing)
            },
            examples: group.examples.map(name), commits: group.members.map { .init(queue.items[$0]) })
    }
}

extension ReviewDocument.Commit {
    init(_ item: ReviewQueue.Item) {
        self.init(
            commit: item.commit.hex, task: item.task.id.rawValue, partOf: item.task.partOf?.rawValue,
            title: item.task.title, files: item.task.files,
            lines: item.patch.lines, attempt: item.attempt?.number, worker: item.attempt?.worker,
            tree: item.candidate?.tree?.hex, reason: item.attempt?.reason,
            decision: item.decision?.kind.rawValue ?? "open", by: item.decision?.person,
            at: item.decision?.time.seconds, text: item.decision?.text,
            comments: item.comments.map { .init(by: $0.person, at: $0.time.seconds, text: $0.text) })
    }
}

extension ReviewQueue {
    /// The queue as JSON, with a newline at the end.
    package func json() throws -> String { try ReviewDocument(self).json() }
}
