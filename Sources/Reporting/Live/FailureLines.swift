package import Model
package import Store

/// The failed tasks of a run, those that failed in the same way together.
package enum FailureLines {
    /// Tasks of one kind of failure that are listed.
    private static let listed = 10

    package static func lines(_ view: StoreView, run: RunID) throws(StoreError) -> [LiveLine] {
        let failed = try view.tasks(of: run, in: [.failed])
        let blocked = try view.tasks(of: run, in: [.blocked]).filter { !$0.files.isEmpty }
        if failed.isEmpty, blocked.isEmpty { return [LiveLine("nothing has failed", .faint)] }
        let kinds = Dictionary(grouping: failed, by: \.reason).sorted {
            ($1.value.count, $0.key) < ($0.value.count, $1.key)
        }
        var lines: [LiveLine] = []
        for (reason, tasks) in kinds {
            lines.append(LiveLine("\(Count.text(tasks.count, "task")): \(reason)", .bad))
            lines += tasks.prefix(listed).map { LiveLine("  \($0.id)  after \(Count.text($0.attempts, "attempt"))") }
            if tasks.count > listed { lines.append(LiveLine("  and \(tasks.count - listed) more", .faint)) }
        }
        if !blocked.isEmpty {
            lines.append(LiveLine("\(Count.text(blocked.count, "task")) blocked by them", .heading))
            lines += blocked.prefix(listed).map { LiveLine("  \($0.id)  by \($0.cause?.rawValue ?? "?")") }
        }
        return lines
    }
}
