extension StringProtocol {
    /// Returns the text without a prefix, or nil if it does not have the prefix.
    func dropping(_ prefix: String) -> SubSequence? { hasPrefix(prefix) ? dropFirst(prefix.count) : nil }

    /// Returns the text without any of the characters at both ends.
    func trimmed(_ characters: String) -> SubSequence {
        var rest = self[...]
        while let first = rest.first, characters.contains(first) { rest = rest.dropFirst() }
        while let last = rest.last, characters.contains(last) { rest = rest.dropLast() }
        return rest
    }

    func components(between separator: String) -> [SubSequence] {
        var parts: [SubSequence] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }

    /// Returns the part before the last occurrence of a text, or nil if it does not occur.
    func before(last text: String) -> SubSequence? {
        var end: Index?
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            end = range.lowerBound
            rest = rest[range.upperBound...]
        }
        return end.map { self[..<$0] }
    }

    /// Returns the part after the first occurrence of a text, or nil if it does not occur.
    func after(_ text: String) -> SubSequence? { firstRange(of: text).map { self[$0.upperBound...] } }

    func firstRange(of text: String) -> Range<Index>? {
        guard let first = text.utf8.first else { return nil }
        var start = startIndex
        let view = utf8
        while let found = view[start...].firstIndex(of: first) {
            if view[found...].starts(with: text.utf8) {
                return found..<view.index(found, offsetBy: text.utf8.count)
            }
            start = view.index(after: found)
        }
        return nil
    }
}
