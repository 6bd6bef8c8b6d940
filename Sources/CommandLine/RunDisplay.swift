import Coordinator
import Model

final class RunDisplay: RunObserver {
    init(_ options: DisplayOptions) {}
    func began(_ run: RunID, tasks: [MigrationTask], events: [LoggedEvent], endedLeftovers: Int) {
        Terminal.say("run \(run): \(tasks.count) tasks")
    }
    func happened(_ bodies: [LoggedEvent.Body], at time: Timestamp) {
        for body in bodies { Terminal.say(String("\(body)".prefix(300))) }
    }
    func entered(_ phase: RunPhase, task: TaskID) {}
    func end() {}
}
