import Model
import Synchronization
import Testing

@testable import Verification

@Suite struct VerdictCacheTests {
    private static let tree = ObjectID(hex: String(repeating: "a", count: 40))

    private func verdict(
        _ key: String, _ outcome: CheckResult.Outcome = .passed, runs: Int = 1, name: String = "check"
    ) throws -> Verdict {
        Verdict(
            key: key, tree: try #require(Self.tree), isClean: true, runs: runs,
            result: CheckResult(name: name, command: key, outcome: outcome, status: 0, seconds: 1))
    }

    private func known(
        _ key: String, _ outcome: CheckResult.Outcome = .passed, passes: Int = 1, failures: Int = 0,
        answers: Bool = true
    ) throws -> VerdictCache.Known {
        VerdictCache.Known(
            verdict: try verdict(key, outcome), passes: passes, failures: failures, answers: answers)
    }

    @Test func `the first known key answers`() throws {
        let cache = VerdictCache(known: [try known("clean"), try known("dirty", .failed)])
        #expect(cache.answer([["clean", "dirty"]], keepGoing: false)?.map(\.command) == ["clean"])
        #expect(cache.answer([["dirty", "clean"]], keepGoing: false)?.map(\.command) == ["dirty"])
        #expect(cache.answer([["none", "clean"]], keepGoing: false)?.map(\.command) == ["clean"])
        #expect(cache.answer([["none"]], keepGoing: false) == nil)
        #expect(cache.answer([["clean"]], keepGoing: false)?.map(\.isKnown) == [true])
    }

    @Test func `a red verdict of an earlier run does not answer`() throws {
        let cache = VerdictCache(known: [try known("k", .failed, passes: 0, failures: 1, answers: false)])
        #expect(cache.answer([["k"]], keepGoing: false) == nil)
        // Found again, it does.
        cache.add([try verdict("k", .failed)])
        #expect(cache.answer([["k"]], keepGoing: false)?.count == 1)
    }

    @Test func `a list ends at its first red check, unless it keeps going`() throws {
        let cache = VerdictCache(known: [try known("a"), try known("b", .failed), try known("c")])
        let list = [["a"], ["b"], ["c"]]
        #expect(cache.answer(list, keepGoing: false)?.map(\.command) == ["a", "b"])
        #expect(cache.answer(list, keepGoing: true)?.map(\.command) == ["a", "b", "c"])
        #expect(cache.answer([["a"], ["b"], ["unknown"]], keepGoing: false)?.count == 2)
        #expect(cache.answer([["a"], ["b"], ["unknown"]], keepGoing: true) == nil)
    }

    @Test func `a cache that does not answer lets every caller run`() async throws {
        let cache = VerdictCache(known: [try known("k")], answers: false)
        #expect(cache.answer([["k"]], keepGoing: false) == nil)
        #expect(await cache.join("list") == nil)
        #expect(await cache.join("list") == nil)
    }

    @Test func `passes and failures of one key make a flake, whichever came first`() throws {
        for (first, second) in [(CheckResult.Outcome.passed, CheckResult.Outcome.failed), (.failed, .passed)] {
            let told = Mutex<[FlakeRate]>([])
            let cache = VerdictCache { _, rates in told.withLock { $0 += rates } }
            cache.add([try verdict("k", first)])
            #expect(cache.flakyRates == [])
            cache.add([try verdict("k", second)])
            let expected = [FlakeRate(check: "check", runs: 2, flakes: 1)]
            #expect(cache.flakyRates == expected)
            #expect(told.withLock { $0 } == expected)
            // Another green run adds a run and no flake, and is not told.
            cache.add([try verdict("k", .passed)])
            #expect(cache.flakyRates == [FlakeRate(check: "check", runs: 3, flakes: 1)])
            #expect(told.withLock { $0 } == expected)
        }
    }

    @Test func `failures on another tree are no flakes`() throws {
        let cache = VerdictCache()
        cache.add([try verdict("k", .failed, runs: 3), try verdict("l", .passed)])
        #expect(cache.flakyRates == [])
    }

    @Test func `the retries before a pass are flakes`() throws {
        let cache = VerdictCache(rates: [FlakeRate(check: "check", runs: 10, flakes: 1)])
        cache.add([try verdict("k", .passed, runs: 3)])
        #expect(cache.flakyRates == [FlakeRate(check: "check", runs: 13, flakes: 3)])
    }

    @Test func `failures of earlier runs count once the check passes`() throws {
        let cache = VerdictCache(known: [try known("k", .failed, passes: 0, failures: 2, answers: false)])
        cache.add([try verdict("k", .passed)])
        #expect(cache.flakyRates == [FlakeRate(check: "check", runs: 1, flakes: 2)])
        // What was counted in an earlier run is not counted again.
        let later = VerdictCache(known: [try known("k", passes: 1, failures: 2)])
        later.add([try verdict("k", .failed)])
        #expect(later.flakyRates == [FlakeRate(check: "check", runs: 1, flakes: 1)])
    }

    @Test func `flaky checks are sorted by name`() throws {
        let cache = VerdictCache(rates: [
            FlakeRate(check: "b", runs: 2, flakes: 1), FlakeRate(check: "a", runs: 2, flakes: 1),
            FlakeRate(check: "c", runs: 2, flakes: 0),
        ])
        #expect(cache.flakyRates.map(\.check) == ["a", "b"])
    }

    @Test func `nothing is recorded for no verdicts`() throws {
        let calls = Mutex(0)
        let cache = VerdictCache { _, _ in calls.withLock { $0 += 1 } }
        cache.add([])
        #expect(calls.withLock { $0 } == 0)
        cache.add([try verdict("k")])
        #expect(calls.withLock { $0 } == 1)
    }

    @Test func `the caller after the end of a list has its turn again`() async throws {
        let cache = VerdictCache()
        #expect(await cache.join("list") == nil)
        #expect(await cache.join("other") == nil)
        cache.ended("list", [])
        #expect(await cache.join("list") == nil)
    }

    @Test func `reviewers have keys of their own`() throws {
        let key = VerdictCache.reviewKey(["a", "b"])
        #expect(key.hasPrefix(Verdict.reviewMark))
        #expect(key != VerdictCache.reviewKey(["b", "a"]))
        #expect(key != VerdictCache.reviewKey(["ab"]))
        let cache = VerdictCache()
        #expect(cache.review(key) == nil)
        cache.add([try verdict(key, .failed)])
        #expect(cache.review(key)?.outcome == .failed)
    }
}
