extension Tokenizer {
    /// JSX: reads an element with its contents, if `<` opens one here.
    mutating func jsxElement() -> Bool {
        guard !isJSXBroken, at &+ 1 < end, !isBehindOperand() else { return false }
        let first = bytes[at &+ 1]
        guard first == UInt8(ascii: ">") || classes[Int(first)] == LexicalTable.Class.letter, !isTypeParameter()
        else { return false }
        let start = at
        at &+= 1
        jsxContent(from: start, depth: 0, inTag: true)
        return true
    }

    /// `<T>(`, `<T,`, `<T extends` and `<T =` open the parameters of a generic function.
    private func isTypeParameter() -> Bool {
        let start = at &+ 1
        var offset = start
        while offset < end, isIdentifier[Int(bytes[offset])] { offset &+= 1 }
        let count = offset &- start
        if offset &+ 1 < end, bytes[offset] == UInt8(ascii: ">"), bytes[offset &+ 1] == UInt8(ascii: "(") {
            // `<Text>(…)` is an element; type parameters are `T`, `K1` or `TResult` by custom.
            let isUpper = (0x41...0x5A).contains(bytes[start])
            return isUpper
                && (count <= 2 || bytes[start] == UInt8(ascii: "T") && (0x41...0x5A).contains(bytes[start &+ 1]))
        }
        while offset < end, bytes[offset] == UInt8(ascii: " ") { offset &+= 1 }
        guard count > 0, offset < end else { return false }
        if bytes[offset] == UInt8(ascii: ",") || bytes[offset] == UInt8(ascii: "=") { return true }
        let word: StaticString = "extends "
        guard offset &+ word.utf8CodeUnitCount <= end else { return false }
        for index in 0..<word.utf8CodeUnitCount where bytes[offset &+ index] != word.utf8Start[index] { return false }
        return true
    }

    /// Reads tags and text up to the end of the outermost element, or up to the next `{`. The code in braces yields
    /// tokens.
    ///
    /// - Parameters:
    ///   - depth: the number of open elements.
    ///   - inTag: whether the attributes of a tag are being read, and not text.
    mutating func jsxContent(from start: Int, depth: Int, inTag: Bool) {
        let first = line
        var depth = depth
        var inTag = inTag
        /// Open brackets of type arguments in a tag.
        var angles = 0
        while at < end {
            let byte = bytes[at]
            at &+= 1
            switch byte {
            case 0x0A:
                line &+= 1
            case UInt8(ascii: "{") where frames.count < Self.deepest:
                emit(.stringRest, from: start, line: first, head: 0, tail: 0)
                push(.jsx(depth: depth, inTag: inTag), opened: byte, oneLine: false)
                return
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                if inTag { skipAttribute(byte) }
            case UInt8(ascii: "/") where inTag && at < end && bytes[at] == UInt8(ascii: ">"):
                at &+= 1
                inTag = false
            case UInt8(ascii: ">") where inTag && angles > 0:
                angles &-= 1
            case UInt8(ascii: ">") where inTag && (at < 2 || bytes[at &- 2] != UInt8(ascii: "=")):
                inTag = false
                depth &+= 1
            case UInt8(ascii: "<") where inTag:
                angles &+= 1
            case UInt8(ascii: "<") where at < end && bytes[at] == UInt8(ascii: "/"):
                while at < end, bytes[at] != UInt8(ascii: ">") {
                    if bytes[at] == 0x0A { line &+= 1 }
                    at &+= 1
                }
                at = min(end, at &+ 1)
                depth &-= 1
            case UInt8(ascii: "<"):
                inTag = true
            default:
                break
            }
            if depth <= 0, !inTag {
                emit(.stringRest, from: start, line: first, head: 0, tail: 0)
                return
            }
        }
        isJSXBroken = true
    }

    /// Moves past the closing quote of an attribute, which has no escapes and may span lines.
    private mutating func skipAttribute(_ quote: UInt8) {
        while at < end, bytes[at] != quote {
            if bytes[at] == 0x0A { line &+= 1 }
            at &+= 1
        }
        at = min(end, at &+ 1)
    }
}
