import Jobs
import Model

/// The way of messages between a running job and the rest of the run.
protocol JobMailRoutes: Sendable {
    /// Starts to route the messages of a job that is about to start. Blocks.
    func open(_ folder: JobFolder, for attempt: Attempt.ID, hooks: JobHooks)
    /// Reads the outbox for the last time, after the job has ended. Blocks.
    /// - Returns: the question that blocked the attempt; nil if its time was not used up.
    func close(_ attempt: Attempt.ID) -> Message?
    /// Delivers the result of requested checks to a job, if it still runs. Blocks.
    func answerCheck(_ name: String, of attempt: Attempt.ID, passed: Bool, text: String)
    /// Returns whether a job waits for an answer or for the result of its checks.
    func isWaited(by attempt: Attempt.ID) -> Bool
}

/// The callbacks of the routes to the code that runs a job.
struct JobHooks: Sendable {
    /// Ends the job, because a question had no answer in time.
    var blocked: @Sendable () -> Void
    /// Runs the job's checks. The argument is the request's name, which goes into the answer.
    var check: @Sendable (String) -> Void
    /// Ends the job after a while, because its task was split.
    var split: @Sendable () -> Void
}
