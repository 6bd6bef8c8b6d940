import Model
import Synchronization

/// A reader of people's commands to a run, which also writes the answers.
///
/// Nothing else reads the control spool while a coordinator runs. A command leaves the spool once it is answered, or if
/// it was meant for an earlier coordinator. Every other command is delivered exactly once.
final class CommandReader: Sendable {
    private let spool: ControlSpool
    /// Ids of commands that were in the spool before the coordinator took the plan's lock.
    private let earlier: Set<String>
    private let delivered = Mutex<Set<String>>([])

    /// - Parameter earlier: ids of the commands that were in the spool before the lock was taken. A `pause` or `stop`
    ///   among them was meant for another coordinator.
    init(_ spool: ControlSpool, earlier: Set<String>) {
        self.spool = spool
        self.earlier = earlier
    }

    /// Removes commands that an earlier coordinator has answered, or that were meant for it. Blocks.
    /// - Parameter events: the log, with the stored answers.
    func settle(after events: [LoggedEvent]) {
        spool.clearOldAnswers()
        var answered: Set<String> = []
        for case .decision(.answer(let answer)) in events.map(\.body) { answered.insert(answer.command) }
        for control in spool.pending() where answered.contains(control.id) || isObsolete(control) {
            spool.takeBack(control.id)
        }
    }

    private func isObsolete(_ control: Control) -> Bool {
        guard earlier.contains(control.id) else { return false }
        return switch control.command {
        case .pause, .stop: true
        case .proceed, .retry, .skip, .prioritise, .approve, .review, .forClass: false
        }
    }

    /// Returns the commands that have not been delivered yet, oldest first. Blocks.
    func next() -> [Control] {
        let pending = spool.pending()
        return delivered.withLock { delivered in pending.filter { delivered.insert($0.id).inserted } }
    }

    /// Writes the answer to a command. Blocks.
    func answer(_ command: String, isAccepted: Bool, text: String) {
        // The command was carried out and logged, so a write error is ignored.
        try? spool.answer(command, .init(isAccepted: isAccepted, text: text))
    }

    /// Tells a person that a command is accepted, and keeps it for the next coordinator. Blocks.
    func acknowledge(_ command: String, _ text: String) { spool.acknowledge(command, text) }

    /// Delivers commands as they arrive, until cancelled.
    ///
    /// Polling every 100 ms costs microseconds, works on every file system, and is fast enough to answer a command
    /// within one second.
    func watch(_ deliver: @Sendable (Control) -> Void) async {
        while !Task.isCancelled {
            for control in await blocking({ self.next() }) { deliver(control) }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }
}
