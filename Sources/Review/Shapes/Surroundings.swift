import Model

/// The tokens beside a changed place of a block, as far as new text may come from them.
///
/// An edit such as `copy(to, from)` → `copy(to, from, sizeof(to))` puts in a name that stands elsewhere in the line. Where
/// nearly all edits of a kind take it from the same place, one that takes another name is odd.
struct Surroundings {
    let old: [Token]
    let new: [Token]
    let regions: [Alignment.Region]
    /// The region that this is about.
    let place: Int

    /// Names and literals on each side that are looked at.
    private static let most = 6
    /// Numbers for the ways to count them, so that no two places have the same number.
    private enum Way {
        static let afterLast: Int32 = 0x100
        static let beforeThis: Int32 = 0x200
        static let afterThis: Int32 = 0x300
        static let fromStart: Int32 = 0x400
        static let removed: Int32 = 0x1000
    }

    /// The places that a name or literal may come from: each as a number that is the same for the same place. A string or a
    /// number may have been changed on its way.
    func origins(of token: Token, _ lexicon: Lexicon) -> [Int32] {
        let text = token.text
        let region = regions[place]
        let line = region.added.isEmpty ? nil : new[region.added.lowerBound].line
        let lastEnd = place > 0 ? regions[place - 1].added.upperBound : 0
        let nextStart = place + 1 < regions.count ? regions[place + 1].added.lowerBound : new.count
        let before = values(new[lastEnd..<region.added.lowerBound], on: line)
        let after = values(new[region.added.upperBound..<nextStart], on: nil)
        var found = Self.places(of: text, in: before, Way.afterLast)
        found += Self.places(of: text, in: before.reversed(), Way.beforeThis)
        found += Self.places(of: text, in: after, Way.afterThis)
        if place > 0 { found += Self.places(of: text, in: kept(before: region, on: line), Way.fromStart) }
        for (index, other) in regions.enumerated() where index != place && abs(index - place) <= 3 {
            let way = Way.removed + Int32(index - place + 3) * 0x100
            found += Self.places(of: text, in: values(old[other.removed], on: nil), way)
            found += changes(to: token, from: old[other.removed], way, lexicon)
        }
        return found
    }

    /// The removed strings or numbers that a new one may be made of, with how it differs from them.
    private func changes(
        to token: Token, from removed: ArraySlice<Token>, _ way: Int32, _ lexicon: Lexicon
    ) -> [Int32] {
        guard token.kind == .string || token.kind == .number else { return [] }
        return removed.filter { $0.kind == token.kind }.prefix(Self.most).enumerated().compactMap { index, other in
            let (old, new) = (lexicon[other.text], lexicon[token.text])
            let change =
                token.kind == .string
                ? StringChange.text(from: old, to: new) : ValueRelation.text(.number, from: old, to: new)
            guard change != ValueRelation.other else { return nil }
            let hash = StableHash.add(change, to: StableHash.start)
            return Int32(truncatingIfNeeded: hash >> 8) & 0x3FFF_0000 | 0x4000_0000 | (way + Int32(index))
        }
    }

    /// What a line keeps before a region.
    private func kept(before region: Alignment.Region, on line: Int32?) -> [Int32] {
        var kept: [Int32] = []
        var start = 0
        for other in regions[..<place] {
            kept += values(new[start..<other.added.lowerBound], on: line)
            start = other.added.upperBound
        }
        return kept + values(new[start..<region.added.lowerBound], on: line)
    }

    private func values(_ tokens: ArraySlice<Token>, on line: Int32?) -> [Int32] {
        tokens.filter { token in
            switch token.kind {
            case .word, .number, .string: line == nil || token.line == line
            case .keyword, .comment, .symbol: false
            }
        }.map(\.text)
    }

    private static func places(of text: Int32, in values: [Int32], _ way: Int32) -> [Int32] {
        values.prefix(most).enumerated().compactMap { $1 == text ? way + Int32($0) : nil }
    }
}
