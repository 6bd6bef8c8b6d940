import Model
import Synchronization

/// Answers people's commands after a run's last decision, while its processes are being ended.
final class LateAnswers: Sendable {
    private let commands: CommandReader
    private let watch = Mutex<Task<Void, Never>?>(nil)

    init(_ commands: CommandReader) { self.commands = commands }

    /// Answers commands from now on. One that can wait stays in the spool for the next coordinator.
    func begin() {
        let commands = commands
        let task = Task {
            await commands.watch { control in
                switch control.command {
                case .pause, .stop: commands.answer(control.id, isAccepted: true, text: "the run is stopping already")
                case .proceed, .retry, .skip, .prioritise, .approve, .review, .forClass:
                    commands.acknowledge(control.id, "Queued. The run is stopping; 'orchestrate resume' will apply it.")
                }
            }
        }
        watch.withLock { $0 = task }
    }

    func end() { watch.withLock { $0?.cancel() } }
}
