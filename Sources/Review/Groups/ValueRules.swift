/// Finds edits of a common shape whose values do not go together as those of all others do.
///
/// A rule that nearly all edits of a kind follow is taken for meant, and an edit that breaks it is odd (Ernst and others:
/// Dynamically discovering likely program invariants, 1999; for rules with exceptions, Engler and others: Bugs as deviant
/// behavior, SOSP 2001). There are three rules:
/// - A new name or literal comes from the same place of the old line.
/// - A new value depends on a removed one, as in `404` → `NOT_FOUND` (approximate functional dependencies, Huhtala and
///   others: TANE, 1999).
/// - Within a commit, the same old value becomes the same new one, and different ones become different ones.
struct ValueRules {
    /// One reason for each commit and rule at most.
    private(set) var oddities: [[String]]

    private let atoms: CommitAtoms
    private var uses: [[Use]] = []

    /// An edit of a commit.
    private struct Use {
        var commit: Int
        var entry: CommitAtoms.Entry

        func value(_ slot: Int) -> Int32 { entry.slots[slot].value }
    }

    /// The smallest number of commits that makes a rule.
    private static let fewest = 8
    /// The smallest share of commits that follow a rule.
    private static let share = 0.95
    /// Commits in which a value must occur before it says anything of another one.
    private static let leastForValue = 3
    private static let leastForMap = 20

    init(_ atoms: CommitAtoms) {
        self.atoms = atoms
        oddities = Array(repeating: [], count: atoms.entries.count)
        uses = Array(repeating: [], count: atoms.atoms.count)
        for (commit, entries) in atoms.entries.enumerated() {
            for entry in entries where !atoms.atoms[entry.atom].open.isEmpty {
                uses[entry.atom].append(Use(commit: commit, entry: entry))
            }
        }
        for atom in uses.indices where uses[atom].count >= Self.fewest { read(atom) }
    }

    private mutating func read(_ atom: Int) {
        let open = atoms.openSlots(atom)
        for slot in open.added { findOtherOrigins(atom, slot) }
        for added in open.added {
            for removed in open.removed {
                findOtherValues(atom, from: removed, to: added)
                findChanges(atom, from: removed, to: added)
                findChanges(atom, from: added, to: removed)
            }
        }
    }

    /// Whether so few commits differ that they are odd.
    private func isRare(_ count: Int, of total: Int) -> Bool {
        count > 0 && Double(count) <= max(1, (1 - Self.share) * Double(total))
            && count < Refinement.frequent(of: atoms.entries.count)
    }

    private mutating func add(_ commit: Int, _ text: String) {
        if !oddities[commit].contains(text) { oddities[commit].append(text) }
    }

    // MARK: Origins

    private mutating func findOtherOrigins(_ atom: Int, _ slot: Int) {
        var counts: [Int32: Int] = [:]
        var known: [(use: Use, origins: [Int32])] = []
        for use in uses[atom] {
            guard let origins = use.entry.slots[slot].origins else { continue }
            known.append((use, origins))
            for origin in origins { counts[origin, default: 0] += 1 }
        }
        guard let best = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            let typical = known.first(where: { $0.origins.contains(best.key) })
        else { return }
        let others = known.filter { !$0.origins.contains(best.key) }
        let (rare, all) = (Set(others.map(\.use.commit)), Set(known.map(\.use.commit)))
        guard all.count >= Self.fewest, isRare(rare.count, of: all.count) else { return }
        for (use, _) in others {
            add(
                use.commit,
                "only \(rare.count) of \(all.count) commits: \(atoms.text(use.entry)), with a value from another place than in "
                    + atoms.text(typical.use.entry))
        }
    }

    // MARK: Values that depend on others

    private mutating func findOtherValues(_ atom: Int, from: Int, to: Int) {
        var commits: [Int32: [Int32: Set<Int>]] = [:]
        for use in uses[atom] { commits[use.value(from), default: [:]][use.value(to), default: []].insert(use.commit) }
        var (covered, agreeing) = (0, 0)
        var usual: [Int32: (value: Int32, count: Int)] = [:]
        for (old, news) in commits {
            let count = news.values.reduce(0) { $0 + $1.count }
            guard count >= Self.leastForValue,
                let most = news.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) })
            else { continue }
            covered += count
            agreeing += most.value.count
            if most.value.count >= Self.leastForValue { usual[old] = (most.key, most.value.count) }
        }
        let others = covered - agreeing
        guard covered >= Self.leastForMap, Set(usual.values.map(\.value)).count > 1, isRare(others, of: covered) else {
            return
        }
        for use in uses[atom] {
            guard let most = usual[use.value(from)], most.value != use.value(to),
                let typical = uses[atom].first(where: {
                    $0.value(from) == use.value(from) && $0.value(to) == most.value
                })
            else { continue }
            let own = commits[use.value(from)]?[use.value(to)]?.count ?? 0
            add(
                use.commit,
                "only \(own) of \(own + most.count) commits: \(atoms.text(use.entry)); \(most.count) have "
                    + atoms.text(typical.entry))
        }
    }

    // MARK: Values within a commit

    /// Finds commits in which a value stands for two others.
    private mutating func findChanges(_ atom: Int, from: Int, to: Int) {
        var others: [Int: (first: Use, second: Use)] = [:]
        var repeated: Set<Int> = []
        for (commit, own) in Dictionary(grouping: uses[atom], by: \.commit) where own.count > 1 {
            var first: [Int32: Use] = [:]
            for use in own {
                guard let known = first[use.value(from)] else {
                    first[use.value(from)] = use
                    continue
                }
                repeated.insert(commit)
                if known.value(to) != use.value(to), others[commit] == nil { others[commit] = (known, use) }
            }
        }
        guard repeated.count >= Self.fewest, isRare(others.count, of: repeated.count) else { return }
        for (commit, pair) in others {
            add(
                commit,
                "has both \(atoms.text(pair.first.entry)) and \(atoms.text(pair.second.entry)); "
                    + "\(repeated.count - others.count) of \(repeated.count) commits are consistent")
        }
    }
}
