import Jobs
import Model

/// Runs a job while its mail is carried.
struct MailedRun: Sendable {
    let router: MessageRouter
    let attempt: Attempt.ID
    let folder: JobFolder

    /// - Parameters:
    ///   - requests: carries out the job's requests for checks, one after the other.
    ///   - body: the job; it is cancelled where a question that it waits for has no answer in time.
    /// - Returns: the job's result, and the question that it was blocked by.
    func run<Result: Sendable>(
        answering requests: CheckRequest, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> (Result, blocked: Message?) {
        let (names, continuation) = AsyncStream<String>.makeStream(
            bufferingPolicy: .bufferingOldest(Outbox.mostRequests))
        // Tasks of their own, so that each can be cancelled alone; both have ended when this returns.
        let work = Task { try await body() }
        let checks = Task {
            for await name in names where !Task.isCancelled {
                let (passed, text) = await requests.run()
                await blocking { router.answerCheck(name, of: attempt, passed: passed, text: text) }
            }
        }
        let hooks = MessageRouter.Hooks(blocked: { work.cancel() }, check: { continuation.yield($0) })
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
