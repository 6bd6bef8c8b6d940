import Executors
import Foundation
import Model
import PlanFile

/// The executors of the user's configuration.
enum ExecutorConfiguration {
    /// Path of the file; nil without a home.
    static var path: String? {
        let environment = Terminal.environment
        let home = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { "\($0)/.config" }
        return home.map { "\($0)/orchestrate/\(ExecutorsFile.name)" }
    }

    /// Reads the file; without one there are no executors.
    static func settings() throws -> [ExecutorSettings] {
        guard let path, FileManager.default.fileExists(atPath: path) else { return [] }
        return try ExecutorsFile.load(path).get()
    }

    static func executors(_ settings: [ExecutorSettings]) -> ExecutorSet {
        ExecutorSet(
            settings, version: Version.current, program: Bundle.main.executablePath ?? "orchestrate",
            environment: Terminal.environment)
    }

    /// Returns the executors for a run of a plan.
    /// - Throws: `Outcome` if the plan names one that is not there, or needs what executors cannot do.
    static func executors(for plan: Plan) throws -> ExecutorSet {
        if plan.executors.isEmpty { return .none }
        let settings = try settings()
        let names = settings.map(\.name)
        for name in plan.executors where !names.contains(name) {
            let known = names.isEmpty ? "it names none" : "it names \(names.joined(separator: ", "))"
            throw Outcome(
                code: .planRefused,
                message: "error: the plan names the executor '\(name)', which is not in \(path ?? ExecutorsFile.name)\n"
                    + "  hint: \(known); docs/executors.md describes the file")
        }
        if !plan.setup.copy.isEmpty {
            throw Outcome(
                code: .planRefused,
                message: "error: 'copy' brings files of your checkout into slots of this machine only\n"
                    + "  hint: leave 'copy' or 'executor' out of the plan, or make the files in a step of 'setup'")
        }
        return executors(settings)
    }
}
