/// Reads a transcript while the worker writes it, and asks its observer whether the worker may continue.
///
/// The file is polled: inotify does not report changes on network file systems, and a worker's output is a few lines a
/// second.
struct TranscriptTail: Sendable {
    private let path: String
    private let watch: Job.Watch
    private let linger: Double
    private var reader: UntrustedFile.Reader?
    private var position = 0

    /// Time between two reads of the file.
    private static let pause = Duration.milliseconds(100)
    private static let chunk = 1 << 18

    init(path: String, watch: @escaping Job.Watch, linger: Double) {
        self.path = path
        self.watch = watch
        self.linger = linger
    }

    /// Reads until the task is cancelled or the worker must be ended.
    ///
    /// - Returns: whether the worker must be ended now.
    mutating func follow() async -> Bool {
        var deadline: ContinuousClock.Instant?
        while !Task.isCancelled {
            switch drain() {
            case .goOn: break
            case .finished:
                let limit = deadline ?? .now + .seconds(linger)
                if .now >= limit { return true }
                deadline = limit
            case .end: return true
            }
            try? await Task.sleep(for: Self.pause)
        }
        return false
    }

    /// Passes on everything written since the last call.
    @discardableResult
    mutating func drain() -> Job.WatchAnswer {
        // A read error is reported later, when the whole file is read at the end of the job.
        if reader == nil { reader = try? UntrustedFile.Reader(path) }
        var answer = Job.WatchAnswer.goOn
        var bytes: [UInt8] = []
        repeat {
            bytes = (try? reader?.read(at: position, count: Self.chunk)) ?? []
            position += bytes.count
            answer = watch(bytes)
        } while bytes.count == Self.chunk && answer != .end
        return answer
    }
}
