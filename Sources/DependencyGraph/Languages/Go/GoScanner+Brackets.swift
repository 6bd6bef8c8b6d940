extension GoScanner {
    mutating func openBrace(_ index: Int) {
        switch word(previous) {
        case .struct:
            scope.push(.structBody, opener: previous)
            return
        case .interface:
            scope.push(.interfaceBody, opener: previous)
            return
        default: break
        }
        let frame = scope.top
        if frame.signature == .results {
            scope.flushParameters()
            scope.top.signature = .none
            scope.top.isFresh = false
            block(index, header: frame.signatureStart)
        } else if frame.openHeader >= 0, !isLiteralInHeader() {
            scope.flush()
            scope.top.openHeader = -1
            block(index, header: frame.openHeader)
        } else if frame.kind == .literal, isElided() {
            literal(index, levels: frame.levels < 0 ? -1 : frame.levels - 1, type: frame.type)
        } else if endsType(previous) {
            let found = literalType(before: index)
            literal(index, levels: found.levels, type: found.type)
        } else {
            block(index, header: -1)
        }
    }

    private mutating func block(_ index: Int, header: Int) {
        scope.push(.block, opener: index)
        scope.top.header = header
    }

    private mutating func literal(_ index: Int, levels: Int, type: Range<Int>) {
        scope.top.isFresh = false
        scope.push(.literal, opener: index)
        scope.top.levels = levels
        scope.top.type = type
    }

    private func isElided() -> Bool {
        tokens.isMark(previous, "{") || tokens.isMark(previous, ",") || tokens.isMark(previous, ":")
    }

    private func endsType(_ index: Int) -> Bool {
        isName(index) || tokens.isMark(index, "]") || closedBody.brace == index
            || closedParameters == index && scope.top.kind != .block
    }

    /// In the header of a statement, a literal without brackets must have a type that is not a plain name.
    private func isLiteralInHeader() -> Bool {
        if closedBody.brace == previous { return !tokens.isMark(closedBody.word - 1, "(") }
        guard isName(previous) else { return false }
        var index = previous - 1
        if tokens.isMark(index, "."), isName(index - 1) { index -= 2 }
        while tokens.isMark(index, "*") { index -= 1 }
        return tokens.isMark(index, "]")
    }

    /// The type before the brace of a literal: the number of containers around its name, and the name.
    private func literalType(before brace: Int) -> (levels: Int, type: Range<Int>) {
        var index = previous
        var type = 0..<0
        if closedBody.brace == index {
            index = closedBody.word - 1
        } else if closedParameters == index {
            return (levels: 1, type: type)
        } else if tokens.isMark(index, "]") {
            // Type arguments.
            guard let open = openBracket(of: index), isName(open - 1) else { return (-1, type) }
            index = open - 1
            type = index..<index + 1
            index -= 1
        } else {
            type = index..<index + 1
            index -= 1
        }
        if !type.isEmpty, tokens.isMark(index, "."), isName(index - 1) {
            type = index - 1..<type.upperBound
            index -= 2
        }
        var levels = 0
        while levels < 16 {
            while tokens.isMark(index, "*") { index -= 1 }
            guard tokens.isMark(index, "]"), let open = openBracket(of: index) else { break }
            // `a[i] == T{}` has an operator in between. A name before the bracket is the indexed value of `x[i]T` and
            // not a type.
            levels += 1
            index = word(open - 1) == .map ? open - 2 : open - 1
        }
        return (levels, type)
    }

    private func openBracket(of close: Int) -> Int? {
        var depth = 0
        var index = close
        while index >= 0, index > close - 64 {
            if tokens.isMark(index, "]") { depth += 1 }
            if tokens.isMark(index, "[") { depth -= 1 }
            if depth == 0 { return index }
            index -= 1
        }
        return nil
    }

    /// `Key:` of a literal: dropped for a type without a name, and resolved by the linker for a named one.
    /// - Returns: whether the key is handled. If not, it is an ordinary reference.
    mutating func key(_ index: Int) -> Bool {
        let frame = scope.top
        if frame.levels > 0 { return false }
        guard frame.levels == 0, !frame.type.isEmpty else { return true }
        let name = facts.place(of: tokens.text(index))
        guard !scope.isLocal(name) else { return true }
        let type = facts.place(of: tokens.text(from: frame.type.lowerBound, through: frame.type.upperBound - 1))
        if lastKeyed.count <= Int(name) {
            lastKeyed.append(contentsOf: repeatElement(.max, count: Int(name) + 64 - lastKeyed.count))
        }
        guard lastKeyed[Int(name)] != type else { return true }
        lastKeyed[Int(name)] = type
        facts.add(
            kind: Go.Kind.keyed.rawValue, text: tokens.text(index), line: tokens[index].line, value: type)
        return true
    }

    mutating func openParen(_ index: Int) {
        let signature = scope.top.signature
        let isMethod = scope.top.kind == .interfaceBody && isName(index - 1) && !tokens.isMark(index - 2, ".")
        scope.top.isFresh = false
        guard
            word(index - 1) == .func || signature == .open || signature == .receiver || closedParameters == previous
                || isMethod
        else {
            scope.push(.paren, opener: index)
            return
        }
        if signature == .open { scope.top.signature = .results }
        scope.push(.parameters, opener: index)
        scope.top.isNamed = signature == .receiver ? isName(index + 2) || tokens.isMark(index + 2, "*") : isNamed(index)
    }

    /// Whether a parameter list has names: some entry is a name followed by a type.
    private func isNamed(_ open: Int) -> Bool {
        // A nested list is read many times, so the look-ahead is bounded.
        var depth = 0
        var isFresh = true
        for index in tokens.places(from: open, atMost: 512) {
            let token = tokens[index]
            switch token.kind {
            case .punctuation:
                switch token.byte {
                case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
                default: break
                }
                if depth == 0 { return false }
                isFresh = depth == 1 && (index == open || token.byte == UInt8(ascii: ","))
            case .newline: break
            case .identifier where isFresh && token.byte == 0:
                if startsType(index + 1) { return true }
                isFresh = false
            default: isFresh = false
            }
        }
        return false
    }

    /// Whether a type starts here, after a possible parameter name.
    private func startsType(_ index: Int) -> Bool {
        let token = tokens[index]
        switch token.kind {
        case .identifier: return true
        case .punctuation:
            switch token.byte {
            case UInt8(ascii: "*"), UInt8(ascii: "("), UInt8(ascii: "<"): return true
            case UInt8(ascii: "."): return tokens.isMark(index + 1, ".")
            case UInt8(ascii: "["): return !isInstance(index)
            default: return false
            }
        default: return false
        }
    }

    mutating func openBracket(_ index: Int) {
        let frame = scope.top
        scope.top.isFresh = false
        let isFunction = frame.signature == .open && scope.frames.count == 1 && isName(index - 1)
        let isReceiver = frame.kind == .parameters && scope.frames.count == 2 && scope.frames[0].signature == .receiver
        scope.push(isFunction || isReceiver ? .typeParameters : .index, opener: index)
        if scope.top.kind == .index { scope.top.isFresh = false }
    }
}
