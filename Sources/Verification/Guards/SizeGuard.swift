import Git
import Model

/// Limits the number of lines and files that an attempt changes.
struct SizeGuard: DiffGuard {
    let mostLines: Int?
    let mostFiles: Int?

    var rule: String {
        switch (mostLines, mostFiles) {
        case (nil, nil): ""
        case (let lines?, nil): "Change at most \(Count.text(lines, "line")), added plus removed."
        case (nil, let files?): "Change at most \(Count.text(files, "file"))."
        case (let lines?, let files?):
            "Change at most \(Count.text(files, "file")) and \(Count.text(lines, "line")), added plus removed."
        }
    }

    func objections(to diff: AttemptDiff) -> [Objection] {
        var result: [Objection] = []
        if let mostFiles, diff.changes.count > mostFiles {
            result.append(
                Objection(reason: "\(diff.changes.count) changed files are more than the \(mostFiles) allowed"))
        }
        let lines = diff.changes.reduce(0) { $0 + $1.added + $1.removed }
        if let mostLines, lines > mostLines,
            let largest = diff.changes.max(by: { $0.added + $0.removed < $1.added + $1.removed })
        {
            let share = largest.added + largest.removed
            result.append(
                Objection(
                    reason: "\(lines) changed lines are more than the \(mostLines) allowed; "
                        + "most of them, \(share), are in \(largest.path)"))
        }
        return result
    }
}
