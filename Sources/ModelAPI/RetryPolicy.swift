/// Whether to ask again after a failure, and when. Pure: chance comes in as a number.
package struct RetryPolicy: Sendable, Equatable {
    /// Requests for one answer, the first one included.
    package var attempts: Int
    /// Seconds before the second request; doubled for each one after it.
    package var firstWait: Double
    /// Seconds that one wait may last. A provider that wants to be left alone for longer is a matter for whoever runs
    /// many agents, not for this one.
    package var longestWait: Double
    /// Seconds of all waits for one answer together.
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
    ///   - attempt: requests so far.
    ///   - waited: seconds of all waits so far.
    ///   - chance: 0 up to 1; spreads clients that failed at one time.
    func step(after error: ModelError, attempt: Int, waited: Double, chance: Double) -> Step {
        guard Self.isTransient(error) else { return .giveUp(error) }
        guard attempt < attempts else { return .giveUp(Self.final(error)) }
        let backoff = min(longestWait, firstWait * Double(1 << min(attempt - 1, 20))) * (0.5 + chance / 2)
        var wait = backoff
        if case .provider(let refusal) = error, let asked = refusal.retryAfter {
            // Not sooner than asked for; a little later, so that not everybody comes back in the same moment.
            wait = asked + min(backoff, firstWait) * chance
            if asked > longestWait { return .giveUp(Self.final(error)) }
        }
        return waited + wait > longestSum ? .giveUp(Self.final(error)) : .wait(wait)
    }

    private static func isTransient(_ error: ModelError) -> Bool {
        switch error {
        case .provider(let refusal):
            refusal.shouldRetry ?? (retried.contains(refusal.status) && !isBilling(refusal))
        case .connection, .silent, .cutShort: true
        // What was malformed or too large once may be well the next time, but costs the same again.
        case .limit, .tooSlow, .tooLarge, .malformed, .cancelled, .configuration: false
        }
    }

    private static let retried: Set<Int> = [408, 409, 429, 500, 502, 503, 504, 529]
    /// Those that say that there is no more to have for now.
    private static let limits: Set<Int> = [429, 503, 529]

    /// OpenAI's 429 for an account without money, which no waiting helps.
    private static func isBilling(_ refusal: ModelError.Refusal) -> Bool { refusal.kind == "insufficient_quota" }

    private static func final(_ error: ModelError) -> ModelError {
        if case .provider(let refusal) = error, limits.contains(refusal.status) { return .limit(refusal) }
        return error
    }
}
