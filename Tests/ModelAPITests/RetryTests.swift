import Testing

@testable import ModelAPI

@Suite("Asking again")
struct RetryTests {
    private static func refusal(_ status: Int, kind: String = "", after: Double? = nil) -> ModelError {
        .provider(.init(status: status, kind: kind, retryAfter: after))
    }

    @Test func `after what may pass, and after nothing else`() {
        let policy = RetryPolicy()
        let again: [ModelError] =
            [408, 409, 429, 500, 502, 503, 504, 529].map { Self.refusal($0) }
            + [.connection("reset"), .silent(3), .cutShort]
        for error in again {
            guard case .wait = policy.step(after: error, attempt: 1, waited: 0, chance: 0.5) else {
                Issue.record("gave up after \(error)")
                continue
            }
        }
        let never: [ModelError] =
            [400, 401, 402, 403, 404, 413, 422, 301].map { Self.refusal($0) }
            + [
                .tooLarge(1), .tooSlow(1), .malformed(""), .cancelled, .configuration(""),
                Self.refusal(429, kind: "insufficient_quota"),
            ]
        for error in never {
            #expect(policy.step(after: error, attempt: 1, waited: 0, chance: 0.5) == .giveUp(error))
        }
    }

    @Test func `the provider's word wins over the table`() {
        let policy = RetryPolicy()
        let no = ModelError.provider(.init(status: 529, shouldRetry: false))
        #expect(policy.step(after: no, attempt: 1, waited: 0, chance: 0) == .giveUp(no))
        let yes = ModelError.provider(.init(status: 400, shouldRetry: true))
        #expect(policy.step(after: yes, attempt: 1, waited: 0, chance: 0) == .wait(0.5))
    }

    @Test func `waits grow, are spread, and have bounds`() {
        let policy = RetryPolicy(attempts: 100, firstWait: 1, longestWait: 10, longestSum: 1000)
        func wait(_ attempt: Int, _ chance: Double) -> RetryPolicy.Step {
            policy.step(after: .cutShort, attempt: attempt, waited: 0, chance: chance)
        }
        #expect([1, 2, 3, 4, 5, 90].map { wait($0, 1) } == [1, 2, 4, 8, 10, 10].map { .wait($0) })
        #expect(wait(3, 0) == .wait(2))
    }

    @Test func `never sooner than the provider says; what is too long is for others to wait out`() {
        let policy = RetryPolicy(longestWait: 60)
        #expect(policy.step(after: Self.refusal(429, after: 7), attempt: 1, waited: 0, chance: 0) == .wait(7))
        let long = Self.refusal(429, after: 61)
        guard case .provider(let refusal) = long else { return }
        #expect(policy.step(after: long, attempt: 1, waited: 0, chance: 0) == .giveUp(.limit(refusal)))
    }

    @Test(arguments: [429, 503, 529]) func `an end to it: by number, and by all waits together`(_ status: Int) {
        let policy = RetryPolicy(attempts: 3, longestSum: 20)
        let error = ModelError.Refusal(status: status, retryAfter: 11)
        #expect(
            policy.step(after: .provider(error), attempt: 3, waited: 0, chance: 0) == .giveUp(.limit(error)))
        #expect(
            policy.step(after: .provider(error), attempt: 2, waited: 11, chance: 0) == .giveUp(.limit(error)))
        #expect(policy.step(after: Self.refusal(500), attempt: 3, waited: 0, chance: 0) == .giveUp(Self.refusal(500)))
    }

    @Test(
        arguments: [
            ("5", 5), ("0", 0), ("-3", 0), ("1.5", 1.5), ("Sun, 06 Nov 1994 08:49:37 GMT", 10),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 10), ("Sun Nov  6 08:49:37 1994", 10),
            ("Sun, 06 Nov 1994 08:49:00 GMT", 0), ("soon", nil), ("", nil), ("inf", nil), ("nan", nil),
        ] as [(String, Double?)])
    func `seconds, milliseconds and all three forms of dates`(_ text: String, _ seconds: Double?) {
        // 1994-11-06 08:49:27 UTC.
        #expect(RetryAfter.seconds(["retry-after": text], now: 784_111_767) == seconds)
    }

    @Test func `milliseconds are the closer word`() {
        #expect(RetryAfter.seconds(["retry-after-ms": "250", "retry-after": "9"], now: 0) == 0.25)
    }
}
