import Jobs
import Model
import Synchronization
import Workers

/// Reads a worker's events while it runs: keeps them in the job folder, passes on what was used, and says when the
/// worker is to be ended.
final class StreamWatch: Sendable {
    private let stream: Mutex<WorkerStream>
    private let file: AppendedFile?
    private let used: @Sendable (Usage) -> Void

    /// - Parameters:
    ///   - stream: at its beginning.
    ///   - path: where the events are kept.
    ///   - used: told what the attempt has used so far, whenever the worker tells that.
    init(
        _ stream: WorkerStream, path: String, used: @escaping @Sendable (Usage) -> Void
    ) {
        self.stream = Mutex(stream)
        // A timeline is for people; an attempt can do without.
        file = try? AppendedFile(creating: path)
        self.used = used
    }

    func take(_ bytes: [UInt8]) -> Job.WatchAnswer {
        stream.withLock { stream in
            keep(stream.take(bytes))
            return switch stream.reasonToEnd {
            case nil: .goOn
            case .finished: .finished
            case .overLimit, .repeating, .waiting: .end
            }
        }
    }

    /// What was told in all, once nothing more is written.
    func end() -> WorkerStream {
        stream.withLock { stream in
            keep(stream.end())
            return stream
        }
    }

    private func keep(_ events: [WorkerEvent]) {
        guard !events.isEmpty else { return }
        let now = Timestamp.now
        var lines: [UInt8] = []
        for event in events {
            lines += EventLine(event, at: now).bytes
            if case .usage(let usage) = event { used(usage) }
        }
        try? file?.append(lines)
    }
}
