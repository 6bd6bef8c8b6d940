/// Why an attempt or a candidate was not accepted.
package struct Failure: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// The worker exited with a nonzero status, or was killed by a signal from outside.
        case workerExit = "worker-exit"
        case workerTimeout = "worker-timeout"
        /// The worker could not be started.
        case workerStart = "worker-start"
        /// The worker ended without a change.
        case noChange = "no-change"
        case guardRule = "guard"
        case doneCheck = "done-check"
        case taskCheck = "task-check"
        /// A check that is held back failed, after all that the worker can know had passed.
        case holdout
        /// A landing check failed on the tree of a candidate, or on the task's own commit.
        case landingCheck = "landing-check"
        /// Tasks that landed meanwhile changed the same lines.
        case conflict
        /// The task's own commit passed the landing checks on its own base, but not together with what landed meanwhile.
        case redTogether = "red-together"
        /// A fault of the machine: a full disk, a failed checkout, a check that could not start.
        case infrastructure
        /// A program that every task needs cannot be found. The same would happen to each task, so the run stops.
        case brokenSetup = "broken-setup"
        /// The coordinator or a person stopped the attempt.
        case interrupted
        /// The worker stopped doing anything, or repeated itself.
        case stuck
        /// The worker used up the budget of one attempt.
        case budget
        /// A model provider was overloaded or refused further requests for a while.
        case providerLimit = "provider-limit"
        /// The worker says that the task cannot be done. A person has to decide.
        case cannotBeDone = "cannot-be-done"
        /// Too few reviewers approved it.
        case review
        /// A reviewer cannot judge it, and asking again would not help. The work is kept for a person.
        case noReview = "no-review"
        /// A question of the worker was not answered in time.
        case blocked
    }

    package var kind: Kind
    /// One line: what happened. The failure of a check leads with the place and the message of the first error.
    package var summary: String
    /// The relevant lines of output, for the next prompt and for people.
    package var detail: String
    /// Places of the failure, as `path` or `path:line`.
    package var places: [String]
    /// Seconds to wait, as the provider asked; only with `providerLimit`.
    package var retryAfter: Double?
    /// The provider, if it is not the worker's own; only with `providerLimit`.
    package var provider: String?

    /// Whether another run of the same checks on the same tree would most likely fail in the same way, because what
    /// failed is no test; or whether a provider would refuse the same request again. nil means unknown.
    package var isDeterministic: Bool?

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

    /// The place in the user's code where the failure shows first, as `path:line`.
    package var place: String? {
        places.first { place in
            place.lastIndex(of: ":").map { Int(place[place.index(after: $0)...]) != nil } ?? false
        }
    }

    /// Equal for two attempts that failed in the same way, on every machine.
    package var fingerprint: UInt64 {
        ([kind.rawValue, summary, detail] + places).reduce(StableHash.start) { hash, text in
            StableHash.add(String(decoding: TemporaryPaths.replaced(in: Array(text.utf8)), as: UTF8.self), to: hash)
        }
    }

    /// Equal for two attempts at different tasks that failed in the same way.
    /// - Parameter words: names that belong to the task, such as its files. Only the first few are looked for.
    package func fingerprint(without words: [String]) -> UInt64 {
        let names = words.prefix(8).map { Array($0.utf8) }.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
        return [kind.rawValue, summary, detail].reduce(StableHash.start) { hash, text in
            StableHash.add(String(decoding: Self.bytes(of: text, without: names), as: UTF8.self), to: hash)
        }
    }

    private static func bytes(of text: String, without names: [[UInt8]]) -> [UInt8] {
        let bytes = TemporaryPaths.replaced(in: Array(text.utf8))
        var kept: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if let name = names.first(where: { bytes[place...].starts(with: $0) }) {
                place += name.count
            } else {
                kept.append(bytes[place])
                place += 1
            }
        }
        return kept
    }

    /// The failure of a task whose own commit passed on its own base.
    package var together: Failure {
        guard kind != .redTogether else { return self }
        var failure = self
        failure.kind = .redTogether
        failure.summary = "it passed on its own base; together with what landed since, \(summary)"
        return failure
    }

    /// The failure as a worker may read it: nothing of a check that is held back.
    package var forWorkers: Failure {
        guard kind == .holdout else { return self }
        return Failure(
            kind: kind,
            summary: "It passed the checks that you know, and failed one that you do not know. Look for cases of the "
                + "goal that your change left out.")
    }

    /// Whether the failure counts as an attempt. One that says nothing about the work does not.
    package var countsAsAttempt: Bool {
        switch kind {
        case .blocked, .brokenSetup, .infrastructure, .interrupted, .conflict, .redTogether, .providerLimit, .noReview:
            false
        default: true
        }
    }
}
