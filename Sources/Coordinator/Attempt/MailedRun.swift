import Jobs
import Model

/// A run of a job whose messages are routed meanwhile.
struct MailedRun: Sendable {
    let router: any JobMailRoutes
    let attempt: Attempt.ID
    let folder: JobFolder

    /// Runs the job.
    /// - Parameters:
    ///   - requests: runs the checks that the job requests, one request at a time.
    ///   - body: the job. It is cancelled if a question that it waits for is not answered in time.
    /// - Returns: the job's result, and the unanswered question that blocked it, if any.
    func run<Result: Sendable>(
        answering requests: CheckRequest, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> (Result, blocked: Message?) {
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
        let hooks = JobHooks(blocked: { work.cancel() }, check: { continuation.yield($0) })
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
        return (try result.get(), blocked)
    }
}
