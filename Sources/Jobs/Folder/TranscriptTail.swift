/// Reads a transcript while the worker writes it, and asks whoever watches whether the worker is to go on.
///
/// The file is looked at from time to time instead of being told of changes: inotify does not tell of files on network
/// file systems, and a worker's output is a few lines a second.
struct TranscriptTail: Sendable {
    private let path: String
    private let watch: Job.Watch
    private let linger: Double
    private var reader: UntrustedFile.Reader?
    private var position = 0

    /// Between two looks at the file.
    private static let pause = Duration.milliseconds(100)
    private static let chunk = 1 << 18

    init(path: String, watch: @escaping Job.Watch, linger: Double) {
        self.path = path
        self.watch = watch
        self.linger = linger
    }

    /// Looks until the task is cancelled or the worker is to be ended.
    ///
    /// - Returns: whether the worker is to be ended now.
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

    /// Hands over all that was written since the last time.
    @discardableResult
    mutating func drain() -> Job.WatchAnswer {
        // What cannot be read is found by those who read the file at the end.
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
