import Model

/// Answers people's commands while a run is being prepared: no scheduler is there yet.
///
/// `stop` ends the preparation. Every other command stays in the spool for the run.
struct PreparationAnswers {
    private let watch: Task<Void, Never>

    /// - Parameters:
    ///   - earlier: ids of the commands that lay in the spool before the lock was taken: nobody waits for their answers.
    ///   - stop: ends the preparation.
    init(_ spool: ControlSpool, earlier: Set<String>, stop: @escaping @Sendable () -> Void) {
        let reader = CommandReader(spool, earlier: earlier)
        watch = Task {
            await reader.watch { control in
                if earlier.contains(control.id) { return }
                if case .stop = control.command {
                    reader.answer(control.id, isAccepted: true, text: "stopping: the run has not begun")
                    return stop()
                }
                spool.acknowledge(control.id, "the run is being prepared; this is done once it has begun")
            }
        }
    }

    /// Returns once no command is answered any more.
    func end() async {
        watch.cancel()
        await watch.value
    }
}
