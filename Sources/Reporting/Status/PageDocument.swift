import Foundation
import Model
package import Store

/// What the page of `serve` shows of a run: the document of the live view, dependencies, and failures by class.
package struct PageDocument: Sendable {
    private let status: StatusDocument
    private let tasks: [TaskRecord]
    private let dependencies: [TaskID: [TaskID]]
    private let failures: FailuresReport
    private let decisions: Int

    /// - Throws: `unknownRun`, or what reading throws.
    package init(_ reader: StoreReader, _ report: StatusReport) throws(StoreError) {
        status = report.document
        let run = report.run
        (tasks, dependencies, failures, decisions) = try reader.read { view in
            (
                try view.tasks(of: run.id), try view.dependencies(in: run.id), try FailuresReport(view, run),
                try view.reviewDecisions(of: run.id).count
            )
        }
    }

    private struct Document: Encodable {
        /// 2: `tasks` is gone; `status.rows` has the tasks.
        var version = 2
        var status: StatusDocument
        /// The tasks that each task needs, where it needs some.
        var dependencies: [String: [String]]
        /// The place of each landed task on the branch, from 0.
        var landing: [String: Int]
        var failures: [FailuresReport.Document.Class]
        /// How many decisions of reviewers there are: with another number, the review queue has changed.
        var decisions: Int
    }

    /// The document on one line.
    package func json() throws -> String {
        var document = Document(
            status: status, dependencies: [:], landing: [:], failures: failures.classes, decisions: decisions)
        for (task, below) in dependencies where !below.isEmpty {
            document.dependencies[task.rawValue] = below.map(\.rawValue)
        }
        for task in tasks { document.landing[task.id.rawValue] = task.landingOrder }
        return OutsideText.json(try DocumentJSON.line(document))
    }
}
