/// A path pattern of Git: `*`, `?` and brackets do not match a slash; `**` between slashes spans directories.
///
/// Gives the same results as Git's `wildmatch` with `WM_PATHNAME`; a test compares the two.
struct GitPattern: Sendable {
    private enum Outcome {
        case match
        case noMatch
        /// The text ended before the pattern, so stars further left need not try shorter rests. Without this,
        /// `*a*a*a*b` takes exponential time.
        case textTooShort
    }

    private let pattern: [UInt8]
    private let isLiteral: Bool

    init(_ pattern: some Sequence<UInt8>) {
        self.pattern = Array(pattern)
        isLiteral = !self.pattern.contains { "*?[\\".utf8.contains($0) }
    }

    func matches(_ text: ArraySlice<UInt8>) -> Bool {
        isLiteral ? text.elementsEqual(pattern) : match(from: 0, text, at: text.startIndex) == .match
    }

    private func match(from start: Int, _ text: ArraySlice<UInt8>, at textStart: Int) -> Outcome {
        var p = start
        var t = textStart
        while p < pattern.count {
            let byte = pattern[p]
            if byte == UInt8(ascii: "*") { return matchStar(at: p, text, at: t) }
            guard t < text.endIndex else { return .textTooShort }
            switch byte {
            case UInt8(ascii: "?"):
                if text[t] == RawPath.slash { return .noMatch }
                p += 1
            case UInt8(ascii: "["):
                guard let (matched, next) = matchBracket(p, text[t]) else { return .textTooShort }
                if !matched || text[t] == RawPath.slash { return .noMatch }
                p = next
            case UInt8(ascii: "\\"):
                guard p + 1 < pattern.count, pattern[p + 1] == text[t] else { return .noMatch }
                p += 2
            default:
                if byte != text[t] { return .noMatch }
                p += 1
            }
            t += 1
        }
        return t == text.endIndex ? .match : .noMatch
    }

    private func matchStar(at start: Int, _ text: ArraySlice<UInt8>, at textStart: Int) -> Outcome {
        var p = start
        while p < pattern.count, pattern[p] == UInt8(ascii: "*") { p += 1 }
        let opens = start == 0 || pattern[start - 1] == RawPath.slash
        let closes = p == pattern.count || pattern[p] == RawPath.slash || isEscapedSlash(p)
        let spans = p - start >= 2 && opens && closes
        if spans, p < pattern.count, pattern[p] == RawPath.slash {
            // `**/` also matches zero directories.
            if match(from: p + 1, text, at: textStart) == .match { return .match }
        }
        if p == pattern.count {
            return spans || !text[textStart...].contains(RawPath.slash) ? .match : .noMatch
        }
        var t = textStart
        while t < text.endIndex {
            let outcome = match(from: p, text, at: t)
            if outcome == .match { return .match }
            if outcome == .textTooShort { return .textTooShort }
            if !spans, text[t] == RawPath.slash { return .noMatch }
            t += 1
        }
        return .textTooShort
    }

    private func isEscapedSlash(_ p: Int) -> Bool {
        p + 1 < pattern.count && pattern[p] == UInt8(ascii: "\\") && pattern[p + 1] == RawPath.slash
    }

    /// Returns nil if the bracket is never closed.
    private func matchBracket(_ start: Int, _ byte: UInt8) -> (matched: Bool, next: Int)? {
        var p = start + 1
        guard p < pattern.count else { return nil }
        let negated = pattern[p] == UInt8(ascii: "!") || pattern[p] == UInt8(ascii: "^")
        if negated { p += 1 }
        var matched = false
        var isFirst = true
        var previous: UInt8?
        while p < pattern.count, isFirst || pattern[p] != UInt8(ascii: "]") {
            isFirst = false
            if pattern[p] == UInt8(ascii: "["), p + 1 < pattern.count, pattern[p + 1] == UInt8(ascii: ":"),
                let end = classEnd(from: p + 2)
            {
                guard let contained = Self.isIn(pattern[(p + 2)..<(end - 2)], byte) else { return nil }
                matched = matched || contained
                previous = nil
                p = end
                continue
            }
            if pattern[p] == UInt8(ascii: "-"), let low = previous, p + 1 < pattern.count,
                pattern[p + 1] != UInt8(ascii: "]")
            {
                p += 1
                if pattern[p] == UInt8(ascii: "\\") { p += 1 }
                guard p < pattern.count else { return nil }
                if low <= pattern[p], byte >= low, byte <= pattern[p] { matched = true }
                previous = nil
                p += 1
                continue
            }
            if pattern[p] == UInt8(ascii: "\\") { p += 1 }
            guard p < pattern.count else { return nil }
            if pattern[p] == byte { matched = true }
            previous = pattern[p]
            p += 1
        }
        return p < pattern.count ? (matched != negated, p + 1) : nil
    }

    /// The index after `:]` of a class such as `[:alpha:]`.
    private func classEnd(from start: Int) -> Int? {
        var p = start
        while p < pattern.count, pattern[p] != UInt8(ascii: "]") { p += 1 }
        guard p < pattern.count, p - 1 >= start, pattern[p - 1] == UInt8(ascii: ":") else { return nil }
        return p + 1
    }

    private static func isIn(_ name: ArraySlice<UInt8>, _ byte: UInt8) -> Bool? {
        let lower = (0x61...0x7a).contains(byte)
        let upper = (0x41...0x5a).contains(byte)
        let digit = (0x30...0x39).contains(byte)
        let graphic = (0x21...0x7e).contains(byte)
        return switch String(decoding: name, as: UTF8.self) {
        case "alnum": lower || upper || digit
        case "alpha": lower || upper
        case "blank": byte == 0x20 || byte == 0x09
        case "cntrl": byte < 0x20 || byte == 0x7f
        case "digit": digit
        case "graph": graphic
        case "lower": lower
        case "print": graphic || byte == 0x20
        case "punct": graphic && !lower && !upper && !digit
        case "space": byte == 0x20 || (0x09...0x0d).contains(byte)
        case "upper": upper
        case "xdigit": digit || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
        default: nil
        }
    }
}
