package import Model
package import Store

/// The failed tasks of a run by class of failure, and the tasks that wait for them.
package enum FailureLines {
    /// Tasks of one class that are listed.
    private static let listed = 10

    package static func lines(_ view: StoreView, run: RunID) throws(StoreError) -> [LiveLine] {
        let rows = try FailuresReport(view, view.run(run)).rows.filter { !$0.failed.isEmpty }
        let blocked = try view.tasks(of: run, in: [.blocked]).filter { !$0.files.isEmpty }
        if rows.isEmpty, blocked.isEmpty { return [LiveLine("nothing has failed", .faint)] }
        var lines: [LiveLine] = []
        for row in rows.sorted(by: { $0.failed.count > $1.failed.count }) {
            lines.append(LiveLine("\(row.id)  \(Count.text(row.failed.count, "task")): \(row.lead)", .bad))
            lines += row.failed.prefix(listed).map { LiveLine("  \($0)") }
            if row.failed.count > listed { lines.append(LiveLine("  and \(row.failed.count - listed) more", .faint)) }
        }
        if !blocked.isEmpty {
            lines.append(LiveLine("\(Count.text(blocked.count, "task")) blocked by them", .heading))
            lines += blocked.prefix(listed).map { LiveLine("  \($0.id)  by \($0.cause?.rawValue ?? "?")") }
        }
        return lines
    }
}
