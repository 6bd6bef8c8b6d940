/// Detects a worker that repeats the same tool calls. It is pure.
///
/// Most programs report only calls that can be compared, not their results, and polling a slow build is legitimate. So
/// the
/// limit is higher than that of the built-in agent.
struct RepetitionDetector: Sendable {
    private var last: [String] = []

    /// Number of calls in a row that are equal or alternate between two.
    static let most = 12
    /// Maximum characters of a call in a message.
    private static let shown = 120

    mutating func take(_ name: String, _ input: String) {
        // Two shortened calls may differ in the cut part.
        guard !input.contains("...") else { return last = [] }
        last.append("\(name) \(input)")
        if last.count > Self.most { last.removeFirst() }
    }

    /// The repeated call, if any.
    var call: String? {
        guard last.count == Self.most, last.indices.allSatisfy({ last[$0] == last[$0 % 2] }) else { return nil }
        return last[0].shortened(to: Self.shown)
    }
}
