import Foundation
import Model

/// The message of a task's commit: its reason, its evidence and its origin.
struct CommitMessage {
    /// Keys of the trailers that identify a run's commits.
    enum Trailer {
        static let task = "Orchestrate-Task"
        static let run = "Orchestrate-Run"
        static let attempt = "Orchestrate-Attempt"
        static let worker = "Orchestrate-Worker"
        static let tree = "Verified-Tree"
        /// The tasks whose commits it takes back.
        static let reverts = "Orchestrate-Reverts"
    }

    var plan: Plan
    var stage: Stage
    var run: RunID
    var task: MigrationTask
    var verified: Fact.AttemptVerified
    /// The commit's tree.
    var tree: ObjectID
    /// The tree that the landing checks judge.
    var checked: CheckedTree

    /// A tree that the landing checks judge: the commit's own, or that of the last commit that lands with it.
    struct CheckedTree {
        let tree: ObjectID
        /// The task of the last commit that lands with it.
        let task: TaskID
        /// Tasks that land together.
        let count: Int
    }

    /// Columns, as Git's own documentation advises for bodies.
    private static let width = 72

    var text: String {
        var parts = [subject, Self.wrapped(plan.goal)]
        if !task.instructions.isEmpty { parts.append(Self.wrapped(task.instructions)) }
        if !verified.reason.isEmpty { parts.append(Self.wrapped(verified.reason)) }
        parts.append(evidence)
        parts.append(trailers)
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    /// Returns the text between the plan's goal and the evidence on one line: the task and the worker's reason.
    static func reason(in body: String, goal: String) -> String {
        var text = body[...]
        let opening = wrapped(goal)
        if text.hasPrefix(opening) { text = text.dropFirst(opening.count) }
        if let end = text.range(of: "Evidence:") { text = text[..<end.lowerBound] }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private var subject: String {
        let title = OutsideText.line(task.title)
        let full = "\(plan.name): \(title)"
        guard full.count > Self.width else { return full }
        // The end of a path says more than its beginning.
        let room = Self.width - plan.name.count - 3
        return "\(plan.name): …\(title.suffix(max(room, 20)))"
    }

    private var evidence: String {
        var lines = ["Evidence:"]
        for check in Self.summed(verified.checks) {
            let runs = check.count == 1 ? "" : " (\(check.count) times)"
            lines.append("- \(OutsideText.line(check.name)): passed in \(Self.seconds(check.seconds))\(runs)")
        }
        for check in stage.verify.landing {
            let place =
                checked.tree == tree ? "this tree before it landed" : "the last of the commits that landed together"
            lines.append("- \(OutsideText.line(check.name)): passed on \(place)")
        }
        let added = verified.changes.reduce(0) { $0 + $1.added }
        let removed = verified.changes.reduce(0) { $0 + $1.removed }
        lines.append("- \(verified.changes.count) changed: +\(added) -\(removed)")
        return lines.joined(separator: "\n")
    }

    private var trailers: String {
        let reverted = task.reverts.map { "\(Trailer.reverts): \($0.map(\.rawValue).joined(separator: " "))\n" } ?? ""
        return reverted + """
            \(Trailer.task): \(task.id)
            \(Trailer.run): \(run)
            \(Trailer.attempt): \(verified.attempt)
            \(Trailer.worker): \(verified.worker)
            \(Trailer.tree): \(verifiedTree)
            """
    }

    private var verifiedTree: String {
        checked.tree == tree
            ? tree.hex
            : "\(checked.tree) (of the commit of \(checked.task), the last of \(checked.count) that landed together)"
    }

    /// Combines the runs of each check over several files.
    private static func summed(_ checks: [CheckResult]) -> [(name: String, seconds: Double, count: Int)] {
        var order: [String] = []
        var sums: [String: (seconds: Double, count: Int)] = [:]
        for check in checks {
            if sums[check.name] == nil { order.append(check.name) }
            sums[check.name, default: (0, 0)].seconds += check.seconds
            sums[check.name, default: (0, 0)].count += 1
        }
        return order.map { ($0, sums[$0]?.seconds ?? 0, sums[$0]?.count ?? 0) }
    }

    private static func seconds(_ seconds: Double) -> String { String(format: "%.1f s", seconds) }

    /// Wraps paragraphs at spaces. A paragraph with list items or indented lines keeps its lines. A line that looks
    /// like a trailer is indented, so that text from outside is never read as a trailer.
    private static func wrapped(_ text: String) -> String {
        let paragraphs = OutsideText.lines(text).trimmingCharacters(in: .whitespacesAndNewlines).components(
            separatedBy: "\n\n")
        return paragraphs.map { paragraph in
            let lines = paragraph.split(separator: "\n", omittingEmptySubsequences: true)
            if lines.contains(where: { $0.hasPrefix(" ") || $0.hasPrefix("-") || $0.hasPrefix("*") }) {
                return lines.map(Self.defused).joined(separator: "\n")
            }
            return filled(lines.joined(separator: " ").split(separator: " ")).map(Self.defused).joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private static func filled(_ words: [Substring]) -> [Substring] {
        var lines: [String] = []
        var line = ""
        for word in words {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        if !line.isEmpty { lines.append(line) }
        return lines.map { Substring($0) }
    }

    private static func defused(_ line: Substring) -> String {
        let isTrailer = line.hasPrefix("Orchestrate-") || line.hasPrefix(Trailer.tree)
        return isTrailer ? " \(line)" : String(line)
    }
}
