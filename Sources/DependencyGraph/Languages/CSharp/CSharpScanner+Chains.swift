extension CSharpScanner {
    /// `A.B<C>.D`
    struct Chain {
        var first: Int
        /// The token after the chain.
        var end: Int
        var parts: Int
        /// The last part's own token.
        var last: Int
        /// The first `<` of type arguments.
        var arguments: Int?
    }

    /// The largest number of tokens to look ahead over type arguments and other brackets. Keeps the time linear.
    private static let farthest = 128

    /// The number of type arguments in the brackets that open here, if they can be type arguments.
    func arity(at open: Int) -> (count: Int, close: Int)? {
        guard tokens.isMark(open, "<") else { return nil }
        var depth = 0
        var rounds = 0
        var count = 1
        for index in open..<min(tokens.count, open + Self.farthest) {
            let token = tokens[index]
            if token.kind == .identifier { continue }
            guard token.kind == .punctuation else { return nil }
            switch token.byte {
            case UInt8(ascii: "<"): depth += 1
            case UInt8(ascii: ">"):
                depth -= 1
                if depth == 0 { return rounds == 0 ? (count, index) : nil }
            case UInt8(ascii: "("), UInt8(ascii: "["): rounds += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"):
                rounds -= 1
                if rounds < 0 { return nil }
            case UInt8(ascii: ","):
                if depth == 1, rounds == 0 { count += 1 }
            case UInt8(ascii: "."), UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "*"):
                break
            default:
                return nil
            }
        }
        return nil
    }

    func chain(at first: Int) -> Chain {
        var chain = Chain(first: first, end: first + 1, parts: 1, last: first, arguments: nil)
        // Real chains are shorter.
        while chain.parts < Self.farthest {
            if let arguments = arity(at: chain.end) {
                chain.arguments = chain.arguments ?? chain.end
                chain.end = arguments.close + 1
            }
            guard tokens.isMark(chain.end, "."), tokens[chain.end + 1].kind == .identifier else { break }
            chain.last = chain.end + 1
            chain.end += 2
            chain.parts += 1
        }
        return chain
    }

    /// Adds one part of a chain to the text: `Name`, or `Name`2` with two type arguments.
    mutating func appendPart(_ index: Int, arity: Int) {
        chainText.append(contentsOf: tokens.text(index))
        if arity > 0 { chainText.append(contentsOf: Array("`\(arity)".utf8)) }
    }

    mutating func write(
        _ kind: ScopedFact, _ chain: Chain, flags: UInt8, scope: UInt16, into facts: inout FactWriter
    ) {
        guard chain.arguments != nil else {
            writer.chain(kind, from: chain.first, through: chain.last, flags: flags, scope: scope, into: &facts)
            return
        }
        chainText.removeAll(keepingCapacity: true)
        var index = chain.first
        while index < chain.end {
            if index > chain.first { chainText.append(UInt8(ascii: ".")) }
            let arguments = arity(at: index + 1)
            appendPart(index, arity: arguments?.count ?? 0)
            index = (arguments?.close ?? index) + 2
        }
        let line = tokens[chain.first].line
        chainText.withUnsafeBufferPointer {
            writer.write(kind, $0, line: line, flags: flags, scope: scope, into: &facts)
        }
    }
}
