/// Tells when a model goes round in circles. Pure.
package struct StuckRules: Sendable {
    /// A call and what came of it.
    private struct Step: Equatable {
        var action: String
        var result: String
    }

    private var steps: [Step] = []
    private var failedTurns = 0
    private var silentTurns = 0

    /// The same call with the same result so often in a row.
    static let sameSteps = 4
    /// Turns in a row of which every call failed.
    static let failures = 3
    /// Calls in a row that go to and fro between two.
    static let pingPong = 6
    /// Answers in a row without a call.
    static let silence = 3

    package init() {}

    /// Takes in one turn.
    ///
    /// - Parameter calls: each with the text of its call, that of its result, and whether it failed.
    /// - Returns: in which way the model is stuck; nil where it is not.
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
        return failedTurns >= Self.failures ? "every call failed, \(Self.failures) turns in a row" : nil
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
