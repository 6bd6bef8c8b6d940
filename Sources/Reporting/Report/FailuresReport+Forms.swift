import Foundation
import Model
import Store

extension FailuresReport {
    /// Names of tasks that a class shows; `--json` has all.
    private static let mostNames = 4

    func text(_ layout: Layout) -> String {
        let count = rows.reduce(0) { $0 + $1.items.count }
        guard count > 0 else { return "\(run.id): no failures\n" }
        let classes = rows.count == 1 ? "1 class" : "\(rows.count) classes"
        var lines = [layout.style.paint("\(run.id): \(Count.text(count, "failure")) in \(classes)", .heading)]
        for row in rows {
            let worker = row.worker.map { " by \($0)" } ?? ""
            lines += [
                "", layout.style.paint(layout.fit("\(row.id)  \(TextWidth.safe(row.source + worker))"), .heading),
            ]
            lines += layout.wrapped(row.lead)
            lines += layout.wrapped(figures(row))
            lines += layout.wrapped("tasks: \(Self.names(row.tasks))")
        }
        return (lines + ["", "next: \(next)"]).joined(separator: "\n") + "\n"
    }

    private func figures(_ row: Row) -> String {
        let tasks = "\(Count.text(row.items.count, "failure")) of \(Count.text(row.tasks.count, "task"))"
        let open = row.open.count - row.failed.count
        var words = [tasks]
        if !row.failed.isEmpty { words.append("\(row.failed.count) given up") }
        if open > 0 { words.append("\(open) still tried") }
        if row.open.isEmpty { words.append("all done since") }
        let share = "\(Int((row.share * 100).rounded())) % of the \(unit == .seconds ? "time" : unit.rawValue)"
        return (words + [share]).joined(separator: ", ")
    }

    private static func names(_ tasks: [TaskID]) -> String {
        let more = tasks.count > mostNames ? " and \(tasks.count - mostNames) more" : ""
        return tasks.prefix(mostNames).map(\.rawValue).joined(separator: ", ") + more
    }

    private var next: String {
        guard let row = rows.first(where: { !$0.failed.isEmpty }) else { return "orchestrate status" }
        return "orchestrate retry --class \(row.id) --note TEXT"
    }

    struct Document: Encodable {
        struct Example: Encodable {
            var task: String
            var attempt: Int
            var place: String?
            var message: String
        }

        struct Class: Encodable {
            var id: String
            var source: String
            var worker: String?
            var digest: String
            var example: Example
            var failures: Int
            var tasks: [String]
            var open: [String]
            var failed: [String]
            var costShare: Double
            var seconds: Double
            var tokens: Int
            var usd: Double?
        }

        var version = 1
        var run: String
        var costUnit: String
        var classes: [Class]
    }

    /// The classes as programs read them.
    var classes: [Document.Class] {
        rows.map { row in
            let first = row.items[0]
            let prices = row.items.compactMap { $0.usage?.usd }
            return Document.Class(
                id: row.id, source: row.source, worker: row.worker, digest: row.digest,
                example: .init(
                    task: first.task.rawValue, attempt: first.attempt, place: first.failure.place,
                    message: first.failure.message),
                failures: row.items.count, tasks: row.tasks.map(\.rawValue), open: row.open.map(\.rawValue),
                failed: row.failed.map(\.rawValue), costShare: row.share,
                seconds: row.items.reduce(0) { $0 + $1.seconds },
                tokens: row.items.reduce(0) { $0 + ($1.usage?.tokens ?? 0) },
                usd: prices.isEmpty ? nil : prices.reduce(0, +))
        }
    }

    func json() throws -> String {
        let document = Document(run: run.id.rawValue, costUnit: unit.rawValue, classes: classes)
        return try DocumentJSON.text(document)
    }
}

extension FailuresReport.Row {
    /// The place and the message of the first failure.
    var lead: String {
        let failure = items[0].failure
        return [failure.place, failure.message].compactMap { $0 }.joined(separator: " ")
    }
}
