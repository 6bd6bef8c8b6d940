/// Why an attempt, or a candidate, was not accepted.
package struct Failure: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// The worker exited with another status than 0, or was ended by a signal that nobody here sent.
        case workerExit = "worker-exit"
        case workerTimeout = "worker-timeout"
        /// The worker could not be started at all.
        case workerStart = "worker-start"
        /// The worker ended and had changed nothing.
        case noChange = "no-change"
        case guardRule = "guard"
        case doneCheck = "done-check"
        case taskCheck = "task-check"
        /// A landing check failed on the tree that the task alone makes on the tip it was built on.
        case landingCheck = "landing-check"
        /// What landed meanwhile touches the same lines.
        case conflict
        /// It was good on its own base; together with what landed meanwhile a landing check failed.
        case redTogether = "red-together"
        /// The machine's fault, not the work's: no disk, a checkout that failed, a check that could not start.
        case infrastructure
        /// The coordinator, or a person, ended the attempt before it was over.
        case interrupted
        /// The worker did nothing any more, or the same thing again and again.
        case stuck
        /// The worker used up what one attempt may use.
        case budget
        /// A model's provider was overloaded, or took no more requests for a while.
        case providerLimit = "provider-limit"
        /// Too few reviewers approved of it.
        case review
        /// A question of the worker had no answer within the time that it would wait.
        case blocked
    }

    package var kind: Kind
    /// One line: what happened.
    package var summary: String
    /// The lines of output that matter, for the next attempt's prompt and for people.
    package var detail: String
    /// Paths or `path:line` that the failure is about.
    package var places: [String]
    /// Seconds that the provider asked to be left alone for; only with `providerLimit`.
    package var retryAfter: Double?
    /// The provider that it is about, where that is not the worker's own; only with `providerLimit`.
    package var provider: String?

    package init(
        kind: Kind, summary: String, detail: String = "", places: [String] = [], retryAfter: Double? = nil,
        provider: String? = nil
    ) {
        self.kind = kind
        self.summary = summary
        self.detail = detail
        self.places = places
        self.retryAfter = retryAfter
        self.provider = provider
    }

    /// Equal for two attempts that have failed in the very same way; the same on every machine.
    package var fingerprint: UInt64 {
        ([kind.rawValue, summary, detail] + places).reduce(StableHash.start) { StableHash.add($1, to: $0) }
    }

    /// Whether the failure says something about the work; the others are not counted as attempts.
    package var countsAsAttempt: Bool {
        switch kind {
        case .blocked, .infrastructure, .interrupted, .conflict, .redTogether, .providerLimit: false
        default: true
        }
    }
}
