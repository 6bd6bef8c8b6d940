/// The literal part of a path in a shell script.
struct ShellPath {
    /// The path behind the last variable or command, without quotes and leading slashes; it may be empty then.
    private(set) var tail: Source.Bytes
    private(set) var hasVariable = false
    /// The name of the variable, if the word starts with one and has no other.
    private(set) var variable: Source.Bytes?

    /// The length of the longest path.
    private static let longest = 1024

    /// - Parameter offset: the start of the word.
    /// - Returns: nil if the word is not a path of the repository, or its end is unknown.
    init?(_ bytes: Source.Bytes, at offset: Int) {
        var offset = offset
        let limit = min(bytes.count, offset + Self.longest)
        var start = offset
        var end = offset
        var quote: UInt8 = 0
        loop: while offset < limit {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard quote == 0 || quote == byte else { return nil }
                quote = quote == 0 ? byte : 0
                // Quotes at either end do not belong to the literal part. Inside it they are too rare to matter.
                if start == offset { start += 1 }
                offset += 1
                continue
            case UInt8(ascii: "$") where quote != UInt8(ascii: "'"), UInt8(ascii: "`") where quote != UInt8(ascii: "'"):
                variable = hasVariable || start != offset ? nil : Self.name(in: bytes, from: offset, limit: limit)
                hasVariable = true
                offset = Self.behindExpansion(in: bytes, from: offset, limit: limit)
                start = offset
                end = offset
                continue
            case UInt8(ascii: "\\"), UInt8(ascii: "*"), UInt8(ascii: "?"):
                return nil
            case 0x0A:
                break loop
            case 0...0x20, UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: ")"),
                UInt8(ascii: ">"), UInt8(ascii: "<"):
                if quote == 0 { break loop }
            default:
                break
            }
            offset += 1
            end = offset
        }
        start = min(start, end)
        if hasVariable {
            // `"$dir/lib.sh"`. A name directly after a variable, without a slash, is unknown.
            guard start == end || bytes[start] == UInt8(ascii: "/") else { return nil }
            while start < end, bytes[start] == UInt8(ascii: "/") { start += 1 }
        }
        guard start < end || hasVariable else { return nil }
        if start < end, bytes[start] == UInt8(ascii: "/") || bytes[start] == UInt8(ascii: "-") { return nil }
        tail = Source.Bytes(rebasing: bytes[start..<end])
    }

    /// The name in `$name` or `${name}`.
    private static func name(in bytes: Source.Bytes, from start: Int, limit: Int) -> Source.Bytes? {
        let isBraced = start + 1 < limit && bytes[start + 1] == UInt8(ascii: "{")
        let first = isBraced ? start + 2 : start + 1
        var offset = first
        while offset < limit, isName(bytes[offset]) { offset += 1 }
        guard offset > first, !isBraced || (offset < limit && bytes[offset] == UInt8(ascii: "}")) else { return nil }
        return Source.Bytes(rebasing: bytes[first..<offset])
    }

    private static func isName(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
    }

    /// The place after `$name`, `${…}`, `$(…)` or a command in backquotes.
    private static func behindExpansion(in bytes: Source.Bytes, from start: Int, limit: Int) -> Int {
        var offset = start + 1
        guard offset < limit else { return limit }
        if bytes[start] == UInt8(ascii: "`") {
            while offset < limit, bytes[offset] != UInt8(ascii: "`") { offset += 1 }
            return min(limit, offset + 1)
        }
        if bytes[offset] == UInt8(ascii: "{") || bytes[offset] == UInt8(ascii: "(") {
            let open = bytes[offset]
            let close = open == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: ")")
            var depth = 0
            while offset < limit {
                if bytes[offset] == open { depth += 1 }
                if bytes[offset] == close { depth -= 1 }
                offset += 1
                if depth == 0 { return offset }
            }
            return limit
        }
        let name = offset
        while offset < limit, isName(bytes[offset]) { offset += 1 }
        return offset == name ? min(limit, offset + 1) : offset
    }
}
