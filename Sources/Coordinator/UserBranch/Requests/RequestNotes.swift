import Foundation
package import Model
package import Store

/// What reviewers and checks said about the work of tasks, for the next attempts at them.
package struct RequestNotes: Sendable {
    private let folder: String

    /// Maximum characters of the notes of one task.
    private static let longest = 8000

    package init(_ state: StateFolder, plan: String) { folder = "\(state.path)/requests/\(plan).notes" }

    /// Adds words about the current head of a pull request to the tasks that they are about.
    func add(_ feedback: RequestFeedback, number: Int, of request: BranchRequest) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text =
            "Pull request #\(number), \(OutsideText.line(feedback.author)): \(OutsideText.lines(feedback.text))\n"
        for task in Self.tasks(feedback, of: request) {
            let path = "\(folder)/\(task.rawValue).md"
            let known = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            if known.contains(text) { continue }
            try String((known + text).suffix(Self.longest)).write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    /// Returns what was said about a task's work; nil if nothing was.
    package func text(for task: TaskID) -> String? {
        try? String(contentsOfFile: "\(folder)/\(task.rawValue).md", encoding: .utf8)
    }

    /// The task that changed the file; without a file, all tasks of the branch.
    private static func tasks(_ feedback: RequestFeedback, of request: BranchRequest) -> [TaskID] {
        guard let task = feedback.path.flatMap({ request.taskOf[$0] }) else { return request.tasks }
        return [task]
    }
}
