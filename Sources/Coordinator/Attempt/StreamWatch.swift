import Jobs
import Model
import Synchronization
import Workers

/// A reader of a worker's events while it runs. It stores the events in the job folder, reports the usage, and says
/// when to end the worker.
final class StreamWatch: Sendable {
    private let stream: Mutex<WorkerStream>
    private let file: AppendedFile?
    private let used: UsageReport
    private let answered: @Sendable () -> Void
    /// Requests that were reported. The first one is reported when the worker is started.
    private let reported = Mutex(1)

    /// - Parameters:
    ///   - stream: the stream, with no events yet.
    ///   - path: path of the file for the events.
    ///   - used: called whenever the worker reports usage or makes a request.
    ///   - answered: called at each answer of the model.
    init(
        _ stream: WorkerStream, path: String, used: @escaping UsageReport,
        answered: @escaping @Sendable () -> Void = {}
    ) {
        self.stream = Mutex(stream)
        // The timeline is only for people, so the attempt continues without it.
        file = try? AppendedFile(creating: path)
        self.used = used
        self.answered = answered
    }

    func take(_ bytes: [UInt8]) -> Job.WatchAnswer {
        stream.withLock { stream in
            keep(stream.take(bytes), of: stream)
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
            keep(stream.end(), of: stream)
            return stream
        }
    }

    private func keep(_ events: [WorkerEvent], of stream: WorkerStream) {
        guard !events.isEmpty else { return }
        let further = reported.withLock { reported in
            defer { reported = max(reported, stream.requests) }
            return max(0, stream.requests - reported)
        }
        if events.contains(.turn) { answered() }
        let tellsUsage = events.contains { if case .usage = $0 { true } else { false } }
        if tellsUsage || further > 0 { used(tellsUsage ? stream.usage : nil, further) }
        let now = Timestamp.now
        var lines: [UInt8] = []
        for event in events {
            lines += EventLine(event, at: now).bytes
        }
        try? file?.append(lines)
    }
}
