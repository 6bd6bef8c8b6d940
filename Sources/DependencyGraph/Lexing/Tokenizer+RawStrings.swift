extension Tokenizer {
    /// Rust: `r"…"`, `r#"…"#`, with `b` or `c` before the `r`; `r#name` yields the bare name.
    mutating func rustRaw(from start: Int) -> Bool {
        let count = at &- start
        let isRaw =
            bytes[at &- 1] == UInt8(ascii: "r")
            && (count == 1 || (count == 2 && (bytes[start] == UInt8(ascii: "b") || bytes[start] == UInt8(ascii: "c"))))
        guard isRaw else { return false }
        var hashes = 0
        while at &+ hashes < end, bytes[at &+ hashes] == UInt8(ascii: "#") { hashes &+= 1 }
        guard at &+ hashes < end else { return false }
        guard bytes[at &+ hashes] == UInt8(ascii: "\"") else {
            guard hashes == 1, count == 1, classes[Int(bytes[at &+ 1])] == LexicalTable.Class.letter else {
                return false
            }
            let name = at &+ 1
            at = name
            while at < end, isIdentifier[Int(bytes[at])] { at &+= 1 }
            emit(.identifier, from: name, line: line, head: 0, tail: 0)
            output.clearKeyword()
            return true
        }
        let first = line
        at &+= hashes &+ 1
        let head = at &- start
        while at < end {
            if bytes[at] == 0x0A {
                line &+= 1
            } else if bytes[at] == UInt8(ascii: "\""), at &+ hashes < end,
                isRun(of: UInt8(ascii: "#"), at: at &+ 1, count: hashes)
            {
                at &+= hashes &+ 1
                emit(.string, from: start, line: first, head: head, tail: hashes &+ 1)
                return true
            }
            at &+= 1
        }
        emit(.string, from: start, line: first, head: head, tail: 0)
        return true
    }

    /// Whether `count` bytes from `offset` on are all `byte`. The run must be inside the file.
    func isRun(of byte: UInt8, at offset: Int, count: Int) -> Bool {
        guard offset &+ count <= end else { return false }
        for index in 0..<count where bytes[offset &+ index] != byte { return false }
        return true
    }

    /// C++: `R"delimiter(…)delimiter"` with the prefixes `u8`, `u`, `U`, `L` before the `R`.
    mutating func cppRaw(from start: Int) -> Bool {
        guard bytes[at &- 1] == UInt8(ascii: "R"), at &- start <= 3 else { return false }
        let delimiter = at &+ 1
        var open = delimiter
        // The standard allows 16 bytes.
        while open < end, open &- delimiter <= 16, bytes[open] != UInt8(ascii: "("), bytes[open] != 0x0A { open &+= 1 }
        guard open < end, bytes[open] == UInt8(ascii: "(") else { return false }
        let count = open &- delimiter
        let first = line
        at = open &+ 1
        let head = at &- start
        while at < end {
            if bytes[at] == 0x0A {
                line &+= 1
            } else if bytes[at] == UInt8(ascii: ")"), at &+ count &+ 1 < end,
                bytes[at &+ count &+ 1] == UInt8(ascii: "\"")
            {
                var same = true
                for index in 0..<count where bytes[at &+ 1 &+ index] != bytes[delimiter &+ index] { same = false }
                if same {
                    at &+= count &+ 2
                    emit(.string, from: start, line: first, head: head, tail: count &+ 2)
                    return true
                }
            }
            at &+= 1
        }
        emit(.string, from: start, line: first, head: head, tail: 0)
        return true
    }

    /// Swift: any number of `#`, then one or three quotes.
    mutating func swiftString() -> Bool {
        let start = at
        var hashes = 0
        guard at >= noRunBefore else { return false }
        while at &+ hashes < end, bytes[at &+ hashes] == UInt8(ascii: "#") { hashes &+= 1 }
        let quote = at &+ hashes
        noRunBefore = quote
        guard quote < end else { return false }
        if bytes[quote] == UInt8(ascii: "/"), hashes > 0 { return swiftRegex(hashes) }
        guard bytes[quote] == UInt8(ascii: "\"") else { return false }
        let triple =
            isRun(of: UInt8(ascii: "\""), at: quote, count: 3)
            && (hashes == 0 || !isRun(of: UInt8(ascii: "#"), at: quote &+ 2, count: hashes))
        at = quote &+ (triple ? 3 : 1)
        swiftContent(kind: .string, start: start, head: at &- start, hashes: hashes, triple: triple)
        return true
    }

    mutating func swiftContent(kind: Token.Kind, start: Int, head: Int, hashes: Int, triple: Bool) {
        let first = line
        let quotes = triple ? 3 : 1
        while at < end {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\""), isRun(of: UInt8(ascii: "\""), at: at, count: quotes),
                isRun(of: UInt8(ascii: "#"), at: at &+ quotes, count: hashes)
            {
                at &+= quotes &+ hashes
                emit(kind, from: start, line: first, head: head, tail: quotes &+ hashes)
                return
            }
            if byte == UInt8(ascii: "\\"), isRun(of: UInt8(ascii: "#"), at: at &+ 1, count: hashes) {
                let next = at &+ 1 &+ hashes
                if next < end, bytes[next] == UInt8(ascii: "("), frames.count < Self.deepest {
                    emit(kind, from: start, line: first, head: head, tail: 0)
                    at = next &+ 1
                    push(.swift(hashes: hashes, triple: triple), opened: UInt8(ascii: "("), oneLine: !triple)
                    return
                }
                if next < end, bytes[next] == 0x0A { line &+= 1 }
                at = min(end, next &+ 1)
            } else if byte == 0x0A {
                if !triple { break }
                line &+= 1
                at &+= 1
            } else {
                at &+= 1
            }
        }
        emit(kind, from: start, line: first, head: head, tail: 0)
    }

    /// Swift: `#/…/#`, over several lines too.
    private mutating func swiftRegex(_ hashes: Int) -> Bool {
        let start = at
        let first = line
        at &+= hashes &+ 1
        let head = at &- start
        while at < end {
            if bytes[at] == UInt8(ascii: "/"), isRun(of: UInt8(ascii: "#"), at: at &+ 1, count: hashes) {
                at &+= hashes &+ 1
                emit(.regex, from: start, line: first, head: head, tail: hashes &+ 1)
                return true
            }
            if bytes[at] == 0x0A { line &+= 1 }
            at &+= bytes[at] == UInt8(ascii: "\\") && at &+ 1 < end && bytes[at &+ 1] != 0x0A ? 2 : 1
        }
        emit(.regex, from: start, line: first, head: head, tail: 0)
        return true
    }

    /// C#: three or more quotes, closed by as many, with any number of `$` before.
    mutating func csharpRawString() -> Bool {
        let start = at
        var dollars = 0
        guard at >= noRunBefore else { return false }
        while at &+ dollars < end, bytes[at &+ dollars] == UInt8(ascii: "$") { dollars &+= 1 }
        noRunBefore = at &+ dollars
        var quotes = 0
        while at &+ dollars &+ quotes < end, bytes[at &+ dollars &+ quotes] == UInt8(ascii: "\"") { quotes &+= 1 }
        guard quotes >= 3 else { return false }
        at &+= dollars &+ quotes
        csharpContent(kind: .string, start: start, head: at &- start, quotes: quotes, dollars: dollars)
        return true
    }

    mutating func csharpContent(kind: Token.Kind, start: Int, head: Int, quotes: Int, dollars: Int) {
        let first = line
        while at < end {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                var run = 0
                while at &+ run < end, bytes[at &+ run] == byte { run &+= 1 }
                at &+= run
                if run >= quotes {
                    emit(kind, from: start, line: first, head: head, tail: quotes)
                    return
                }
                continue
            }
            if byte == UInt8(ascii: "{"), dollars > 0 {
                var run = 0
                while at &+ run < end, bytes[at &+ run] == byte { run &+= 1 }
                if run >= dollars, frames.count < Self.deepest {
                    emit(kind, from: start, line: first, head: head, tail: 0)
                    at &+= run
                    push(.csharpRaw(quotes: quotes, dollars: dollars), opened: byte, oneLine: false)
                    return
                }
                at &+= run
                continue
            }
            if byte == 0x0A { line &+= 1 }
            at &+= 1
        }
        emit(kind, from: start, line: first, head: head, tail: 0)
    }
}
