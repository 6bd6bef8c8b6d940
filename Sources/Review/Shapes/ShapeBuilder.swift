/// Makes a piece of the tokens that were removed and added in one place.
///
/// The same name or literal gets the same number in both parts, so that `f(a)` → `g(a)` differs from `f(a)` → `g(b)` (the
/// parameterised matching of Baker: On finding duplication and near-duplication in large software systems, WCRE 1995; for
/// edits, Rolim and others: Learning quick fixes from code repositories, 2018).
struct ShapeBuilder {
    private var shape = Shape()
    private var slots: [Piece.Slot] = []
    private var kinds: [Token.Kind] = []
    /// The slot of each name or literal.
    private var slotOf: [Int32: Int] = [:]

    /// - Parameter origins: the places of the old line that have a text; nil where there is no old line.
    static func piece(
        removed: some Sequence<Token>, added: some Sequence<Token>, _ table: inout ShapeTable, _ lexicon: inout Lexicon,
        origins: ((Token, Lexicon) -> [Int32])? = nil
    ) -> Piece {
        var builder = ShapeBuilder()
        builder.shape.removed = removed.map { builder.part($0) }
        let old = builder.slots.count
        builder.shape.added = added.map { builder.part($0) }
        if let origins {
            for slot in old..<builder.slots.count {
                let token = Token(kind: builder.kinds[slot], text: builder.slots[slot].value, line: 0)
                builder.slots[slot].origins = origins(token, lexicon)
            }
        }
        builder.relate(old: old, &lexicon)
        return Piece(shape: table.number(of: builder.shape), slots: builder.slots)
    }

    /// A piece without tokens, such as a new file.
    static func piece(text: String, _ table: inout ShapeTable, _ lexicon: inout Lexicon) -> Piece {
        var shape = Shape()
        shape.added = [.text(lexicon.number(of: text))]
        return Piece(shape: table.number(of: shape), slots: [])
    }

    private mutating func part(_ token: Token) -> Shape.Part {
        switch token.kind {
        case .keyword, .symbol: return .text(token.text)
        case .word, .number, .string, .comment:
            if let known = slotOf[token.text] { return .slot(known, token.kind) }
            slotOf[token.text] = slots.count
            slots.append(Piece.Slot(value: token.text, rule: .ordinary))
            kinds.append(token.kind)
            return .slot(slots.count - 1, token.kind)
        }
    }

    /// Adds what relates each new name or literal to the removed one in the same position.
    private mutating func relate(old: Int, _ lexicon: inout Lexicon) {
        let count = kinds.count
        for kind in [Token.Kind.word, .number, .string] {
            let before = (0..<old).filter { kinds[$0] == kind }
            let after = (old..<count).filter { kinds[$0] == kind }
            for (from, to) in zip(before, after) {
                let text = ValueRelation.text(kind, from: lexicon[slots[from].value], to: lexicon[slots[to].value])
                add(.init(slot: from, kind: .change(to: to)), lexicon.number(of: text))
                if kind == .string {
                    let words = StringChange.text(from: lexicon[slots[from].value], to: lexicon[slots[to].value])
                    add(.init(slot: from, kind: .words(to: to)), lexicon.number(of: words))
                }
            }
        }
        relate(old, .string, to: .word, &lexicon)
        relate(old, .word, to: .string, &lexicon)
        for slot in 0..<count where kinds[slot] == .comment {
            let words = lexicon[slots[slot].value].split { !$0.isLetter && $0 != ":" }
            add(.init(slot: slot, kind: .firstWord), lexicon.number(of: words.first.map(String.init) ?? ""))
        }
    }

    /// The largest number of names and strings that are compared with each other.
    private static let mostPairs = 4

    /// Adds whether a name has become a string with the same letters, or the reverse.
    private mutating func relate(_ old: Int, _ kind: Token.Kind, to other: Token.Kind, _ lexicon: inout Lexicon) {
        let before = (0..<old).filter { kinds[$0] == kind }
        let after = (old..<kinds.count).filter { kinds[$0] == other }
        guard before.count <= Self.mostPairs, after.count <= Self.mostPairs else { return }
        for from in before {
            for to in after {
                let text = ValueRelation.letters(from: lexicon[slots[from].value], to: lexicon[slots[to].value])
                add(.init(slot: from, kind: .change(to: to)), lexicon.number(of: text))
            }
        }
    }

    private mutating func add(_ relation: Shape.Relation, _ value: Int32) {
        shape.relations.append(relation)
        slots.append(Piece.Slot(value: value, rule: .ordinary))
    }
}

/// How a literal or a name was changed, in words that are equal for equal changes.
enum ValueRelation {
    static let other = "something else"

    static func text(_ kind: Token.Kind, from old: String, to new: String) -> String {
        switch kind {
        case .number: factor(old, new)
        case .string: letters(old) == letters(new) ? "the same text" : other
        default: name(old, new)
        }
    }

    /// Whether a string and a name have the same letters.
    static func letters(from old: String, to new: String) -> String {
        func letters(_ text: String) -> [UInt8] {
            folded(text).filter { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
        }
        return letters(old) == letters(new) ? "the same name" : other
    }

    private static func factor(_ old: String, _ new: String) -> String {
        func number(_ text: String) -> Double? { Double(text.filter { $0 != "_" }) }
        guard let before = number(old), let after = number(new), before != 0, after.isFinite else { return other }
        return "the number times \(after / before)"
    }

    /// The letters of a string, without the places where values are put in.
    private static func letters(_ text: String) -> [UInt8] {
        var kept: [UInt8] = []
        var depth = 0
        var isAfterPercent = false
        for byte in text.utf8.drop(while: { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }) {
            if byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "}") { depth = max(0, depth - 1) }
            let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte >= 0x80
            if isLetter, depth == 0, !isAfterPercent { kept.append(byte) }
            isAfterPercent = byte == UInt8(ascii: "%")
        }
        return kept
    }

    private static func name(_ old: String, _ new: String) -> String {
        let (before, after) = (folded(old), folded(new))
        if before == after { return "the same name in other letters" }
        if new.hasPrefix(old) { return "the name with \(new.dropFirst(old.count)) at its end" }
        if new.hasSuffix(old) { return "the name with \(new.dropLast(old.count)) at its start" }
        if old.hasPrefix(new) { return "the name without \(old.dropFirst(new.count)) at its end" }
        if old.hasSuffix(new) { return "the name without \(old.dropLast(new.count)) at its start" }
        return other
    }

    private static func folded(_ name: String) -> [UInt8] {
        name.utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }.map { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        }
    }
}
