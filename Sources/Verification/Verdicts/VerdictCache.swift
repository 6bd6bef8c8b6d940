package import Model
import Synchronization

/// The known verdicts, which replace running a check again on the same tree, and the lists of checks that are running.
///
/// A list of checks is answered as a whole or not at all, since a command may need what an earlier one left in the checkout.
package final class VerdictCache: Sendable {
    /// A verdict from the store.
    package struct Known: Sendable {
        package var verdict: Verdict
        /// How often the same check passed on the same tree, in all runs.
        package var passes: Int
        /// How often it failed there.
        package var failures: Int
        /// Whether the verdict may be used. A red one may only in its own run: between runs somebody may have fixed what is
        /// not part of the tree.
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
        /// The running lists by their keys, each with the callers that wait for its results.
        var running: [String: [Waiter]] = [:]
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
    ///   - known: verdicts from earlier runs, and from earlier coordinators of this run.
    ///   - rates: flake rates of the plan's checks.
    ///   - answers: false to run every check although its verdict is known.
    ///   - record: is given each new verdict and each flake rate that it changed. Called from several threads.
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

    /// The keys under which a check's verdict may be found; the first known one answers.
    typealias Question = [String]

    /// Returns the results of a whole list; nil unless they are known up to its end or its first red check.
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

    /// Returns the earlier verdict of a reviewer; nil if it was not asked.
    ///
    /// - Parameter key: from `reviewKey`.
    package func review(_ key: String) -> CheckResult? { answer([[key]], keepGoing: false)?.first }

    /// Returns the key of a reviewer's verdict.
    ///
    /// - Parameter fields: everything that the verdict depends on, in a fixed order.
    package static func reviewKey(_ fields: [String]) -> String {
        var digest = SHA256()
        for field in fields { digest.add(field) }
        return Verdict.reviewMark + digest.digest()
    }

    /// Starts a list, or waits until the caller that is running it has finished.
    ///
    /// - Returns: nil if the caller must run the list and then call `ended`. Otherwise the results of the other caller;
    ///   empty if they are not lasting, or if the calling task was cancelled.
    func join(_ list: String) async -> [CheckResult]? {
        guard answers else { return nil }
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let outcome: Joined = await withTaskCancellationHandler {
            let results: [CheckResult]? = await withCheckedContinuation { continuation in
                if !waits(Waiter(id: id, continuation: continuation), for: list) { continuation.resume(returning: nil) }
                // The handler below misses a cancellation that came before the waiter was added.
                if Task.isCancelled { self.giveUp(list, id) }
            }
            return Joined(results: results)
        } onCancel: {
            self.giveUp(list, id)
        }
        return outcome.results
    }

    /// Adds a waiter to those of a list that is running. Returns false if the caller is the first, and runs it.
    private func waits(_ waiter: Waiter, for list: String) -> Bool {
        state.withLock { state in
            guard state.running[list] != nil else {
                state.running[list] = []
                return false
            }
            state.running[list]?.append(waiter)
            return true
        }
    }

    private struct Joined: Sendable {
        var results: [CheckResult]?
    }

    private func giveUp(_ list: String, _ id: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.running[list]?.firstIndex(where: { $0.id == id }) else { return nil }
            return state.running[list]?.remove(at: index)
        }
        waiter?.continuation.resume(returning: [])
    }

    /// Hands the results of a list to its waiters.
    func ended(_ list: String, _ results: [CheckResult]) {
        guard answers else { return }
        let waiters = state.withLock { $0.running.removeValue(forKey: list) ?? [] }
        for waiter in waiters { waiter.continuation.resume(returning: results) }
    }

    /// Adds new verdicts, which answer from now on, and passes them to `record`.
    package func add(_ verdicts: [Verdict]) {
        guard !verdicts.isEmpty else { return }
        let changed = state.withLock { state in verdicts.compactMap { Self.add($0, to: &state) } }
        record(verdicts, changed)
    }

    /// - Returns: the check's flake rate if the verdict showed new flakes.
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

    /// The rates of flaky checks, sorted by name.
    package var flakyRates: [FlakeRate] {
        state.withLock { $0.rates.values.filter { $0.flakes > 0 }.sorted { $0.check < $1.check } }
    }
}
