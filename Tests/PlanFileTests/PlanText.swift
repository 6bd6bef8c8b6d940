import Foundation
import Model
import Testing

@testable import PlanFile

/// Plans as text, judged as if they were files of the current folder.
enum PlanText {
    /// Five lines that make a plan without errors; what a test adds starts on line 6.
    static let start = """
        version: 1
        name: x
        goal: y
        repository: .
        workers: {ladder: [{run: "true"}]}

        """

    static func load(_ text: String, workerFolders: [String] = []) -> Result<LoadedPlan, PlanProblems> {
        PlanLoader.decode(text, path: "plan.yaml", repository: nil, workerFolders: workerFolders)
    }

    /// The plan of `start` and more lines.
    static func plan(_ more: String) throws -> Plan { try load(start + more).get().plan }

    /// Errors as `line:column: message`.
    static func errors(_ text: String) -> [String] {
        switch load(text) {
        case .success: []
        case .failure(let problems): shown(problems.diagnostics.filter { $0.severity == .error })
        }
    }

    static func shown(_ diagnostics: [Diagnostic]) -> [String] {
        diagnostics.map { "\($0.line):\($0.column): \($0.message)" }
    }
}
