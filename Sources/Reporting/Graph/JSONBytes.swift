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

    /// A string with its quotation marks.
    static func quoted(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return bytes
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20, 0x7F, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
                bytes += Array("\\u00".utf8) + [hex(byte >> 4), hex(byte & 15)]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func hex(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x57 + digit }
}
