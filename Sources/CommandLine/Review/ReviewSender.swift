import Coordinator
import Foundation
import Git
import Model
import Reporting
import Review
import Store

/// Gives a person's decision to the run and prints the answer.
struct ReviewSender {
    let chosen: RunChoice.Chosen
    let queue: ReviewQueue
    var json = false

    func send(_ request: ReviewOptions.Request) async throws {
        var items = try queue.items(for: request.name, chosen)
        if request.isAboutGroup, let group = queue.group(of: items[0]) {
            items = group.group.members.map { queue.items[$0] }
        }
        let answer = try await decide(
            request.kind, items.map(\.task.id), text: request.text, isTogether: request.isTogether)
        if json { Terminal.print(json: String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)) }
        guard answer.isAccepted else { throw Outcome(code: .notDone, message: "refused: \(answer.text)") }
        if !json { Terminal.print(answer.text) }
        if request.kind == .reject, chosen.owner == nil {
            Terminal.say("next: orchestrate resume")
        }
    }

    /// Gives a decision about tasks.
    /// - Throws: `Outcome` if nobody answers; `StoreError`, `GitError`.
    func decide(
        _ kind: ReviewDecision.Kind, _ tasks: [TaskID], text: String = "", isTogether: Bool = false
    ) async throws -> ControlSpool.Answer {
        var tasks = tasks
        if kind == .undo {
            let decided = Set(queue.items.filter { $0.decision != nil || !$0.comments.isEmpty }.map(\.task.id))
            tasks = tasks.filter(decided.contains)
            if tasks.isEmpty {
                return ControlSpool.Answer(isAccepted: false, text: "there is no decision to take back")
            }
        }
        if kind == .reject {
            switch try reverted(tasks, isTogether: isTogether) {
            case .success(let all): tasks = all
            case .failure(let refusal): return ControlSpool.Answer(isAccepted: false, text: refusal.text)
            }
        }
        let decision = ReviewDecision(kind: kind, tasks: tasks, text: text, person: person)
        let command = PersonCommand(chosen.state, plan: chosen.plan.name, run: chosen.run)
        guard let answer = try await command.give(.review(decision)) else {
            throw Outcome(
                code: .cannotServe,
                message:
                    "error: \(chosen.run) did not answer within 30 s\n  hint: 'orchestrate status' shows its process")
        }
        return answer
    }

    private struct Refusal: Error {
        var text: String
    }

    /// The tasks to revert, in the order of the branch. A conflict adds tasks.
    private func reverted(_ tasks: [TaskID], isTogether: Bool) throws -> Result<[TaskID], Refusal> {
        let run = try chosen.reader.read { try $0.run(chosen.run) }
        let landed = queue.items.map { RevertBuild.Landed(task: $0.task.id, commit: $0.commit) }
        let build = RevertBuild(chosen.repository, landed: landed)
        guard case .conflicts(let paths, let others) = try build.make(Set(tasks), from: run.tip) else {
            return .success(tasks)
        }
        let place = "it conflicts with what landed later in \(paths.joined(separator: ", "))"
        guard let all = try build.together(Set(tasks), from: run.tip) else {
            return .failure(Refusal(text: "\(place), and no task of the run made that change"))
        }
        if isTogether { return .success(landed.map(\.task).filter(all.contains)) }
        let names = landed.map(\.task).filter { all.contains($0) && !tasks.contains($0) }
        return .failure(
            Refusal(
                text: "\(place): \((names.isEmpty ? others : names).map(\.rawValue).joined(separator: ", "))\n"
                    + "  hint: add --together to revert all of them, and have them done again"))
    }

    /// The name and address of the person, as commits have them.
    private var person: String {
        if let identity = try? chosen.repository.configIdentity() { return "\(identity.name) <\(identity.email)>" }
        return Terminal.environment["USER"] ?? "somebody"
    }
}
