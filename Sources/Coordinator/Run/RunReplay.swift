import Foundation
package import Model

/// A replay of a recorded log that compares the scheduler's decisions with the recorded ones.
package struct RunReplay: Sendable {
    package private(set) var facts = 0
    package private(set) var decisions = 0
    /// A description of the first difference; nil if both are the same.
    package private(set) var difference: String?

    /// - Parameter events: the whole log of one run, in order.
    /// - Returns: nil if the log does not begin with the start of a run, or if a decision precedes all other facts.
    package init?(_ events: [LoggedEvent]) {
        guard case .fact(.runStarted(let started)) = events.first?.body else { return nil }
        var fold = RunFold(started)
        facts = 1
        var rest = events.dropFirst()
        while let event = rest.popFirst(), difference == nil {
            guard case .fact(let fact) = event.body else { return nil }
            let decided = fold.take(fact)
            let recorded = rest.prefix { !$0.isFact }.compactMap { logged -> Decision? in
                if case .decision(let decision) = logged.body { decision } else { nil }
            }
            rest = rest.dropFirst(recorded.count)
            facts += 1
            decisions += recorded.count
            if recorded != decided {
                let same = zip(recorded, decided).prefix { $0 == $1 }.count
                difference = Self.description(
                    of: event.sequence, fact, recorded: recorded.dropFirst(same).first,
                    decided: decided.dropFirst(same).first)
            }
        }
    }

    private static func description(
        of sequence: Int64, _ fact: Fact, recorded: Decision?, decided: Decision?
    ) -> String {
        """
        event \(sequence): \(json(fact))
          then: \(recorded.map(json) ?? "no further decision")
          now:  \(decided.map(json) ?? "no further decision")
        """
    }

    private static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "\(value)"
    }
}

extension LoggedEvent {
    fileprivate var isFact: Bool { if case .fact = body { true } else { false } }
}
