import Coordinator
import Foundation
import Git
import Model
import Reporting

extension CheckCommand {
    /// Compares the files with those of an earlier commit, and refuses what is worse.
    func compare() async throws {
        let plan = try options.load()
        let repository = try Repository(at: plan.repository, environment: Terminal.environment)
        let revision = at ?? "HEAD"
        let tip = try repository.resolve(revision)
        let named = try repository.resolve(base ?? plan.base)
        guard let fork = try repository.mergeBase(named, tip) else {
            throw Outcome(
                code: .cannotServe,
                message:
                    "error: '\(revision)' and '\(base ?? plan.base)' have no commit in common\n  hint: a shallow clone "
                    + "has no history: fetch it with 'git fetch --unshallow'")
        }
        let sweep = FileSweep(plan, environment: Terminal.environment, answersKnown: verdicts.answersKnown)
        let before = try await sweep.look(at: fork.hex)
        let after = try await sweep.look(at: revision)
        let setbacks = after.setbacks(since: before)
        let style = Terminal.layout.style
        for setback in setbacks {
            let words = setback.kind == .regressed ? "was done at \(fork.short)" : "is new"
            Terminal.print(
                "\(style.paint("\(setback.kind)", .bad))  \(setback.path)  (\(words); check '\(setback.check)' fails)")
        }
        Terminal.print(
            "\(before.done) of \(Count.text(before.files.count, "file")) done at \(fork.short), "
                + "\(after.done) of \(after.files.count) at \(after.commit.short)")
        if !setbacks.isEmpty { throw Outcome(code: .notDone, message: nil) }
    }
}
