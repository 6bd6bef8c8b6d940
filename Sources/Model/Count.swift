/// A number with its noun, in the singular or the plural.
package enum Count {
    /// Returns `1 task`, `2 tasks` or `3 processes`.
    package static func text(_ number: Int, _ noun: String) -> String {
        guard number != 1 else { return "1 \(noun)" }
        return "\(number) \(noun)\(["s", "x", "h"].contains { noun.hasSuffix($0) } ? "es" : "s")"
    }
}
