/// The byte counts by which Git tells text from binary content and finds line endings.
struct LineStatistics {
    /// CR followed by LF.
    private(set) var pairs = 0
    private var loneReturns = 0
    private var zeros = 0
    private var printable = 0
    private var unprintable = 0

    init(_ content: [UInt8]) {
        content.withUnsafeBytes { bytes in
            var place = 0
            while place < bytes.count {
                let byte = bytes[place]
                place += 1
                switch byte {
                case 0x0d where place < bytes.count && bytes[place] == 0x0a:
                    pairs += 1
                    place += 1
                case 0x0d: loneReturns += 1
                case 0x0a: break
                case 0x08, 0x09, 0x0c, 0x1b: printable += 1
                case 0x00:
                    zeros += 1
                    unprintable += 1
                case 0x01..<0x20, 0x7f: unprintable += 1
                default: printable += 1
                }
            }
        }
        // The end-of-file mark of DOS.
        if content.last == 0x1a { unprintable -= 1 }
    }

    /// Git's rule: a CR without LF, a zero byte, or more than one unprintable byte in 128 printable ones.
    var looksBinary: Bool { loneReturns > 0 || zeros > 0 || printable >> 7 < unprintable }
}

/// Conversion between LF and CRLF line endings.
enum LineEndingConversion {
    static func withoutCarriageReturns(_ content: [UInt8]) -> [UInt8] {
        guard content.contains(0x0d) else { return content }
        var result: [UInt8] = []
        result.reserveCapacity(content.count)
        for (place, byte) in content.enumerated() {
            if byte == 0x0d, place + 1 < content.count, content[place + 1] == 0x0a { continue }
            result.append(byte)
        }
        return result
    }

    static func withCarriageReturns(_ content: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(content.count + content.count / 32)
        var previous: UInt8 = 0
        for byte in content {
            if byte == 0x0a, previous != 0x0d { result.append(0x0d) }
            result.append(byte)
            previous = byte
        }
        return result
    }
}

/// The `$Id$` keyword of the `ident` attribute.
enum Ident {
    private static let dollar = UInt8(ascii: "$")

    /// `$Id: anything on one line$` becomes `$Id$`.
    static func collapse(_ content: [UInt8]) -> [UInt8] {
        rewrite(content) { inner in inner.first == UInt8(ascii: ":") ? Array("$Id$".utf8) : nil }
    }

    /// `$Id$` and `$Id: word $` become `$Id: BLOB $`. More than one word is a keyword of another system and stays.
    static func expand(_ content: [UInt8], id: RawID) -> [UInt8] {
        rewrite(content) { inner in
            let isOurs =
                inner.isEmpty
                || inner.first == UInt8(ascii: ":")
                    && (inner.dropFirst(2).firstIndex(of: 0x20).map { $0 == inner.endIndex - 1 } ?? true)
            return isOurs ? Array("$Id: \(id.hex) $".utf8) : nil
        }
    }

    /// - Parameter replace: is given the text between `$Id` and the next `$` on the line. Returns the new keyword, or nil
    ///   to keep it.
    private static func rewrite(_ content: [UInt8], _ replace: (ArraySlice<UInt8>) -> [UInt8]?) -> [UInt8] {
        var result: [UInt8] = []
        var rest = content[...]
        while let start = rest.firstIndex(of: dollar) {
            result.append(contentsOf: rest[..<start])
            rest = rest[start...]
            let after = rest.dropFirst(3)
            if rest.dropFirst().starts(with: "Id".utf8), let end = after.firstIndex(of: dollar),
                !after[..<end].contains(0x0a), let new = replace(after[..<end])
            {
                result.append(contentsOf: new)
                rest = rest[(end + 1)...]
            } else {
                result.append(dollar)
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }
}
