/// Suggestions for misspelt words.
package enum Suggestion {
    /// Returns the candidate with the smallest distance, or nil if none is near.
    package static func closest(to word: String, among candidates: [String]) -> String? {
        // A text much longer than any key is not a misspelling, and the table below grows with it.
        guard word.utf8.count <= 40 else { return nil }
        let limit = max(1, word.count / 3)
        return candidates.map { (name: $0, distance: distance(word, $0)) }
            .filter { $0.distance <= limit }
            .min { $0.distance < $1.distance }?.name
    }

    /// Returns the number of insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    static func distance(_ a: String, _ b: String) -> Int {
        let a = Array(a.lowercased().replacing("-", with: "_"))
        let b = Array(b.lowercased().replacing("-", with: "_"))
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
