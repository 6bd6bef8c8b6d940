import Foundation
package import Model
import Scheduling

/// Whether the scheduler of this program decides on a recorded log as it was decided then.
package struct RunReplay: Sendable {
    package let facts: Int
    package let decisions: Int
    /// The first place where it decides otherwise, for people; nil where there is none.
    package let difference: String?

    /// - Parameter events: the whole log of one run, in order.
    /// - Returns: nil where the log does not begin with the start of a run.
    package init?(_ events: [LoggedEvent]) {
        guard let replay = ReplayComparison(events) else { return nil }
        facts = replay.facts
        decisions = replay.decisions
        difference = replay.difference.map { difference in
            """
            event \(difference.sequence): \(Self.words(difference.fact))
              then: \(difference.recorded.map(Self.words) ?? "no further decision")
              now:  \(difference.decided.map(Self.words) ?? "no further decision")
            """
        }
    }

    private static func words(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "\(value)"
    }
}
