import Coordinator
import Foundation
import Model
import Store

/// Tells a run what a person wants, and the person what became of it.
struct Asking {
    let chosen: RunChoice.Chosen
    /// What is said is worth keeping until somebody goes on with the run.
    let isKept: Bool

    /// Seconds to wait for an answer; one takes a tenth of a second, so that only a fault lasts this long.
    private static let patience = 30.0
    private static let pause = Duration.milliseconds(20)

    /// A task by its name or the path of one of its files.
    static func task(_ name: String, _ chosen: RunChoice.Chosen) throws -> TaskRecord {
        try chosen.reader.read { try $0.task(named: name, of: chosen.run) }
    }

    /// Sends a command and prints the answer.
    /// - Throws: `Outcome` where it is refused, or where nobody is there to obey.
    func send(_ command: Control.Command) async throws {
        let spool = ControlSpool(chosen.state, plan: chosen.plan.name)
        guard chosen.owner != nil else {
            guard isKept else { throw nobody }
            _ = try spool.send(command)
            return sayKept()
        }
        let id = try spool.send(command)
        let deadline = ContinuousClock.now + .seconds(Self.patience)
        while ContinuousClock.now < deadline {
            if let answer = spool.takeAnswer(id) { return try tell(answer) }
            if chosen.owner == nil {
                // It may have been answered just before the coordinator went.
                if let answer = spool.takeAnswer(id) { return try tell(answer) }
                if isKept { return sayKept() }
                spool.takeBack(id)
                throw nobody
            }
            try await Task.sleep(for: Self.pause)
        }
        spool.takeBack(id)
        throw Outcome(
            code: .cannotServe,
            message: "error: \(chosen.run) did not answer within \(Int(Self.patience)) s\n"
                + "  hint: 'orchestrate status' says who works on it")
    }

    private func tell(_ answer: ControlSpool.Answer) throws {
        guard answer.isAccepted else { throw Outcome(code: .notAllGreen, message: "refused: \(answer.text)") }
        Terminal.print(answer.text)
    }

    private func sayKept() {
        Terminal.print("kept: nobody works on \(chosen.run) now; 'orchestrate resume' does it")
    }

    private var nobody: Outcome {
        Outcome(
            code: .stopped,
            message: "error: nobody works on \(chosen.run)\n  hint: 'orchestrate resume' goes on with it")
    }
}
