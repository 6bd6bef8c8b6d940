import Foundation
package import Model
package import Store

/// What the page of `serve` shows of a run: its status, its tasks and its failures by class.
package struct PageDocument: Sendable {
    private let status: StatusReport
    private let tasks: [TaskRecord]
    private let dependencies: [TaskID: [TaskID]]
    private let failures: FailuresReport

    /// - Throws: `unknownRun`, or what reading throws.
    package init(
        _ reader: StoreReader, run id: RunID?, owner: RunLock.Owner?, now: Timestamp
    ) throws(StoreError) {
        let status = try StatusReport(reader, run: id, owner: owner, now: now)
        self.status = status
        (tasks, dependencies, failures) = try reader.read { view in
            (
                try view.tasks(of: status.run.id), try view.dependencies(in: status.run.id),
                try FailuresReport(view, status.run)
            )
        }
    }

    private struct Task: Encodable {
        var id: String
        var files: [String]
        var state: String
        var reason: String
        var attempts: Int
        var since: Double
        var awaits: Bool
        var landing: Int?
        var commit: String?
        var dependencies: [String]

        init(_ task: TaskRecord, dependencies: [TaskID]) {
            id = task.id.rawValue
            files = task.files
            state = task.state.rawValue
            reason = task.reason
            attempts = task.attempts
            since = task.since.seconds
            awaits = task.state == .verified && Approval.isAwaited(by: task.reason)
            landing = task.landingOrder
            commit = task.commit?.hex
            self.dependencies = dependencies.map(\.rawValue)
        }
    }

    private struct Question: Encodable {
        var id: Int
        var text: String
    }

    private struct Document: Encodable {
        var version = 1
        var status: StatusDocument
        var tasks: [Task]
        var failures: [FailuresReport.Document.Class]
        var questions: [Question]
    }

    /// The document on one line.
    package func json() throws -> String {
        let document = Document(
            status: StatusDocument(status),
            // The ends of stages have no files.
            tasks: tasks.filter { !$0.files.isEmpty }.map { Task($0, dependencies: dependencies[$0.id] ?? []) },
            failures: failures.classes,
            questions: status.questions.map {
                Question(id: $0.message.id, text: MessageText.line($0.message.body))
            })
        return OutsideText.json(try DocumentJSON.line(document))
    }
}
