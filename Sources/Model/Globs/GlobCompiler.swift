/// Compiles a pattern to an automaton.
///
/// It reads the pattern once, from left to right, and builds the first, last and follow positions directly (Glushkov's
/// construction), without a syntax tree.
struct GlobCompiler {
    static let maximumDepth = 16
    /// Bounds the follow table to 2048² bits.
    static let maximumPositions = 2048

    /// A piece of the pattern as sets of positions.
    private struct Piece {
        var first: [Int] = []
        var last: [Int] = []
        var nullable = true
    }

    private let pattern: String
    private let scalars: [Unicode.Scalar]
    private var at = 0
    private var reads: [ByteSet] = []
    private var follow: [[Int]] = []
    /// The literal bytes at the start of the pattern, until `prefixEnded`.
    private var prefix: [UInt8] = []
    private var prefixEnded = false
    /// The literal bytes at the end of the part that has been read.
    private var suffix: [UInt8] = []

    init(_ pattern: String) {
        self.pattern = pattern
        scalars = Array(pattern.unicodeScalars)
    }

    mutating func compile() throws(GlobError) -> GlobAutomaton {
        try refuseWhatCannotMatch()
        var whole = try sequence(depth: 0)
        if scalars.last == "/", !endsEscaped { append(anything(), to: &whole) }
        return GlobAutomaton(
            reads: reads, follow: follow, first: whole.first, last: whole.last, nullable: whole.nullable,
            prefix: prefix, suffix: suffix)
    }

    // MARK: Reading

    /// Reads up to the end of the pattern, or, inside braces, up to the `,` or `}` that ends the choice.
    private mutating func sequence(depth: Int) throws(GlobError) -> Piece {
        var whole = Piece()
        while at < scalars.count {
            let scalar = scalars[at]
            switch scalar {
            case ",", "}":
                if depth > 0 { return whole }
                append(literal(scalar), to: &whole)
                at += 1
            case "*": append(try star(), to: &whole)
            case "?":
                at += 1
                append(try one(of: Self.asciiButSlash, orAbove: true), to: &whole)
            case "[": append(try set(), to: &whole)
            case "{": append(try choice(depth: depth + 1), to: &whole)
            case "\\":
                guard at + 1 < scalars.count else { throw error(.trailingBackslash, at: at) }
                append(literal(scalars[at + 1]), to: &whole)
                at += 2
            default:
                append(literal(scalar), to: &whole)
                at += 1
            }
            if reads.count > Self.maximumPositions { throw error(.tooLong, at: at) }
        }
        return whole
    }

    private mutating func star() throws(GlobError) -> Piece {
        let start = at
        while at < scalars.count, scalars[at] == "*" { at += 1 }
        if at - start == 1 {
            return loop(over: Self.allButSlash)
        }
        let before = start == 0 ? "/" : scalars[start - 1]
        let after = at == scalars.count ? "/" : scalars[at]
        guard at - start == 2, "/{,".unicodeScalars.contains(before), "/,}".unicodeScalars.contains(after) else {
            throw error(.looseDoubleStar, at: start)
        }
        guard at < scalars.count, scalars[at] == "/" else { return anything() }
        // `**/` is any number of whole parts, none included, so that `**/x` also matches `x`.
        at += 1
        var parts = anything()
        append(literal("/"), to: &parts)
        endLiteral()
        parts.nullable = true
        return parts
    }

    private mutating func set() throws(GlobError) -> Piece {
        let open = at
        at += 1
        var isNegated = false
        if at < scalars.count, scalars[at] == "!" || scalars[at] == "^" {
            isNegated = true
            at += 1
        }
        var members = ByteSet()
        var isEmpty = true
        while true {
            guard at < scalars.count else { throw error(.unclosedSet, at: open) }
            if scalars[at] == "]" { break }
            let lowPlace = at
            let low = try member(open: open)
            var high = low
            if at + 1 < scalars.count, scalars[at] == "-", scalars[at + 1] != "]" {
                at += 1
                high = try member(open: open)
            }
            guard low <= high else { throw error(.reversedRange, at: lowPlace) }
            for byte in low...high { members.insert(byte) }
            isEmpty = false
        }
        if isEmpty { throw error(.emptySet, at: open) }
        at += 1
        guard isNegated else {
            members.remove(UInt8(ascii: "/"))
            return try one(of: members, orAbove: false)
        }
        var others = ByteSet()
        for byte in UInt8(0)...127 where !members.contains(byte) && byte != UInt8(ascii: "/") { others.insert(byte) }
        return try one(of: others, orAbove: true)
    }

    private mutating func member(open: Int) throws(GlobError) -> UInt8 {
        if scalars[at] == "\\" { at += 1 }
        guard at < scalars.count else { throw error(.unclosedSet, at: open) }
        let scalar = scalars[at]
        guard scalar.isASCII else { throw error(.characterInSet, at: at) }
        guard scalar != "/" else { throw error(.slashInSet, at: at) }
        at += 1
        return UInt8(scalar.value)
    }

    private mutating func choice(depth: Int) throws(GlobError) -> Piece {
        let open = at
        guard depth <= Self.maximumDepth else { throw error(.nestedTooDeep, at: open) }
        prefixEnded = true
        var either = Piece(nullable: false)
        repeat {
            at += 1
            let branch = try sequence(depth: depth)
            either.first += branch.first
            either.last += branch.last
            either.nullable = either.nullable || branch.nullable
            guard at < scalars.count else { throw error(.unclosedBrace, at: open) }
        } while scalars[at] == ","
        at += 1
        if either.first.isEmpty { throw error(.emptyBrace, at: open) }
        endLiteral()
        return either
    }

    // MARK: Building

    private mutating func position(reading bytes: ByteSet) -> Int {
        reads.append(bytes)
        follow.append([])
        return reads.count - 1
    }

    private mutating func append(_ piece: Piece, to whole: inout Piece) {
        for position in whole.last { follow[position] += piece.first }
        if whole.nullable { whole.first += piece.first }
        whole.last = piece.nullable ? whole.last + piece.last : piece.last
        whole.nullable = whole.nullable && piece.nullable
    }

    private mutating func literal(_ scalar: Unicode.Scalar) -> Piece {
        var piece = Piece()
        for byte in UTF8.encode(scalar) ?? UTF8.EncodedScalar() {
            let place = position(reading: ByteSet(byte...byte))
            append(Piece(first: [place], last: [place], nullable: false), to: &piece)
            if !prefixEnded { prefix.append(byte) }
            suffix.append(byte)
        }
        return piece
    }

    private mutating func loop(over bytes: ByteSet) -> Piece {
        endLiteral()
        let place = position(reading: bytes)
        follow[place].append(place)
        return Piece(first: [place], last: [place], nullable: true)
    }

    private mutating func anything() -> Piece { loop(over: ByteSet(0...255)) }

    /// Returns a piece for one character: an ASCII character of a set or, if `orAbove`, any multibyte character.
    private mutating func one(of ascii: ByteSet, orAbove: Bool) throws(GlobError) -> Piece {
        endLiteral()
        let single = position(reading: ascii)
        guard orAbove else { return Piece(first: [single], last: [single], nullable: false) }
        let continuation = ByteSet(0x80...0xBF)
        let tail = (0..<3).map { _ in position(reading: continuation) }
        follow[tail[0]].append(tail[1])
        follow[tail[1]].append(tail[2])
        let leads = [ByteSet(0xF0...0xF4), ByteSet(0xE0...0xEF), ByteSet(0xC2...0xDF)].enumerated().map {
            let lead = position(reading: $0.element)
            follow[lead].append(tail[$0.offset])
            return lead
        }
        return Piece(first: [single] + leads, last: [single, tail[2]], nullable: false)
    }

    private mutating func endLiteral() {
        prefixEnded = true
        suffix = []
    }

    // MARK: Refusing

    private func refuseWhatCannotMatch() throws(GlobError) {
        guard let first = scalars.first else { throw error(.empty, at: 0) }
        if first == "/" { throw error(.leadingSlash, at: 0) }
        if first == "!" { throw error(.negation, at: 0) }
        var start = 0
        for part in scalars.split(separator: "/", omittingEmptySubsequences: false) {
            let isLast = start + part.count == scalars.count
            if part.isEmpty, !isLast { throw error(.emptyPart, at: start) }
            if part.elementsEqual(".".unicodeScalars) || part.elementsEqual("..".unicodeScalars) {
                throw error(.dotPart, at: start)
            }
            start += part.count + 1
        }
    }

    private var endsEscaped: Bool { scalars.count > 1 && scalars[scalars.count - 2] == "\\" }

    private func error(_ problem: GlobError.Problem, at position: Int) -> GlobError {
        GlobError(pattern: pattern, position: position, problem: problem)
    }

    private static let allButSlash: ByteSet = {
        var set = ByteSet(0...255)
        set.remove(UInt8(ascii: "/"))
        return set
    }()

    private static let asciiButSlash: ByteSet = {
        var set = ByteSet(0...127)
        set.remove(UInt8(ascii: "/"))
        return set
    }()
}
