import Jobs
import Model
import Synchronization
import Workers

/// A reader of a worker's events while it runs. It stores the events in the job folder, reports the usage, and says
/// when to end the worker.
final class StreamWatch: Sendable {
    private let stream: Mutex<WorkerStream>
    private let file: AppendedFile?
    private let used: @Sendable (Usage) -> Void

    /// - Parameters:
    ///   - stream: the stream, with no events yet.
    ///   - path: path of the file for the events.
    ///   - used: called with the attempt's usage so far, whenever the worker reports it.
    init(
        _ stream: WorkerStream, path: String, used: @escaping @Sendable (Usage) -> Void
    ) {
        self.stream = Mutex(stream)
        // The timeline is only for people, so the attempt continues without it.
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

    /// Reads the rest and returns the complete stream. Called once the worker has ended.
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
