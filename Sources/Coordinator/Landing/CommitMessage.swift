import Foundation
import Git
import Model

/// The message of a task's commit: its reason, its evidence and its origin, in the form that the plan asks for.
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
        /// The task of which it is a part.
        static let partOf = "Orchestrate-Part-Of"
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
    /// The committer, as `Name <address>`.
    var committer: String

    /// A tree that the landing checks judge: the commit's own, or that of the last commit that lands with it.
    struct CheckedTree {
        let tree: ObjectID
        /// The task of the last commit that lands with it.
        let task: TaskID
        /// Tasks that land together.
        let count: Int
    }

    /// Columns, as Git's own documentation advises for bodies.
    static let width = 72
    /// Maximum lines of a reason: a commit says why, and the log of the run has the rest.
    private static let mostLines = 12
    /// Maximum characters of a reason on one line.
    private static let mostCharacters = 300
    /// Files that `{files}` names.
    private static let mostFiles = 3

    private var form: CommitForm { plan.commit ?? CommitForm() }

    var text: String {
        let body = CommitTemplate(form.body).filledLines { value($0) }
        let parts = [subject, Self.compact(body), trailers.joined(separator: "\n")]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    /// The Git note of the commit; nil if the message has everything.
    var note: String? { form.usesNotes ? "\(evidence)\n\n\(origin.joined(separator: "\n"))\n" : nil }

    /// The author; nil for the committer.
    var author: (name: String, email: String)? {
        guard let template = form.author else { return nil }
        let text = CommitTemplate(template).filled { OutsideText.line(value(of: $0)) }
        let parts = text.split(separator: "<", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return (parts[0].trimmingCharacters(in: .whitespaces), String(parts[1].prefix { $0 != ">" }))
    }

    /// Returns the text between the plan's goal and the evidence on one line: the task and the worker's reason.
    static func reason(in body: String, goal: String) -> String {
        var text = body[...]
        for opening in [CommitText.wrapped(goal), CommitText.wrapped(start(of: goal))] where text.hasPrefix(opening) {
            text = text.dropFirst(opening.count)
        }
        if let end = text.range(of: "Evidence:") { text = text[..<end.lowerBound] }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    // MARK: Subject

    private var subject: String {
        let template = CommitTemplate(form.subject)
        let full = Self.line(template.filled { OutsideText.line(value(of: $0)) })
        guard full.count > Self.width else { return full }
        // What varies in length is cut. The end of a path says more than its beginning, the start of a sentence more
        // than its end.
        let long: [CommitTemplate.Placeholder] = [.title, .files, .reason, .goal]
        let cut = template.placeholders.filter { long.contains($0) }
        let rest = full.count - cut.reduce(0) { $0 + OutsideText.line(value(of: $1)).count }
        let room = max((Self.width - rest) / max(cut.count, 1) - 1, 20)
        return Self.line(
            template.filled { placeholder in
                let text = OutsideText.line(value(of: placeholder))
                guard cut.contains(placeholder), text.count > room else { return text }
                let isPath = placeholder == .title || placeholder == .files
                return isPath ? "…\(text.suffix(room))" : "\(text.prefix(room))…"
            })
    }

    /// Removes the gaps that empty values have left.
    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    // MARK: Body

    /// The value of a placeholder in the body.
    private func value(_ placeholder: CommitTemplate.Placeholder) -> String {
        switch placeholder {
        case .reason: CommitText.limited(CommitText.wrapped(why), lines: Self.mostLines)
        case .goal: CommitText.wrapped(plan.goal)
        case .evidence: form.usesNotes ? "" : evidence
        default: CommitText.defused(OutsideText.line(value(of: placeholder)))
        }
    }

    /// The value of a placeholder on one line.
    private func value(of placeholder: CommitTemplate.Placeholder) -> String {
        switch placeholder {
        case .plan: plan.name
        case .stage: stage.name
        case .task: task.id.rawValue
        case .title: task.title
        case .files:
            task.files.prefix(Self.mostFiles).joined(separator: ", ")
                + (task.files.count > Self.mostFiles ? " and \(task.files.count - Self.mostFiles) more" : "")
        case .worker: verified.worker
        case .run: run.rawValue
        case .attempt: "\(verified.attempt)"
        case .reason: String(Self.line(why).prefix(Self.mostCharacters))
        case .goal: String(Self.line(plan.goal).prefix(Self.mostCharacters))
        case .ticket: form.ticket ?? ""
        case .evidence: String(evidence.split(separator: "\n").dropFirst().joined(separator: ", "))
        case .changeID: changeID
        }
    }

    /// Why the change was made: in the worker's words, else the task's instructions, else the first sentence of the goal.
    private var why: String {
        let said = [task.instructions, verified.reason].filter { !$0.isEmpty }
        return said.isEmpty ? Self.start(of: plan.goal) : said.joined(separator: "\n\n")
    }

    /// Returns the first sentence of the goal.
    private static func start(of goal: String) -> String {
        let paragraph = goal.trimmingCharacters(in: .whitespacesAndNewlines).components(separatedBy: "\n\n")[0]
        let words = line(paragraph)
        let sentence = words.range(of: ". ").map { words[..<$0.lowerBound] + "." } ?? words[...]
        return String(sentence.prefix(mostCharacters))
    }

    /// Removes blank lines at the ends, and all but one between paragraphs.
    private static func compact(_ body: String) -> String {
        var lines: [Substring] = []
        for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
            let isBlank = line.allSatisfy(\.isWhitespace)
            if isBlank, lines.last?.isEmpty ?? true { continue }
            lines.append(isBlank ? "" : line)
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    private var evidence: String {
        var lines = ["Evidence:"]
        // Workers on later tasks have the history.
        for check in Self.summed(stage.verify.shown(verified.checks)) {
            let runs = check.count == 1 ? "" : " (\(check.count) times)"
            lines.append("- \(OutsideText.line(check.name)): passed in \(Self.seconds(check.seconds))\(runs)")
        }
        for check in stage.verify.landing {
            let place =
                checked.tree == tree ? "this tree before it landed" : "the last of the commits that landed together"
            let part = check.affected == nil ? "" : ", as far as its tests reach the change"
            lines.append("- \(OutsideText.line(check.name)): passed on \(place)\(part)")
        }
        let added = verified.changes.reduce(0) { $0 + $1.added }
        let removed = verified.changes.reduce(0) { $0 + $1.removed }
        lines.append("- \(verified.changes.count) changed: +\(added) -\(removed)")
        return lines.joined(separator: "\n")
    }

    // MARK: Trailers

    private var trailers: [String] {
        func filled(_ template: String) -> String {
            Self.line(CommitTemplate(template).filled { OutsideText.line(value(of: $0)) })
        }
        var lines = form.trailers.map { ($0.key, filled($0.value)) }.filter { !$0.1.isEmpty }.map { "\($0): \($1)" }
        if !form.usesNotes { lines += origin }
        lines += form.coAuthors.map { "Co-authored-by: \(filled($0))" }
        if form.signOff { lines.append("Signed-off-by: \(committer)") }
        return lines
    }

    private var origin: [String] {
        var lines = task.reverts.map { ["\(Trailer.reverts): \($0.map(\.rawValue).joined(separator: " "))"] } ?? []
        lines += [
            "\(Trailer.task): \(task.id)", "\(Trailer.run): \(run)", "\(Trailer.attempt): \(verified.attempt)",
            "\(Trailer.worker): \(verified.worker)", "\(Trailer.tree): \(verifiedTree)",
        ]
        if let parent = task.partOf { lines.append("\(Trailer.partOf): \(parent)") }
        return lines
    }

    private var verifiedTree: String {
        checked.tree == tree
            ? tree.hex
            : "\(checked.tree) (of the commit of \(checked.task), the last of \(checked.count) that landed together)"
    }

    /// The id of the change for Gerrit. Every commit of the task in this run has it, on whatever base it is built.
    private var changeID: String {
        var key = SHA256Key("change")
        key.add([committer, plan.name, run.rawValue, task.id.rawValue])
        return "I\(key.text.prefix(40))"
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
}
