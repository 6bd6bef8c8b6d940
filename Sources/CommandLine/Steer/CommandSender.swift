import Coordinator
import Foundation
import Model
import Store

/// Sends a command to the coordinator of a run and prints its answer.
struct CommandSender {
    let chosen: RunChoice.Chosen
    /// Whether the command waits for the next coordinator where none is running.
    let canQueue: Bool

    /// Seconds to wait for an answer. A coordinator answers within a tenth of a second, unless something is broken.
    private static let patience = 30.0
    private static let pause = Duration.milliseconds(20)

    /// Sends a command and prints the answer.
    /// - Throws: `Outcome` where the command is refused, or where no coordinator takes it.
    func send(_ command: Control.Command) async throws {
        let spool = ControlSpool(chosen.state, plan: chosen.plan.name)
        guard chosen.owner != nil else {
            guard canQueue else { throw notRunning }
            _ = try spool.send(command)
            return sayQueued()
        }
        let id = try spool.send(command)
        let deadline = ContinuousClock.now + .seconds(Self.patience)
        while ContinuousClock.now < deadline {
            if let answer = spool.takeAnswer(id) { return try tell(answer) }
            if chosen.owner == nil {
                // The coordinator may have answered just before it ended.
                if let answer = spool.takeAnswer(id) { return try tell(answer) }
                if canQueue { return sayQueued() }
                spool.takeBack(id)
                throw notRunning
            }
            try await Task.sleep(for: Self.pause)
        }
        spool.takeBack(id)
        throw Outcome(
            code: .cannotServe,
            message: "error: \(chosen.run) did not answer within \(Int(Self.patience)) s\n"
                + "  hint: 'orchestrate status' shows its process")
    }

    private func tell(_ answer: ControlSpool.Answer) throws {
        guard answer.isAccepted else { throw Outcome(code: .notDone, message: "refused: \(answer.text)") }
        Terminal.print(answer.text)
    }

    private func sayQueued() {
        Terminal.print("Queued. \(chosen.run) is not running; 'orchestrate resume' will apply it.")
    }

    private var notRunning: Outcome {
        Outcome(
            code: .stopped,
            message: "error: \(chosen.run) is not running\n  hint: 'orchestrate resume' continues it")
    }
}

extension RunChoice.Chosen {
    /// The task of this name, or with a file of this path.
    func task(named name: String) throws -> TaskRecord {
        try reader.read { try $0.task(named: name, of: run) }
    }
}
