/// Decides whether to send a request again after a failure, and when. It is pure: chance is a parameter.
package struct RetryPolicy: Sendable, Equatable {
    /// Maximum requests for one answer, including the first.
    package var attempts: Int
    /// Seconds before the second request. The wait doubles for each further one.
    package var firstWait: Double
    /// Maximum seconds of one wait. Longer waits are left to the coordinator, which runs many agents.
    package var longestWait: Double
    /// Maximum seconds of all waits for one answer.
    package var longestSum: Double

    package init(
        attempts: Int = 6, firstWait: Double = 1, longestWait: Double = 60, longestSum: Double = 180
    ) {
        self.attempts = attempts
        self.firstWait = firstWait
        self.longestWait = longestWait
        self.longestSum = longestSum
    }

    enum Step: Equatable {
        /// Seconds.
        case wait(Double)
        case giveUp(ModelError)
    }

    /// - Parameters:
    ///   - attempt: number of requests so far.
    ///   - waited: seconds of all waits so far.
    ///   - chance: a number in 0..<1 that spreads clients which failed at the same time.
    func step(after error: ModelError, attempt: Int, waited: Double, chance: Double) -> Step {
        guard Self.isTransient(error) else { return .giveUp(error) }
        guard attempt < attempts else { return .giveUp(Self.final(error)) }
        let backoff = min(longestWait, firstWait * Double(1 << min(attempt - 1, 20))) * (0.5 + chance / 2)
        var wait = backoff
        if case .provider(let refusal) = error, let asked = refusal.retryAfter {
            // Not earlier than asked, and a little later, so that not all clients return at the same moment.
            wait = asked + min(backoff, firstWait) * chance
            if asked > longestWait { return .giveUp(Self.final(error)) }
        }
        return waited + wait > longestSum ? .giveUp(Self.final(error)) : .wait(wait)
    }

    private static func isTransient(_ error: ModelError) -> Bool {
        // It would be as large the next time. llama.cpp says so with status 500.
        if error.windowExceeded != nil { return false }
        return switch error {
        case .provider(let refusal):
            refusal.shouldRetry ?? (retried.contains(refusal.status) && !isBilling(refusal))
        case .connection, .silent, .cutShort: true
        // A malformed or too large answer might succeed the next time, but costs the same again.
        case .limit, .tooSlow, .tooLarge, .malformed, .cancelled, .configuration: false
        }
    }

    private static let retried: Set<Int> = [408, 409, 429, 500, 502, 503, 504, 529]
    /// Statuses that mean that a limit is used up for now.
    private static let limits: Set<Int> = [429, 503, 529]

    /// OpenAI's 429 for an account without credit. Waiting does not help.
    private static func isBilling(_ refusal: ModelError.Refusal) -> Bool { refusal.kind == "insufficient_quota" }

    private static func final(_ error: ModelError) -> ModelError {
        if case .provider(let refusal) = error, limits.contains(refusal.status) { return .limit(refusal) }
        return error
    }
}
