import Foundation
import Model

/// An observer that writes the phase of each task to a file, and passes everything on.
///
/// Phases are not in the log: they decide nothing, and a run enters many. A viewer in another process reads the files.
struct PhaseFiles: RunObserver {
    private let next: any RunObserver
    /// The folder with the jobs of the run's tasks.
    private let folder: String

    init(_ next: any RunObserver, folder: String) {
        self.next = next
        self.folder = folder
    }

    func began(_ run: RunID, tasks: [MigrationTask], events: [LoggedEvent], leftovers: Int) {
        next.began(run, tasks: tasks, events: events, leftovers: leftovers)
    }

    func happened(_ events: [LoggedEvent], counts: [TaskState: Int]) { next.happened(events, counts: counts) }

    func entered(_ phase: RunPhase, task: TaskID) {
        let path = "\(folder)/\(task)/\(PhaseRecord.fileName)"
        // Only a picture depends on it, so a full disk changes nothing here.
        try? Data(PhaseRecord(phase: phase, time: .now).text.utf8).write(
            to: URL(fileURLWithPath: path), options: .atomic)
        next.entered(phase, task: task)
    }
}
