extension StringProtocol {
    /// Without a prefix; nil if it is not there.
    func dropping(_ prefix: String) -> SubSequence? { hasPrefix(prefix) ? dropFirst(prefix.count) : nil }

    /// Without any of the characters at both ends.
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

    /// What stands before the last occurrence of a text; nil if there is none.
    func before(last text: String) -> SubSequence? {
        var end: Index?
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            end = range.lowerBound
            rest = rest[range.upperBound...]
        }
        return end.map { self[..<$0] }
    }

    /// What stands after the first occurrence of a text; nil if there is none.
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
