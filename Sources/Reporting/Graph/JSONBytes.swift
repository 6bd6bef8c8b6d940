/// JSON written byte by byte. For a large graph, Foundation's encoder takes longer than building the graph.
///
/// `<`, `>` and `&` are escaped as well, so that the text is safe inside HTML.
struct JSONBytes {
    private(set) var bytes: [UInt8] = []

    /// Appends bytes as they are.
    mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func raw(_ more: some Collection<UInt8>) { bytes.append(contentsOf: more) }

    mutating func number(_ number: Int) {
        guard number > 9 || number < 0 else { return bytes.append(UInt8(ascii: "0") + UInt8(number)) }
        bytes.append(contentsOf: String(number).utf8)
    }

    /// Makes room for this many bytes.
    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    mutating func string(_ text: String) { Self.append(text, to: &bytes) }

    /// A comma before every element but the first, then what `element` writes.
    mutating func list<Elements: Sequence>(
        _ elements: Elements, separator: StaticString = ",", _ element: (inout JSONBytes, Elements.Element) -> Void
    ) {
        raw("[")
        var isFirst = true
        for item in elements {
            if !isFirst { raw(separator) }
            isFirst = false
            element(&self, item)
        }
        raw("]")
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { text in
            if text.allSatisfy({ !isEscaped($0) }) {
                bytes.append(contentsOf: text)
            } else {
                for byte in text { append(byte, to: &bytes) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            || byte == UInt8(ascii: "<")
            || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&")
    }

    private static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case _ where isEscaped(byte): bytes += Array("\\u00".utf8) + [hex(byte >> 4), hex(byte & 15)]
        default: bytes.append(byte)
        }
    }

    private static func hex(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x57 + digit }
}
