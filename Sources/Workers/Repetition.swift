/// Tells from a worker's calls of tools when it does the same again and again. Pure.
///
/// Of most programs' events only the calls can be compared, not what came of them, and looking at a slow build again
/// and again is no mistake: so it takes more of them than the built-in agent's own rules.
struct Repetition: Sendable {
    private var last: [String] = []

    /// Calls in a row that are all the same, or two in turn.
    static let most = 12
    /// Of a call, as it is shown.
    private static let shown = 120

    mutating func take(_ name: String, _ input: String) {
        // What was cut off may be where two calls differ.
        guard !input.contains("...") else { return last = [] }
        last.append("\(name) \(input)")
        if last.count > Self.most { last.removeFirst() }
    }

    /// The call that is repeated; nil while none is.
    var call: String? {
        guard last.count == Self.most, last.indices.allSatisfy({ last[$0] == last[$0 % 2] }) else { return nil }
        return last[0].shortened(to: Self.shown)
    }
}
