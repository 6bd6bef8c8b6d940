import Jobs
import Model
import Synchronization

/// A run of a job whose messages are routed meanwhile.
struct MailedRun: Sendable {
    let router: any JobMailRoutes
    let attempt: Attempt.ID
    let folder: JobFolder

    /// Seconds in which a worker ends by itself after its task was split. An agent writes its last answer meanwhile.
    static let splitGrace = 30.0

    /// Runs the job.
    /// - Parameters:
    ///   - requests: runs the checks that the job requests, one request at a time.
    ///   - body: the job. It is cancelled if a question that it waits for is not answered in time.
    /// - Returns: the job's result, the unanswered question that blocked it, if any, and whether its task was split.
    func run<Result: Sendable>(
        answering requests: CheckRequest, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> (Result, blocked: Message?, isSplit: Bool) {
        let (names, continuation) = AsyncStream<String>.makeStream(
            bufferingPolicy: .bufferingOldest(Outbox.mostRequests))
        // Unstructured tasks, so that each can be cancelled alone. Both have ended when this returns.
        let work = Task { try await body() }
        let checks = Task {
            for await name in names where !Task.isCancelled {
                let (passed, text) = await requests.run()
                await blocking { router.answerCheck(name, of: attempt, passed: passed, text: text) }
            }
        }
        let split = SplitEnd(seconds: Self.splitGrace) { work.cancel() }
        let hooks = JobHooks(
            blocked: { work.cancel() }, check: { continuation.yield($0) }, split: { split.begin() })
        await blocking { router.open(folder, for: attempt, hooks: hooks) }
        let result = await withTaskCancellationHandler {
            await work.result
        } onCancel: {
            work.cancel()
            checks.cancel()
        }
        continuation.finish()
        checks.cancel()
        await checks.value
        let blocked = await blocking { router.close(attempt) }
        return (try result.get(), blocked, split.end())
    }
}

/// The end of a job whose task was split: it is ended unless it ends by itself in time.
final class SplitEnd: Sendable {
    private let timer = Mutex<Task<Void, Never>?>(nil)
    private let seconds: Double
    private let endJob: @Sendable () -> Void

    init(seconds: Double, _ endJob: @escaping @Sendable () -> Void) {
        self.seconds = seconds
        self.endJob = endJob
    }

    /// The task was split.
    func begin() {
        timer.withLock { timer in
            guard timer == nil else { return }
            timer = Task { [seconds, endJob] in
                try? await Task.sleep(for: .seconds(seconds))
                if !Task.isCancelled { endJob() }
            }
        }
    }

    /// The job has ended.
    /// - Returns: whether its task was split.
    func end() -> Bool {
        timer.withLock { timer in
            timer?.cancel()
            return timer != nil
        }
    }
}
