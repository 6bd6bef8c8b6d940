extension Failure {
    private static let checkMark = " (check '"
    private static let together = "it passed on its own base; together with what landed since, "

    /// What refused the work: `check 'tests'`, `guard 'licence'`, or the kind of failure.
    package var source: String {
        let words = summary.ranges(of: Self.checkMark).last.map { "check '" + summary[$0.upperBound...] } ?? summary
        for start in ["check '", "guard '", "the guard '"] {
            guard let range = words.firstRange(of: start), range.lowerBound == words.startIndex else { continue }
            let name = words[range.upperBound...].prefix { $0 != "'" }
            return "\(start.dropFirst(start.hasPrefix("the ") ? 4 : 0))\(name)'"
        }
        return kind == .guardRule ? "guard" : kind.rawValue
    }

    /// The first assertion or error, without its place and without the name of the check.
    package var message: String {
        var text = Substring(summary)
        if text.hasPrefix(Self.together) { text = text.dropFirst(Self.together.count) }
        if let mark = text.ranges(of: Self.checkMark).last { text = text[..<mark.lowerBound] }
        if text.hasPrefix("check '"), let end = text.firstRange(of: ": ")?.upperBound {
            text = text[end...]
            if text.hasSuffix(")"), let open = text.ranges(of: " (").last, open.lowerBound > text.startIndex {
                text = text[..<open.lowerBound]
            }
        }
        // A summary is shown without control characters, a place has what its file's name has.
        for place in places.flatMap({ [$0, OutsideText.line($0)] }) where text.hasPrefix(place) {
            text = text.dropFirst(place.count).drop { ": ".contains($0) }
            break
        }
        return String(text.isEmpty ? Substring(summary) : text)
    }
}
