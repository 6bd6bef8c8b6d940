package import Model
import Synchronization

/// The verdicts that answer when a check is asked again on the same tree, and the checks that are under way.
///
/// A list of checks is answered as a whole or not at all: what one command leaves in the checkout the next may need.
package final class VerdictCache: Sendable {
    /// A verdict of the store.
    package struct Known: Sendable {
        package var verdict: Verdict
        /// How often the same was green and red, in all runs.
        package var passes: Int
        package var failures: Int
        /// Whether it answers. A red one does so in its own run only: between runs somebody may have mended what is
        /// no part of the tree.
        package var answers: Bool

        package init(verdict: Verdict, passes: Int, failures: Int, answers: Bool) {
            self.verdict = verdict
            self.passes = passes
            self.failures = failures
            self.answers = answers
        }
    }

    private struct State {
        var known: [String: Known]
        var rates: [String: FlakeRate]
        /// Lists under way by what they ask, with those that wait for the answer.
        var flights: [String: [Waiter]] = [:]
        var nextWaiter = 0
    }

    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<[CheckResult]?, Never>
    }

    private let state: Mutex<State>
    let fingerprint = Fingerprint()
    private let answers: Bool
    private let record: @Sendable ([Verdict], [FlakeRate]) -> Void

    /// - Parameters:
    ///   - known: from earlier runs, and from earlier coordinators of this one.
    ///   - rates: of the plan's checks.
    ///   - answers: whether a verdict answers at all; without, every check is run whenever it is asked.
    ///   - record: is given each new verdict, and each rate that it has changed; called from several threads.
    package init(
        known: [Known] = [], rates: [FlakeRate] = [], answers: Bool = true,
        record: @escaping @Sendable ([Verdict], [FlakeRate]) -> Void = { _, _ in }
    ) {
        self.answers = answers
        self.record = record
        state = Mutex(
            State(
                known: Dictionary(known.map { ($0.verdict.key, $0) }) { first, _ in first },
                rates: Dictionary(rates.map { ($0.check, $0) }) { first, _ in first }))
    }

    /// Several ways to ask the same, the first that is known answers.
    typealias Question = [String]

    /// What the whole list gives; nil if it is not known all the way to its end, or to its first red check.
    func answer(_ questions: [Question], keepGoing: Bool) -> [CheckResult]? {
        guard answers else { return nil }
        return state.withLock { state in
            var results: [CheckResult] = []
            for question in questions {
                guard let key = question.first(where: { state.known[$0]?.answers ?? false }),
                    var result = state.known[key]?.verdict.result
                else { return nil }
                result.isKnown = true
                results.append(result)
                if !keepGoing, result.outcome != .passed { break }
            }
            return results
        }
    }

    /// What a reviewer has said before; nil if it has not been asked.
    /// - Parameter key: of `reviewKey`.
    package func review(_ key: String) -> CheckResult? { answer([[key]], keepGoing: false)?.first }

    /// The key of a reviewer's verdict.
    /// - Parameter fields: all that it depends on, in a fixed order.
    package static func reviewKey(_ fields: [String]) -> String {
        var digest = SHA256()
        for field in fields { digest.add(field) }
        return Verdict.reviewMark + digest.digest()
    }

    /// Takes the turn to run a list, or waits for whoever has it.
    ///
    /// - Returns: nil for whoever has the turn, who must say `ended`; else the results, which are none where the other
    ///   came to no lasting answer.
    func join(_ list: String) async -> [CheckResult]? {
        guard answers else { return nil }
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let outcome: Joined = await withTaskCancellationHandler {
            let results: [CheckResult]? = await withCheckedContinuation { continuation in
                let isFirst = takeTurn(list, Waiter(id: id, continuation: continuation))
                if isFirst { continuation.resume(returning: nil) }
                // A cancellation that came before is not seen by the handler below any more.
                if Task.isCancelled { self.giveUp(list, id) }
            }
            return Joined(results: results)
        } onCancel: {
            self.giveUp(list, id)
        }
        return outcome.results
    }

    /// - Returns: whether the waiter is the first, which has the turn and does not wait.
    private func takeTurn(_ list: String, _ waiter: Waiter) -> Bool {
        state.withLock { state in
            guard state.flights[list] != nil else {
                state.flights[list] = []
                return true
            }
            state.flights[list]?.append(waiter)
            return false
        }
    }

    private struct Joined: Sendable {
        var results: [CheckResult]?
    }

    private func giveUp(_ list: String, _ id: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.flights[list]?.firstIndex(where: { $0.id == id }) else { return nil }
            return state.flights[list]?.remove(at: index)
        }
        waiter?.continuation.resume(returning: [])
    }

    /// Hands the results of a list to those that wait for them.
    func ended(_ list: String, _ results: [CheckResult]) {
        guard answers else { return }
        let waiters = state.withLock { $0.flights.removeValue(forKey: list) ?? [] }
        for waiter in waiters { waiter.continuation.resume(returning: results) }
    }

    /// Takes in new verdicts, which answer from now on, and passes them on to be stored.
    package func add(_ verdicts: [Verdict]) {
        guard !verdicts.isEmpty else { return }
        let changed = state.withLock { state in verdicts.compactMap { Self.add($0, to: &state) } }
        record(verdicts, changed)
    }

    /// - Returns: the check's rate if it was just seen to be flaky.
    private static func add(_ verdict: Verdict, to state: inout State) -> FlakeRate? {
        let before = state.known[verdict.key]
        let passed = verdict.result.outcome == .passed ? 1 : 0
        let passes = (before?.passes ?? 0) + passed
        let failures = (before?.failures ?? 0) + verdict.runs - passed
        let flakes = (passes > 0 ? failures : 0) - ((before?.passes ?? 0) > 0 ? before?.failures ?? 0 : 0)
        state.known[verdict.key] = Known(verdict: verdict, passes: passes, failures: failures, answers: true)
        let name = verdict.result.name
        var rate = state.rates[name] ?? FlakeRate(check: name, runs: 0, flakes: 0)
        rate.runs += verdict.runs
        rate.flakes += flakes
        state.rates[name] = rate
        return flakes > 0 ? rate : nil
    }

    /// The rates of checks that were seen to be flaky, by name.
    package var flakyRates: [FlakeRate] {
        state.withLock { $0.rates.values.filter { $0.flakes > 0 }.sorted { $0.check < $1.check } }
    }
}
