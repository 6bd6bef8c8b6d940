/// The places in which two sequences of tokens differ.
///
/// A global alignment with affine gap costs (Gotoh: An improved algorithm for matching biological sequences, 1982).
/// Opening a gap costs something, so that one edit is found as one piece, and a bracket that matches by chance inside of
/// it does not divide it.
struct Alignment {
    /// Tokens that were replaced by others; one of both may be empty.
    struct Region: Equatable {
        var removed: Range<Int>
        var added: Range<Int>
    }

    /// Beyond so many cells, lines are compared in pairs.
    private static let largest = 400_000
    private static let gap: Int32 = -3

    let old: [Token]
    let new: [Token]

    /// The regions in order; nil if the sequences are too long to compare.
    func regions() -> [Region]? {
        var start = 0
        while start < old.count, start < new.count, old[start].matches(new[start]) { start += 1 }
        var (oldEnd, newEnd) = (old.count, new.count)
        while oldEnd > start, newEnd > start, old[oldEnd - 1].matches(new[newEnd - 1]) {
            oldEnd -= 1
            newEnd -= 1
        }
        let (rows, columns) = (oldEnd - start, newEnd - start)
        if rows == 0, columns == 0 { return [] }
        if rows == 0 || columns == 0 { return [Region(removed: start..<oldEnd, added: start..<newEnd)] }
        guard rows * columns <= Self.largest else { return nil }
        return trace(Table(rows: rows, columns: columns, score: score(start)), start)
    }

    /// The gain of matching two tokens; nil if they differ.
    private func score(_ start: Int) -> (Int, Int) -> Int32? {
        { row, column in
            let token = old[start + row]
            guard token.matches(new[start + column]) else { return nil }
            return token.kind == .symbol ? 2 : 8
        }
    }

    /// Follows the best path back to its start.
    private func trace(_ table: Table, _ start: Int) -> [Region] {
        var regions: [Region] = []
        var (row, column) = (table.rows, table.columns)
        var isInGap = table.prefersGap(row, column)
        var (oldEnd, newEnd) = (row, column)
        while row > 0 || column > 0 {
            if isInGap {
                (row, column, isInGap) = table.beforeGap(row, column)
                if !isInGap {
                    regions.append(
                        Region(removed: start + row..<start + oldEnd, added: start + column..<start + newEnd))
                }
            } else {
                row -= 1
                column -= 1
                isInGap = table.prefersGap(row, column)
                (oldEnd, newEnd) = (row, column)
            }
        }
        return regions.reversed()
    }

    /// The best scores of all pairs of prefixes.
    private struct Table {
        static let never = Int32.min / 2

        let rows: Int
        let columns: Int
        /// Scores of alignments that end with a match.
        var matches: [Int32]
        /// Scores of alignments that end inside of a gap.
        var gaps: [Int32]

        func cell(_ row: Int, _ column: Int) -> Int { row * (columns + 1) + column }

        init(rows: Int, columns: Int, score: (Int, Int) -> Int32?) {
            self.rows = rows
            self.columns = columns
            let cells = (rows + 1) * (columns + 1)
            matches = Array(repeating: Self.never, count: cells)
            gaps = Array(repeating: Self.never, count: cells)
            matches[0] = 0
            for row in 0...rows {
                for column in 0...columns where row > 0 || column > 0 { fill(row, column, score) }
            }
        }

        private mutating func fill(_ row: Int, _ column: Int, _ score: (Int, Int) -> Int32?) {
            let cell = cell(row, column)
            var gap = Self.never
            if row > 0 {
                let above = cell - columns - 1
                gap = max(matches[above] + Alignment.gap, gaps[above])
                if column > 0, let gain = score(row - 1, column - 1) {
                    matches[cell] = max(matches[above - 1], gaps[above - 1]) + gain
                }
            }
            if column > 0 { gap = max(gap, matches[cell - 1] + Alignment.gap, gaps[cell - 1]) }
            gaps[cell] = gap
        }

        func prefersGap(_ row: Int, _ column: Int) -> Bool { gaps[cell(row, column)] >= matches[cell(row, column)] }

        /// The cell before the last step of a gap, and whether it is still inside of the gap.
        func beforeGap(_ row: Int, _ column: Int) -> (row: Int, column: Int, isInGap: Bool) {
            let score = gaps[cell(row, column)]
            if column > 0 {
                let left = cell(row, column - 1)
                if gaps[left] == score { return (row, column - 1, true) }
                if matches[left] + Alignment.gap == score { return (row, column - 1, false) }
            }
            let above = cell(row - 1, column)
            return (row - 1, column, gaps[above] == score)
        }
    }
}
