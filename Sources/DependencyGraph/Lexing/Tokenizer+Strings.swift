extension Tokenizer {
    /// Reads a literal that starts at `start`, with its opening quote at `at`.
    mutating func literal(_ shape: LexicalTable.Shape, _ index: Int, start: Int) {
        at &+= shape.open.count
        content(shape, index, kind: shape.kind, start: start, head: at &- start)
    }

    /// Continues a literal after the bracket that closed its interpolation.
    mutating func resume(_ frame: Frame) {
        switch frame.literal {
        case .shape(let index): content(table.shapes[index], index, kind: .stringRest, start: at, head: 0)
        case .swift(let hashes, let triple):
            swiftContent(kind: .stringRest, start: at, head: 0, hashes: hashes, triple: triple)
        case .csharpRaw(let quotes, let dollars):
            var more = dollars &- 1
            while more > 0, at < end, bytes[at] == UInt8(ascii: "}") {
                at &+= 1
                more &-= 1
            }
            csharpContent(kind: .stringRest, start: at, head: 0, quotes: quotes, dollars: dollars)
        case .jsx(let depth, let inTag): jsxContent(from: at, depth: depth, inTag: inTag)
        case .ruby(let close, let open, let depth):
            percentContent(kind: .stringRest, start: at, head: 0, open: open, close: close, depth: depth, code: true)
        }
    }

    private mutating func content(
        _ shape: LexicalTable.Shape, _ index: Int, kind: Token.Kind, start: Int, head: Int
    ) {
        let first = line
        let close = shape.close
        let interpolation = shape.interpolation
        while at < end {
            let byte = bytes[at]
            if byte == close.first, close.matches(bytes, at: at, end: end) {
                if shape.escape == .doubled, at &+ close.count < end, bytes[at &+ close.count] == close.first {
                    at &+= close.count &+ 1
                    continue
                }
                at &+= close.count
                // `""""a""""`: quotes before the closing ones belong to the text.
                while close.count == 3, at < end, bytes[at] == close.first { at &+= 1 }
                emit(kind, from: start, line: first, head: head, tail: close.count)
                return
            }
            if interpolation.count > 0, byte == interpolation.first, interpolation.matches(bytes, at: at, end: end),
                !isDoubledBrace(interpolation), frames.count < Self.deepest
            {
                emit(kind, from: start, line: first, head: head, tail: 0)
                at &+= interpolation.count
                push(.shape(index), opened: bytes[at &- 1], oneLine: !shape.spansLines)
                return
            }
            if byte == UInt8(ascii: "\\"), shape.escape == .backslash {
                at &+= 1
                if at < end, bytes[at] == 0x0D, at &+ 1 < end, bytes[at &+ 1] == 0x0A { at &+= 1 }
                if at < end, bytes[at] == 0x0A { line &+= 1 }
                at = min(end, at &+ 1)
            } else if byte == 0x0A {
                if !shape.spansLines { break }
                line &+= 1
                at &+= 1
            } else if byte == interpolation.first, interpolation.count == 1, at &+ 1 < end, bytes[at &+ 1] == byte {
                at &+= 2
            } else {
                at &+= 1
            }
        }
        emit(kind, from: start, line: first, head: head, tail: 0)
    }

    /// `{{` stands for a brace where a single brace opens code.
    private func isDoubledBrace(_ mark: LexicalTable.Mark) -> Bool {
        mark.count == 1 && at &+ 1 < end && bytes[at &+ 1] == mark.first
    }

    mutating func push(_ literal: Frame.Literal, opened: UInt8, oneLine: Bool) {
        let close = opened == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "}")
        frames.append(Frame(literal: literal, close: close, depth: 0, oneLine: oneLine))
    }

    /// Reads a literal whose prefix is the identifier from `start` to `at`, if the language has one.
    mutating func prefixedLiteral(from start: Int) -> Bool {
        let byte = bytes[at]
        guard classes[Int(byte)] == LexicalTable.Class.special else {
            return byte == UInt8(ascii: "#") && table.forms.contains(.rustRaw) && rustRaw(from: start)
        }
        if table.forms.contains(.rustRaw), rustRaw(from: start) { return true }
        if table.forms.contains(.cppRaw), byte == UInt8(ascii: "\""), cppRaw(from: start) { return true }
        let range = table.shapesOf[Int(byte)]
        for index in Int(range.start)..<Int(range.end) {
            let shape = table.shapes[index]
            guard shape.open.matches(bytes, at: at, end: end) else { continue }
            guard shape.anyPrefix || hasPrefix(shape, from: start) else { continue }
            literal(shape, index, start: start)
            return true
        }
        return false
    }

    private func hasPrefix(_ shape: LexicalTable.Shape, from start: Int) -> Bool {
        for index in shape.prefixes {
            let mark = table.prefixes[index]
            if mark.count == at &- start, mark.matches(bytes, at: start, end: end) { return true }
        }
        return false
    }
}
