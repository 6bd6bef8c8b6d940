/// The part of a file to read for its imports: up to the end of the statement with the last `import`.
struct PythonExtent {
    private(set) var end: Int
    private let bytes: Source.Bytes

    init(_ bytes: Source.Bytes) {
        self.bytes = bytes
        end = 0
        if let last = bytes.lastOffset(of: "import") { end = statementEnd(last + 6) }
        if hasPrintStatement(from: end) || bytes.offset(of: "pytest_plugins", from: end) != nil { end = bytes.count }
    }

    /// The end of the line, or of the bracket that opens after the word, including joined lines.
    private func statementEnd(_ start: Int) -> Int {
        var offset = start
        // `import_module(`
        while offset < bytes.count, bytes[offset] == UInt8(ascii: "_") || bytes[offset] | 0x20 &- 0x61 < 26 {
            offset += 1
        }
        while offset < bytes.count, bytes[offset] == UInt8(ascii: " ") || bytes[offset] == UInt8(ascii: "\t") {
            offset += 1
        }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "(") {
            while offset < bytes.count, bytes[offset] != UInt8(ascii: ")") {
                if bytes[offset] == UInt8(ascii: "#") { offset = lineEnd(offset) } else { offset += 1 }
            }
        }
        offset = lineEnd(offset)
        while offset < bytes.count, isJoined(offset) { offset = lineEnd(offset + 1) }
        return min(bytes.count, offset + 1)
    }

    /// The place of the next newline, or the end.
    private func lineEnd(_ start: Int) -> Int {
        var offset = start
        while offset < bytes.count, bytes[offset] != 0x0A { offset += 1 }
        return offset
    }

    private func isJoined(_ newline: Int) -> Bool {
        var before = newline - 1
        if before >= 0, bytes[before] == 0x0D { before -= 1 }
        return before >= 0 && bytes[before] == UInt8(ascii: "\\")
    }

    /// Whether a later line starts like a statement of Python 2. Only the tokens tell for certain.
    private func hasPrintStatement(from start: Int) -> Bool {
        var offset = start
        while let place = bytes.offset(of: "print ", from: offset) {
            offset = place + 6
            var before = place - 1
            while before >= 0, bytes[before] == UInt8(ascii: " ") || bytes[before] == UInt8(ascii: "\t") { before -= 1 }
            if before < 0 || bytes[before] == 0x0A { return true }
        }
        return false
    }
}
