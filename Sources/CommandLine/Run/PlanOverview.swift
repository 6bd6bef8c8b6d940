import ArgumentParser
import Coordinator
import Decomposition
import Model

/// The order of the tasks in `plan show`: the order of work, or a figure, largest first.
enum TaskSorting: String, ExpressibleByArgument, CaseIterable {
    case order
    case lines
    case fanIn = "fan-in"
    case fanOut = "fan-out"
    case cycle
    case tests
    case difficulty

    /// The figure of a task; nil for the order of work.
    func figure(of task: MigrationTask) -> Int? {
        switch self {
        case .order: nil
        case .lines: task.figures.lines
        case .fanIn: task.figures.fanIn
        case .fanOut: task.figures.fanOut
        case .cycle: task.figures.cycle
        case .tests: task.tests.count
        case .difficulty: task.figures.difficulty
        }
    }
}

/// The text of `plan show`.
struct PlanOverview {
    let plan: Plan
    let outlook: RunSetup.Outlook
    let sorting: TaskSorting

    var text: String {
        [summary, outlook.leftOut.joined(separator: "\n"), order, cycles, commands].filter { !$0.isEmpty }.joined(
            separator: "\n\n")
    }

    private var summary: String {
        let list = outlook.list
        let waves = list.waves
        let widest = waves.enumerated().max { ($0.element.count, -$0.offset) < ($1.element.count, -$1.offset) }
        let chain = list.longestChain
        let files = list.tasks.reduce(0) { $0 + $1.files.count }
        let moved = outlook.movedBaseNote(plan).map { "\n\n\($0)" } ?? ""
        return """
            plan \(plan.name) on \(plan.repository)
              base          \(plan.base) (\(outlook.base.short))
              integration   \(plan.integration)
              tasks         \(list.tasks.count { !$0.isGate }), over \(files) of \(Count.text(outlook.graph.files.count, "file"))
              waves         \(waves.count); the widest is number \(widest.map { $0.offset + 1 } ?? 0) with \
            \(Count.text(widest?.element.count ?? 0, "task"))
              longest chain \(chain.count): \(Self.shortened(chain))
              workers       \(plan.workers.maxParallel) side by side\(plan.workers.isParallelOpen == true ? ", as far as the machine bears it" : "")\(moved)
            """
    }

    private static func shortened(_ chain: [TaskID]) -> String {
        let names = chain.map(\.rawValue)
        if names.count <= 6 { return names.joined(separator: " → ") }
        return (names.prefix(3) + ["…"] + names.suffix(2)).joined(separator: " → ")
    }

    private var order: String {
        var waveOf: [TaskID: Int] = [:]
        for (number, wave) in outlook.list.waves.enumerated() {
            for task in wave { waveOf[task] = number + 1 }
        }
        let width = outlook.list.tasks.map { $0.id.rawValue.count }.max() ?? 0
        let sorted = outlook.list.tasks.enumerated().sorted { a, b in
            let figures = (sorting.figure(of: a.element) ?? 0, sorting.figure(of: b.element) ?? 0)
            return figures.0 != figures.1 ? figures.0 > figures.1 : a.offset < b.offset
        }
        let rows = sorted.map { number, task in
            let figures = task.figures
            var notes = [
                Count.text(figures.lines, "line"), "in \(figures.fanIn)", "out \(figures.fanOut)",
                "tests \(task.tests.count)",
                "difficulty \(figures.difficulty)",
            ]
            if task.isGate { notes = ["end of a stage"] }
            if task.files.count > 1 { notes.insert(Count.text(task.files.count, "file"), at: 0) }
            if figures.cycle > 1 { notes.append("cycle of \(figures.cycle)") }
            let place = Self.right("\(number + 1)", 5) + Self.right("\(waveOf[task.id] ?? 0)", 6)
            return "\(place)  \(Self.left(task.id.rawValue, width))  \(notes.joined(separator: ", "))"
        }
        return (["order  wave  \(Self.left("task", width))  figures"] + rows).joined(separator: "\n")
    }

    private var cycles: String {
        let list = outlook.list
        guard !list.cutCycles.isEmpty else { return "" }
        var lines = list.cutCycles.map { cut in
            "a cycle of \(Count.text(cut.files.count, "file")) is cut into \(Count.text(cut.pieces, "task")); these dependencies are ignored:"
        }
        lines += list.ignoredEdges.prefix(Self.edgesShown).map { edge in
            "  ignored: \(edge.from):\(edge.line) → \(edge.to) (\(edge.kind.word))"
        }
        if list.ignoredEdges.count > Self.edgesShown {
            lines.append("  and \(list.ignoredEdges.count - Self.edgesShown) more")
        }
        return lines.joined(separator: "\n")
    }

    private static let edgesShown = 20

    private var commands: String {
        let blocks = plan.stages.map { stage in
            var lines = [plan.stages.count > 1 ? "commands of stage \(stage.name)" : "commands"]
            for glob in stage.setup.copy { lines.append("  copy     \(glob)") }
            for step in stage.setup.steps { lines.append("  set-up   \(step.name): \(Self.firstLine(step.run))") }
            for check in stage.verify.done { lines.append("  done     \(Self.firstLine(check.run))") }
            for reviewer in stage.verify.doneReviewers { lines.append("  done     reviewer \(reviewer.name)") }
            for rung in stage.ladder {
                lines.append(
                    "  worker   \(rung.worker.name), at most \(Count.text(rung.attempts, "time")): \(Self.firstLine(rung.worker.run))"
                )
            }
            for check in stage.verify.task { lines.append("  task     \(check.name): \(Self.firstLine(check.run))") }
            for check in stage.verify.holdout { lines.append("  holdout  \(check.name): \(Self.firstLine(check.run))") }
            for check in stage.verify.landing {
                lines.append("  landing  \(check.name): \(Self.firstLine(check.run))")
            }
            return lines.joined(separator: "\n")
        }
        return blocks.joined(separator: "\n\n")
    }

    private static func firstLine(_ command: String) -> String {
        let lines = command.split(separator: "\n")
        return (lines.first.map(String.init) ?? "") + (lines.count > 1 ? " …" : "")
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

extension RunSetup.Outlook {
    /// Names both commits of a base that has moved since the landed tasks were made; nil where it has not.
    func movedBaseNote(_ plan: Plan) -> String? {
        guard let earlierBase else { return nil }
        guard earlierBase != base else {
            return "\(plan.base) has moved from \(base.short) and changes the same lines as landed tasks; "
                + "merge '\(plan.integration)' into it by hand"
        }
        return "\(plan.base) has moved from \(earlierBase.short) to \(base.short); "
            + "'orchestrate migrate' continues on \(base.short)"
    }
}
