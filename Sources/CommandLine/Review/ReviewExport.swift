import Foundation
import Model
import Reporting
import Review
import Store

/// Writes one patch file for each group, in the order of the queue.
struct ReviewExport {
    let folder: String

    func write(_ queue: ReviewQueue) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (number, group) in queue.groups.enumerated() {
                let digits = String(repeating: "0", count: max(0, 3 - String(number + 1).count)) + String(number + 1)
                let path = "\(folder)/\(digits)-\(group.group.id).patch"
                try text(group, queue).write(toFile: path, atomically: true, encoding: .utf8)
            }
        } catch {
            throw Outcome(code: .cannotServe, message: "error: \(folder): \(error.localizedDescription)")
        }
        Terminal.print("\(Count.text(queue.groups.count, "patch file")) in \(folder)")
    }

    /// Text before the first `diff` line is a comment to `git apply`, so it must not look like one.
    private func text(_ ranked: RankedGroup, _ queue: ReviewQueue) -> String {
        let group = ranked.group
        var lines = [
            "group \(group.id): \(Count.text(group.members.count, "commit")), \(group.language), by \(group.worker)"
        ]
        lines += ranked.reasons.map { "reason: \($0.text)" }
        lines += group.edits.map { "edit: \($0.text)" }
        var text = OutsideText.lines(lines.map { OutsideText.line($0) }.joined(separator: "\n")) + "\n\n"
        for member in group.members {
            let item = queue.items[member]
            text += OutsideText.line("commit \(item.commit.hex) \(item.task.title)") + "\n" + item.diff + "\n"
        }
        return text
    }
}
