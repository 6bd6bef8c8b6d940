/// Decides which placeholders of a shape keep their values.
///
/// A value that nearly all pieces of a shape share is a part of the edit, and another value in its place is an odd one:
/// that is how an edit that uses another name or another constant is found. A placeholder with many values stays one.
/// The belief that the rare deviation is the mistake comes from Engler and others: Bugs as deviant behavior, SOSP 2001.
struct Refinement {
    /// A piece with its values, some of which are fixed. Equal atoms are the same edit.
    struct Atom: Hashable, Sendable {
        var shape: Int
        /// nil for a placeholder that stays one.
        var values: [Int32?]
    }

    /// A piece of a commit.
    struct Occurrence {
        var commit: Int
        var piece: Int
        var slots: [Piece.Slot]
    }

    /// The smallest number of commits that makes something frequent among so many.
    static func frequent(of total: Int) -> Int { max(3, min(10, (total + 49) / 50)) }

    /// The largest share of rare values among which a placeholder has a fixed set of values.
    private static let rareShare = 0.1
    /// The smallest share of a frequent value that is kept although the placeholder stays one for others.
    private static let ownShare = 0.2
    private static let fewest = 8

    private(set) var atoms: [Int: Atom] = [:]

    /// - Parameter occurrences: all pieces of one shape.
    init(shape: Int, _ occurrences: [Occurrence]) {
        let count = occurrences.first?.slots.count ?? 0
        divide(occurrences, Atom(shape: shape, values: Array(repeating: nil, count: count)), slot: 0)
    }

    private mutating func divide(_ occurrences: [Occurrence], _ atom: Atom, slot: Int) {
        guard slot < atom.values.count else {
            for occurrence in occurrences { atoms[occurrence.piece] = atom }
            return
        }
        let byValue = Dictionary(grouping: occurrences) { $0.slots[slot].value }
        let counts = byValue.mapValues { Set($0.map(\.commit)).count }
        let total = Set(occurrences.map(\.commit)).count
        let least = Self.frequent(of: total)
        let isFixed = Self.isFixed(counts, total, rule: occurrences.first?.slots[slot].rule ?? .ordinary)
        var others: [Occurrence] = []
        for value in byValue.keys.sorted() {
            let count = counts[value, default: 0]
            let isKept = isFixed || (count >= least && Double(count) >= Self.ownShare * Double(total))
            if isKept {
                var fixed = atom
                fixed.values[slot] = value
                divide(byValue[value, default: []], fixed, slot: slot + 1)
            } else {
                others += byValue[value, default: []]
            }
        }
        if !others.isEmpty { divide(others, atom, slot: slot + 1) }
    }

    /// Whether a placeholder has a fixed set of values, so that any other one is odd.
    private static func isFixed(_ counts: [Int32: Int], _ total: Int, rule: Piece.Slot.Rule) -> Bool {
        // What all share is shown as it is.
        if counts.count == 1 { return true }
        guard total >= fewest else { return false }
        let least = frequent(of: total)
        switch rule {
        case .ordinary:
            let rare = counts.values.reduce(0) { $0 + ($1 < least ? $1 : 0) }
            return rare < total && Double(rare) <= rareShare * Double(total)
        case .dominated:
            return Double(counts.values.max() ?? 0) >= (1 - rareShare) * Double(total)
        }
    }
}
