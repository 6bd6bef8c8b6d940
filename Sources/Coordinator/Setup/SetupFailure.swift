package import Model
import Verification

/// A set-up step that did not succeed, or that changed files which Git does not ignore.
package struct SetupFailure: Error, Sendable, CustomStringConvertible {
    /// Name of the step.
    package var step: String
    package var command: String
    /// One line: what happened.
    package var summary: String
    /// The end of its output, or the paths.
    package var detail: String
    /// Absolute path of the whole output.
    package var log: String
    /// What to do about it; nil to read the log.
    package var hint: String?
    package var seconds: Double = 0
    /// Exit status; 1 for a step that succeeded and left something.
    package var status: Int32 = 1
    /// The commit that the slot was set up for.
    package var commit: ObjectID

    package var description: String {
        let first = command.split(separator: "\n").first.map(String.init) ?? ""
        var lines = ["set-up step '\(step)' \(summary): \(first)\(first == command ? "" : " …")"]
        lines += detail.split(separator: "\n").map { "    \($0)" }
        lines.append("  hint: \(hint ?? "the whole output is in \(log)")")
        return lines.joined(separator: "\n")
    }

    /// The failed step as the result of a check.
    var asCheck: CheckResult {
        CheckResult(
            name: Self.checkName(step), command: command, outcome: .failed, status: status, seconds: seconds,
            digest: "\(summary)\n\(detail)")
    }

    static func checkName(_ step: String) -> String { "set-up: \(step)" }
}
