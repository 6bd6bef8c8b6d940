import Foundation
import Jobs
import Model
import Synchronization

/// What happens while an order is carried out, one JSON value a line, for the coordinator to read.
final class NewsFile: Sendable {
    private let file: Mutex<FileHandle>

    /// - Throws: if the file cannot be made.
    init(_ path: String) throws {
        unlink(path)
        try UntrustedFile.create(path, [])
        file = Mutex(try FileHandle(forUpdating: URL(fileURLWithPath: path)))
    }

    /// Adds a line. News only inform, so a full disk changes nothing here.
    func add(_ news: JobNews) {
        guard var line = try? JSONEncoder().encode(news) else { return }
        line.append(UInt8(ascii: "\n"))
        file.withLock { file in
            _ = try? file.seekToEnd()
            try? file.write(contentsOf: line)
        }
    }
}

/// Reports the phases of an attempt.
struct NewsObserver: RunObserver {
    let news: NewsFile

    func began(_ run: RunID, tasks: [MigrationTask], events: [LoggedEvent], leftovers: Int) {}
    func happened(_ events: [LoggedEvent], counts: [TaskState: Int]) {}
    func entered(_ phase: RunPhase, task: TaskID) { news.add(.phase(phase.rawValue)) }
}
