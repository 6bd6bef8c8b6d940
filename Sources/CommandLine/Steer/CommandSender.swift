import Coordinator
import Foundation
import Git
import Model
import Store
import Web

/// Sends a command to the coordinator of a run and prints its answer.
struct CommandSender {
    let state: StateFolder
    let plan: String
    /// What the command is about, in messages.
    let subject: String
    /// Whether the command waits for the next coordinator where none is running.
    let canQueue: Bool

    private var hasOwner: Bool { RunLock.owner(folder: state.path, plan: plan) != nil }

    /// Seconds to wait for an answer. A coordinator answers within a tenth of a second, unless something is broken.
    private static let patience = 30.0
    private static let pause = Duration.milliseconds(20)

    /// Sends a command and prints the answer.
    /// - Throws: `Outcome` where the command is refused, or where no coordinator takes it.
    func send(_ command: Control.Command) async throws {
        let answer = try await deliver(command)
        guard answer.isAccepted else { throw Outcome(code: .notDone, message: "refused: \(answer.text)") }
        Terminal.print(answer.text)
    }

    /// Sends a command and returns the answer.
    /// - Throws: `Outcome` where no coordinator takes the command.
    func deliver(_ command: Control.Command) async throws -> PageAnswer {
        let spool = ControlSpool(state, plan: plan)
        guard hasOwner else {
            guard canQueue else { throw notRunning }
            _ = try spool.send(command)
            return queued
        }
        let id = try spool.send(command)
        let deadline = ContinuousClock.now + .seconds(Self.patience)
        while ContinuousClock.now < deadline {
            if let answer = spool.takeAnswer(id) { return PageAnswer(answer) }
            if !hasOwner {
                // The coordinator may have answered just before it ended.
                if let answer = spool.takeAnswer(id) { return PageAnswer(answer) }
                if canQueue { return queued }
                spool.takeBack(id)
                throw notRunning
            }
            try await Task.sleep(for: Self.pause)
        }
        spool.takeBack(id)
        throw Outcome(
            code: .cannotServe,
            message: "error: \(subject) did not answer within \(Int(Self.patience)) s\n"
                + "  hint: 'orchestrate status' shows its process")
    }

    private var queued: PageAnswer {
        PageAnswer(
            isAccepted: true, text: "Queued. \(subject) is not running; 'orchestrate resume' will apply it.")
    }

    private var notRunning: Outcome {
        Outcome(
            code: .stopped,
            message: "error: \(subject) is not running\n  hint: 'orchestrate resume' continues it")
    }
}

extension PageAnswer {
    fileprivate init(_ answer: ControlSpool.Answer) { self.init(isAccepted: answer.isAccepted, text: answer.text) }
}

extension CommandSender {
    init(chosen: RunChoice.Chosen, canQueue: Bool) {
        self.init(
            state: chosen.state, plan: chosen.plan.name, subject: chosen.run.rawValue, canQueue: canQueue)
    }
}

extension RunChoice.Chosen {
    /// The task of this name, or with a file of this path.
    func task(named name: String) throws -> TaskRecord {
        let name = try self.name(typed: name)
        return try reader.read { try $0.task(named: name, of: run) }
    }

    /// The name or path by which the store knows a task that a person typed. A path is relative to the current folder.
    func name(typed name: String) throws -> String {
        guard let path = repository.path(typed: name), path != name else { return name }
        let owners = try reader.read { try $0.tasks(of: run) }.filter { $0.files.contains(path) }
        return owners.isEmpty ? name : path
    }
}

extension Repository {
    /// The path from the root of the working directory, for a path relative to the current folder; nil outside of it.
    func path(typed name: String) -> String? {
        guard let root = workingDirectory else { return nil }
        let folder = FileManager.default.currentDirectoryPath
        let top = URL(fileURLWithPath: root).resolvingSymlinksInPath().path
        let path = URL(fileURLWithPath: name.hasPrefix("/") ? name : "\(folder)/\(name)").standardizedFileURL.path
        return path.hasPrefix(top + "/") ? String(path.dropFirst(top.count + 1)) : nil
    }
}
