/// Detects a model that repeats itself without progress. It is pure.
package struct StuckDetector: Sendable {
    /// A call and its result.
    private struct Step: Equatable {
        var action: String
        var result: String
    }

    private var steps: [Step] = []
    private var failedTurns = 0
    private var silentTurns = 0

    /// Number of equal calls with equal results in a row.
    static let sameSteps = 4
    /// Number of turns in a row in which every call failed.
    static let failures = 3
    /// Number of calls in a row that alternate between two.
    static let pingPong = 6
    /// Number of answers in a row without a call.
    static let silence = 3

    package init() {}

    /// Adds one turn.
    ///
    /// - Parameter calls: the text of each call, the text of its result, and whether it failed.
    /// - Returns: how the model is stuck; nil if it is not.
    package mutating func take(_ calls: [(action: String, result: String, isError: Bool)]) -> String? {
        silentTurns = calls.isEmpty ? silentTurns + 1 : 0
        if silentTurns >= Self.silence { return "\(Self.silence) answers in a row without a call of a tool" }
        guard !calls.isEmpty else { return nil }
        failedTurns = calls.allSatisfy(\.isError) ? failedTurns + 1 : 0
        for call in calls {
            steps.append(Step(action: call.action, result: call.result))
            steps = steps.suffix(Self.pingPong)
            if isSame { return "the same call had the same result \(Self.sameSteps) times in a row" }
            if isPingPong { return "two calls in turn had the same results, \(Self.pingPong) calls in a row" }
        }
        guard failedTurns >= Self.failures else { return nil }
        let last = (calls.last?.result ?? "").split(whereSeparator: \.isNewline).first.map { String($0.prefix(200)) }
        return "every call failed, \(Self.failures) turns in a row; the last time: \(last ?? "nothing was said")"
    }

    private var isSame: Bool {
        let last = steps.suffix(Self.sameSteps)
        return last.count == Self.sameSteps && last.allSatisfy { $0 == last.last }
    }

    private var isPingPong: Bool {
        guard steps.count == Self.pingPong, steps[0] != steps[1] else { return false }
        return steps.indices.allSatisfy { steps[$0] == steps[$0 % 2] }
    }
}
