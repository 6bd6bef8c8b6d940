/// A piece of an edit, with names and literals replaced by numbered placeholders.
struct Piece: Sendable {
    /// What may differ between two pieces of the same shape.
    struct Slot: Sendable, Equatable {
        enum Rule: Sendable {
            /// A value is rare if nearly all others are frequent ones.
            case ordinary
            /// A value is rare only if one other value has nearly all places. Lists of imports have a long tail.
            case dominated
        }

        var value: Int32
        var rule: Rule
        /// Places of the old line that have the same text; nil for what is not new in its piece.
        var origins: [Int32]?

        init(value: Int32, rule: Rule) {
            self.value = value
            self.rule = rule
        }
    }

    /// The number of its shape.
    var shape: Int
    var slots: [Slot]
    /// The line of a block in which each line was replaced by one; nil for another piece.
    var line: Int32?
}

/// What pieces have in common.
struct Shape: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        case text(Int32)
        /// Place in the slots of a piece.
        case slot(Int, Token.Kind)
    }

    var removed: [Part] = []
    var added: [Part] = []
    /// What each slot after those of the parts says about them.
    var relations: [Relation] = []

    /// How two slots belong together: a second kind of slot, whose value is computed.
    struct Relation: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            /// Of the added to the removed one.
            case change(to: Int)
            /// The words of a string that were changed.
            case words(to: Int)
            /// The first word of a comment, by which `# type:` and `# noqa` differ from prose.
            case firstWord
        }

        var slot: Int
        var kind: Kind
    }
}

/// All shapes of a language, by number.
struct ShapeTable: Sendable {
    private var numbers: [Shape: Int] = [:]
    private(set) var shapes: [Shape] = []

    mutating func number(of shape: Shape) -> Int {
        if let known = numbers[shape] { return known }
        numbers[shape] = shapes.count
        shapes.append(shape)
        return shapes.count - 1
    }
}
