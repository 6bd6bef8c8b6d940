package import Model
package import Store

/// Everything that happened to a task, in order.
package struct TaskLog: Sendable {
    let task: TaskRecord
    let events: [LoggedEvent]

    /// - Parameters:
    ///   - run: the run; nil for the one started last.
    ///   - name: the task's name, or the path of one of its files.
    /// - Throws: `unknownTask`, `unknownRun`, or what reading throws.
    package init(_ reader: StoreReader, run id: RunID?, task name: String) throws(StoreError) {
        (task, events) = try reader.read { view in
            let run = try StatusReport.find(id, in: view, path: reader.path)
            let task = try view.task(named: name, of: run.id)
            return (task, try view.events(of: run.id, task: task.id))
        }
    }

    /// The log for people, with a newline at the end.
    package func text(_ layout: Layout) -> String {
        var table = TextTable(indent: 0)
        for event in events {
            let text = EventText(event.body, for: task.id)
            table.add(
                .init(TimeText.clock(event.time, offset: layout.clockOffset), .faint), .init(text.word),
                .init(text.detail))
        }
        return (["\(task.id)  \(task.state.words)"] + table.lines(layout)).joined(separator: "\n") + "\n"
    }
}
