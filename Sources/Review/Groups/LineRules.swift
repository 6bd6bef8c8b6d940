/// Finds lines that have a part of a common edit only.
///
/// A line of a commit may lack what the commit has elsewhere, so that the edits of the commit as a whole look complete.
struct LineRules {
    /// The reasons of each commit that has such a line.
    private(set) var oddities: [Int: [String]] = [:]

    /// The smallest number of commits with an edit that makes it complete.
    private static let fewest = 20
    /// The largest share of commits that have a part only.
    private static let rareShare = 0.02

    init(_ atoms: CommitAtoms) {
        var commits: [[Int]: Set<Int>] = [:]
        for (commit, entries) in atoms.entries.enumerated() {
            var lines: [Int: Set<Int>] = [:]
            for entry in entries { if let line = entry.line { lines[line, default: []].insert(entry.atom) } }
            for line in lines.values { commits[line.sorted(), default: []].insert(commit) }
        }
        let complete = commits.filter { $0.value.count >= Self.fewest && $0.key.count > 1 }
            .sorted { ($1.value.count, $0.key.count) < ($0.value.count, $1.key.count) }
        for (part, own) in commits where own.count < Refinement.frequent(of: atoms.entries.count) {
            let known = Set(part)
            guard
                let whole = complete.first(where: {
                    known.isStrictSubset(of: $0.key) && Double(own.count) <= Self.rareShare * Double($0.value.count) + 1
                })
            else { continue }
            let missing = whole.key.filter { !known.contains($0) }.map { atoms.atoms[$0].text }
            let text =
                "only \(own.count) of \(own.count + whole.value.count) commits: a line with "
                + "\(part.map { atoms.atoms[$0].text }.joined(separator: "; ")) and without "
                + missing.joined(separator: "; ")
            for commit in own { oddities[commit, default: []].append(text) }
        }
    }
}
