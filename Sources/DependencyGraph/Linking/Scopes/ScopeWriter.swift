/// Writes the facts of a language with scopes. Numbers the scopes, and drops names of local declarations.
struct ScopeWriter {
    let tokens: Tokens
    private var scopeCount = 0
    /// Hashes of the names of type parameters, local types and some variables, innermost last.
    private(set) var hidden: [UInt32] = []
    /// The largest number of local names at one place. Keeps the search fast for every input.
    private static let mostHidden = 512

    init(_ tokens: Tokens) { self.tokens = tokens }

    /// Opens a scope.
    /// - Returns: its number. When the numbers are used up, the number of the enclosing scope.
    mutating func open(
        _ kind: ScopedFact, _ name: Source.Bytes, line: UInt32, in parent: UInt16, flags: UInt8 = 0,
        into facts: inout FactWriter
    ) -> UInt16 {
        guard scopeCount < Int(UInt16.max) else { return parent }
        scopeCount += 1
        facts.add(kind: kind.rawValue, text: name, line: line, flags: flags, scope: parent)
        return UInt16(scopeCount)
    }

    var hiddenCount: Int { hidden.count }

    mutating func hide(_ name: Source.Bytes) {
        if hidden.count < Self.mostHidden { hidden.append(UInt32(truncatingIfNeeded: hashBytes(name))) }
    }

    mutating func reveal(to count: Int) {
        if hidden.count > count { hidden.removeLast(hidden.count - count) }
    }

    func isHidden(_ name: Source.Bytes) -> Bool {
        guard !hidden.isEmpty else { return false }
        let hash = UInt32(truncatingIfNeeded: hashBytes(name))
        return hidden.contains(hash)
    }

    /// Writes a chain of the names at `first`, `first + 2`, … `last`, which have dots between them.
    func chain(
        _ kind: ScopedFact, from first: Int, through last: Int, flags: UInt8 = 0, scope: UInt16,
        into facts: inout FactWriter
    ) {
        let line = tokens[first].line
        let text = tokens.text(from: first, through: last)
        var length = 0
        for place in first...last { length += tokens.text(place).count }
        if length == text.count {
            write(kind, text, line: line, flags: flags, scope: scope, into: &facts)
            return
        }
        // There are blanks or comments between the parts.
        var joined: [UInt8] = []
        joined.reserveCapacity(length)
        for place in first...last { joined.append(contentsOf: tokens.text(place)) }
        joined.withUnsafeBufferPointer { write(kind, $0, line: line, flags: flags, scope: scope, into: &facts) }
    }

    /// Writes a chain of names given as text.
    func write(
        _ kind: ScopedFact, _ text: Source.Bytes, line: UInt32, flags: UInt8, scope: UInt16,
        into facts: inout FactWriter
    ) {
        if kind == .reference {
            facts.count(kind: kind.rawValue, text: text, line: line, flags: flags, scope: scope)
        } else {
            facts.add(kind: kind.rawValue, text: text, line: line, flags: flags, scope: scope)
        }
    }

    /// Hides the type parameters that the `<` at `open` lists.
    /// - Parameters:
    ///   - brackets: the bytes that open and close the list.
    ///   - skipping: words that may stand before a parameter, by number.
    mutating func hideTypeParameters(
        at open: Int, brackets: (open: Unicode.Scalar, close: Unicode.Scalar) = ("<", ">"), skipping: (UInt8) -> Bool
    ) {
        var depth = 0
        var isStart = false
        // Real lists of type parameters are shorter.
        for place in open..<min(tokens.count, open + 256) {
            if tokens.isMark(place, brackets.open) {
                depth += 1
                isStart = depth == 1
            } else if tokens.isMark(place, brackets.close) {
                // The arrow of a function type is not a closing bracket.
                if brackets.close == ">", tokens.isMark(place - 1, "-") || tokens.isMark(place - 1, "=") { continue }
                depth -= 1
                if depth <= 0 { return }
            } else if tokens.isMark(place, ",") {
                if depth == 1 { isStart = true }
            } else if isStart, tokens[place].kind == .identifier {
                if skipping(tokens[place].byte) || tokens.isMark(place - 1, "@") { continue }
                hide(tokens.text(place))
                isStart = false
            } else if tokens.isMark(place, "{") || tokens.isMark(place, ";") {
                return
            }
        }
    }
}

extension Tokens {
    /// Whether a name starts with a capital, as types do in all these languages.
    func isCapitalised(_ index: Int) -> Bool {
        let first = bytes[Int(self[index].start)]
        return !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
    }
}
