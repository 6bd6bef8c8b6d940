extension ScalaScanner {
    /// `import a.b.C, d.{E, F => G, H as I, _}`
    mutating func importStatement(into facts: inout FactWriter) {
        let keyword = place
        place += 1
        guard isName(place) || isWord(place, .this) else { return }
        if frame.kind == .block {
            // Imports in a block apply to the block only.
            let none = Source.Bytes(start: nil, count: 0)
            let scope = writer.open(.block, none, line: tokens[keyword].line, in: frame.scope, into: &facts)
            frames[frames.count - 1].scope = scope
        }
        while isName(place) {
            importPath(into: &facts)
            guard tokens.isMark(place, ",") else { return }
            place += 1
        }
    }

    private mutating func importPath(into facts: inout FactWriter) {
        var first = place
        var flags: UInt8 = 0
        if tokens.isWord(first, "_root_"), tokens.isMark(first + 1, ".") {
            flags = ScopedFact.Using.absolute
            first += 2
        }
        var last = first
        while tokens.isMark(last + 1, "."), isName(last + 2) || tokens[last + 2].kind == .string { last += 2 }
        guard isName(last), last >= first else {
            place = last + 1
            return
        }
        // The tokenizer reads `_` as a name.
        if last > first, tokens.isWord(last, "_") { last -= 2 }
        place = last + 1
        let path = Array(tokens.text(from: first, through: last).filter { $0 > 0x20 })
        let line = tokens[first].line
        guard tokens.isMark(place, ".") else {
            add(path, line: line, flags: flags, into: &facts)
            if isWord(place, .as), isName(place + 1) {
                alias(place + 1, into: &facts)
                place += 2
            }
            return
        }
        place += 1
        if tokens.isMark(place, "{") {
            selectors(path, flags, into: &facts)
        } else {
            // `._`, `.*`, `.given`
            add(path, line: line, flags: flags | ScopedFact.Using.wildcard, into: &facts)
            place += 1
        }
    }

    private mutating func selectors(_ path: [UInt8], _ flags: UInt8, into facts: inout FactWriter) {
        place += 1
        while place < tokens.count, !tokens.isMark(place, "}") {
            let line = tokens[place].line
            if tokens.isMark(place, "*") || tokens.isWord(place, "_") || isWord(place, .given) {
                add(path, line: line, flags: flags | ScopedFact.Using.wildcard, into: &facts)
            } else if tokens[place].kind == .identifier {
                add(path + [UInt8(ascii: ".")] + tokens.text(place), line: line, flags: flags, into: &facts)
                if isArrow(place + 1) {
                    alias(place + 3, into: &facts)
                } else if isWord(place + 1, .as) {
                    alias(place + 2, into: &facts)
                }
            }
            while place < tokens.count, !tokens.isMark(place, ","), !tokens.isMark(place, "}") { place += 1 }
            if tokens.isMark(place, ",") { place += 1 }
        }
        place += 1
    }

    private func add(_ path: [UInt8], line: UInt32, flags: UInt8, into facts: inout FactWriter) {
        path.withUnsafeBufferPointer {
            facts.add(kind: ScopedFact.using.rawValue, text: $0, line: line, flags: flags, scope: frame.scope)
        }
    }

    private func alias(_ name: Int, into facts: inout FactWriter) {
        facts.add(
            kind: ScopedFact.alias.rawValue, text: tokens.text(name), line: tokens[name].line, scope: frame.scope)
    }
}
