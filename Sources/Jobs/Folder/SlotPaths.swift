/// Replaces paths of slots in what people and other workers read: they know the file from their own checkout.
package struct SlotPaths: Sendable, Equatable {
    /// Absolute path of the folder that holds the slots of a plan.
    private let folder: String

    package init(folder: String) { self.folder = folder }

    /// Returns a text in which paths in a slot are relative to its checkout.
    package func relative(_ text: String) -> String {
        guard text.contains(folder) else { return text }
        var result = ""
        var rest = text[...]
        while let found = rest.firstRange(of: folder) {
            result += rest[..<found.lowerBound]
            rest = rest[found.upperBound...]
            guard let slot = rest.prefixMatch(of: #/(?:\/[a-z0-9]+){1,3}?\/tree(?![A-Za-z0-9_.\-])/#) else {
                result += folder
                continue
            }
            rest = rest[slot.range.upperBound...]
            // The checkout itself, maybe with a slash at its end.
            let below = rest.dropFirst(rest.first == "/" ? 1 : 0)
            let isBelow = rest.first == "/" && below.first.map { !$0.isWhitespace && !"'\"`),;".contains($0) } ?? false
            if !isBelow { result += "." }
            rest = below
        }
        return result + rest
    }
}
