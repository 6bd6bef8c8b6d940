import Foundation
import Model
import Review
import Store

extension ReviewQueue {
    /// Bytes of the changes of an example, and how many groups have one.
    private static let longestDiff = 12 << 10
    private static let mostDiffs = 60

    private struct Page: Encodable {
        struct Group: Encodable {
            var id: String
            var language: String
            var worker: String
            var isOdd: Bool
            /// How many of its commits nobody has decided on.
            var open: Int
            var reasons: [String]
            var edits: [String]
            /// The split tasks that its commits belong to, with all their commits.
            var split: [String]
            var commits: [Commit]
            /// The changes of a typical commit; nil for groups far down.
            var diff: String?
        }

        struct Commit: Encodable {
            var commit: String
            var task: String
            /// The task that was split into this one and others.
            var partOf: String?
            /// `open`, `approve`, `reject` or `skip`.
            var decision: String
            var by: String?
            var text: String?
        }

        var commits: Int
        var decided: Int
        var lines: Int
        var linesToRead: Int
        var groups: [Group]
    }

    /// The queue for the web page, on one line.
    package func page() throws -> String {
        let groups = self.groups.enumerated().map { place, ranked in
            let example = ranked.group.examples.first.map { items[$0].diff } ?? ""
            return Page.Group(
                id: ranked.group.id, language: ranked.group.language, worker: ranked.group.worker,
                isOdd: ranked.group.isOdd, open: open(in: ranked), reasons: ranked.reasons.map(\.text),
                edits: ranked.group.edits.prefix(6).map(\.text),
                split: families(of: ranked).prefix(Self.families).map { Self.words($0, in: ranked.group.id) },
                commits: ranked.group.members.map { Self.commit(items[$0]) },
                diff: place < Self.mostDiffs
                    ? OutsideText.lines(String(decoding: Array(example.utf8).prefix(Self.longestDiff), as: UTF8.self))
                    : nil)
        }
        let (lines, toRead) = linesToRead
        return try DocumentJSON.line(
            Page(
                commits: items.count, decided: items.count { !$0.isOpen }, lines: lines, linesToRead: toRead,
                groups: groups))
    }

    private static func commit(_ item: Item) -> Page.Commit {
        Page.Commit(
            commit: item.commit.hex, task: item.task.id.rawValue, partOf: item.task.partOf?.rawValue,
            decision: item.decision?.kind.rawValue ?? "open",
            by: item.decision?.person, text: item.decision?.text)
    }
}
