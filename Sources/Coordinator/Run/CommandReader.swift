import Model
import Synchronization

/// Reads what people tell a run, and puts the answers where they are waited for.
///
/// Nothing else reads the control spool while a coordinator runs. A command leaves the spool once it is answered, or if
/// it was meant for an earlier coordinator; all others are delivered once, whenever they arrive.
final class CommandReader: Sendable {
    private let spool: ControlSpool
    /// Commands that lay there before the coordinator took the plan's lock.
    private let earlier: Set<String>
    private let delivered = Mutex<Set<String>>([])

    /// - Parameter earlier: ids of the commands that lay in the spool before the lock was taken. A `pause` or `stop`
    ///   among them was meant for another coordinator.
    init(_ spool: ControlSpool, earlier: Set<String>) {
        self.spool = spool
        self.earlier = earlier
    }

    /// Takes out what an earlier coordinator has obeyed, or should have. Blocks.
    /// - Parameter events: the log, with the answers that were stored.
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
        case .proceed, .retry, .skip, .prioritise, .approve: false
        }
    }

    /// Returns the commands that have not been delivered yet, in the order in which they were given. Blocks.
    func next() -> [Control] {
        let pending = spool.pending()
        return delivered.withLock { delivered in pending.filter { delivered.insert($0.id).inserted } }
    }

    /// Puts an answer where it is waited for. Blocks.
    func answer(_ command: String, isAccepted: Bool, text: String) {
        // The command has been obeyed and the log says so; a full disk must not undo that.
        try? spool.answer(command, .init(isAccepted: isAccepted, text: text))
    }

    /// Tells a person that a command is accepted, and keeps it for the next coordinator. Blocks.
    func acknowledge(_ command: String, _ text: String) { spool.acknowledge(command, text) }

    /// Delivers commands as they come, until it is cancelled.
    ///
    /// A look every tenth of a second costs microseconds, works on every file system, and leaves most of the second in
    /// which an answer is due.
    func watch(_ deliver: @Sendable (Control) -> Void) async {
        while !Task.isCancelled {
            for control in await blocking({ self.next() }) { deliver(control) }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }
}
