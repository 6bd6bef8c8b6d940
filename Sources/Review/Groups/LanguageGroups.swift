import Model

/// The groups of all commits in one language.
///
/// First the edits are judged: an edit that few commits have is odd, and so are a commit that lacks what nearly all with
/// its other edits have, and one of few that needed more than one attempt. All other commits have frequent edits only.
/// Those with equal sets of edits are a group; a small set joins the group that has most of its edits.
struct LanguageGroups {
    private let commits: [EditedCommit]
    /// Positions of the commits in the whole input.
    private let positions: [Int]
    private let language: String
    private let atoms: CommitAtoms
    private var oddities: [[String]]
    private(set) var groups: [EditGroup] = []

    /// The largest share of commits with more than one attempt among which such a commit is odd.
    private static let rareRetries = 0.1
    /// A set that so many of a worker's commits have is large.
    private static let ownShare = 0.25
    private static let mostOwn = 4
    private static let mostExamples = 5

    /// - Parameter total: commits of all languages.
    init(_ commits: [EditedCommit], positions: [Int], language: String, total: Int) {
        self.commits = commits
        self.positions = positions
        self.language = language
        atoms = CommitAtoms(commits.map(\.patch))
        oddities = Array(repeating: [], count: commits.count)
        findRareLanguage(total)
        findRareEdits()
        for (commit, reasons) in atoms.oddities.enumerated() { oddities[commit] += reasons }
        findOtherPlaces()
        findMissingEdits()
        findRareRetries()
        let regular = regularGroups()
        groups = regular.map { group(of: $0.members, nearest: nil) }
        addOddGroups(beside: regular)
    }

    // MARK: Odd ones

    private static let leastForLanguage = 50

    /// Finds commits that change files of other kinds than nearly all do.
    private mutating func findRareLanguage(_ total: Int) {
        guard total >= Self.leastForLanguage, commits.count < Refinement.frequent(of: total) else { return }
        for commit in commits.indices {
            oddities[commit].append("only \(commits.count) of \(total) commits: changes files of the kind \(language)")
        }
    }

    private func isFrequent(_ atom: Int) -> Bool {
        let support = atoms.atoms[atom].support
        // What all commits have is not rare, however few they are.
        return support == commits.count || support >= Refinement.frequent(of: commits.count)
    }

    private static let mostShown = 3

    private mutating func findRareEdits() {
        var commonest: [Int: Int] = [:]
        for (number, atom) in atoms.atoms.enumerated() where isFrequent(number) {
            if let known = commonest[atom.shape], atoms.atoms[known].support >= atom.support { continue }
            commonest[atom.shape] = number
        }
        for (commit, set) in atoms.sets.enumerated() {
            for atom in set where !isFrequent(atom) {
                let record = atoms.atoms[atom]
                let usual = commonest[record.shape].map {
                    "; \(atoms.atoms[$0].support) have \(atoms.atoms[$0].text)"
                }
                // What few commits have is shown as it is.
                let own = record.support > Self.mostShown ? nil : atoms.entries[commit].first { $0.atom == atom }
                let text = own.map { atoms.text($0) } ?? record.text
                oddities[commit].append("only \(record.support) of \(commits.count) commits: \(text)\(usual ?? "")")
            }
        }
    }

    /// The number of edits that are looked at for what belongs together, which is the width of a mask.
    private static let mostRules = 64
    private static let leastForRule = 20
    /// The largest share of commits that break a rule.
    private static let breakShare = 0.01
    /// The largest probability of a rule that holds by chance. Some thousand rules are tried.
    private static let chance = 1e-5

    /// Finds commits without an edit that nearly all others with one of their edits have (association rules between changes:
    /// Zimmermann and others: Mining version histories to guide software changes, ICSE 2004).
    private mutating func findMissingEdits() {
        let rules = atoms.atoms.indices.filter { atoms.atoms[$0].support >= Self.leastForRule && isFrequent($0) }
            .sorted { (atoms.atoms[$1].support, $0) < (atoms.atoms[$0].support, $1) }.prefix(Self.mostRules)
        var bit: [Int: Int] = [:]
        for (index, atom) in rules.enumerated() { bit[atom] = index }
        let masks = atoms.sets.map { set in set.reduce(UInt64(0)) { $0 | (bit[$1].map { 1 << UInt64($0) } ?? 0) } }
        var lacking: [Int: [Int]] = [:]
        for (index, atom) in rules.enumerated() {
            let having = masks.indices.filter { masks[$0] & (1 << UInt64(index)) != 0 }
            for (other, expected) in rules.enumerated() where other != index {
                let without = having.filter { masks[$0] & (1 << UInt64(other)) == 0 }
                let elsewhere = commits.count - atoms.atoms[expected].support - without.count
                guard
                    Self.isBroken(
                        without.count, of: having.count, elsewhere: elsewhere,
                        of: commits.count - having.count)
                else { continue }
                for commit in without where lacking[commit, default: []].contains(expected) == false {
                    lacking[commit, default: []].append(expected)
                    oddities[commit].append(
                        "lacks \(atoms.atoms[expected].text), which \(having.count - without.count) of \(having.count) "
                            + "commits with \(atoms.atoms[atom].text) have")
                }
            }
        }
    }

    /// Whether so few break a rule that they are odd, and the others do not follow it by chance.
    private static func isBroken(_ count: Int, of having: Int, elsewhere: Int, of others: Int) -> Bool {
        guard count > 0, Double(count) <= max(1, breakShare * Double(having)) else { return false }
        // Too few to compare with.
        guard others >= leastForRule else { return true }
        // The probability that no more commits break it if the edit is missing in as many as elsewhere.
        let share = Double(elsewhere) / Double(others)
        guard share < 1 else { return true }
        var term = (0..<having).reduce(1.0) { product, _ in product * (1 - share) }
        var sum = term
        for broken in 1...count {
            term *= Double(having - broken + 1) / Double(broken) * share / (1 - share)
            sum += term
        }
        return sum <= chance
    }

    private static let leastForPlaces = 50
    private static let placeShare = 0.99

    /// Finds commits that change other functions than nearly all do, where all files have the same functions.
    private mutating func findOtherPlaces() {
        guard commits.count >= Self.leastForPlaces else { return }
        let places = commits.map { commit in commit.patch.files.reduce(into: Set<String>()) { $0.formUnion($1.places) }
        }
        let counts = places.joined().reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        let usual = counts.filter { $0.value >= Refinement.frequent(of: commits.count) }
        let others = places.indices.filter { commit in !places[commit].allSatisfy { usual[$0] != nil } }
        let most = max(1, (1 - Self.placeShare) * Double(commits.count))
        guard !usual.isEmpty, Double(others.count) <= most else { return }
        let commonest = usual.max { ($0.value, $1.key) < ($1.value, $0.key) }
        for commit in others {
            let names = places[commit].filter { usual[$0] == nil }.sorted().joined(separator: ", ")
            oddities[commit].append(
                "changes \(names); \(commits.count - others.count) of \(commits.count) commits change nothing but "
                    + (usual.count == 1
                        ? "\(commonest?.key ?? "")" : "\(usual.count) other functions, such as \(commonest?.key ?? "")")
            )
        }
    }

    private mutating func findRareRetries() {
        let retried = commits.indices.filter { commits[$0].attempts > 1 }
        guard Double(retried.count) <= Self.rareRetries * Double(commits.count) else { return }
        for commit in retried {
            oddities[commit].append(
                "needed \(commits[commit].attempts) attempts; \(commits.count - retried.count) of \(commits.count) commits "
                    + "needed one")
        }
    }

    // MARK: Regular groups

    private struct Regular {
        var members: [Int]
        /// The edits of any member.
        var atoms: Set<Int>
    }

    private func regularGroups() -> [Regular] {
        let regular = commits.indices.filter { oddities[$0].isEmpty }
        let byWorker = Dictionary(grouping: regular) { commits[$0].worker }
        return byWorker.keys.sorted().flatMap { regularGroups(among: byWorker[$0, default: []]) }
    }

    private func regularGroups(among members: [Int]) -> [Regular] {
        let bySet = Dictionary(grouping: members) { atoms.sets[$0] }
        let sets = bySet.keys.sorted { a, b in
            let (first, second) = (bySet[a, default: []].count, bySet[b, default: []].count)
            return first == second ? a.lexicographicallyPrecedes(b) : first > second
        }
        var groups: [Regular] = []
        for set in sets {
            let own = bySet[set, default: []]
            let isLarge = Double(own.count) >= Self.ownShare * Double(members.count) && groups.count < Self.mostOwn
            if let home = home(of: set, among: groups, isLarge: isLarge) {
                groups[home].members += own
                groups[home].atoms.formUnion(set)
            } else {
                groups.append(Regular(members: own, atoms: Set(set)))
            }
        }
        for index in groups.indices { groups[index].members.sort() }
        return groups
    }

    /// The group that has most of the edits, if that is at least half of them. A large set joins only a group that has all of
    /// its edits, or none but these.
    private func home(of set: [Int], among groups: [Regular], isLarge: Bool) -> Int? {
        let shared = groups.map { group in set.reduce(0) { $0 + (group.atoms.contains($1) ? 1 : 0) } }
        guard let best = shared.indices.max(by: { (shared[$0], $1) < (shared[$1], $0) }) else { return nil }
        if isLarge { return shared[best] == min(set.count, groups[best].atoms.count) ? best : nil }
        return 2 * shared[best] >= set.count ? best : nil
    }

    // MARK: Groups

    private mutating func addOddGroups(beside regular: [Regular]) {
        struct Key: Hashable {
            var worker: String
            var reasons: [String]
        }
        let odd = commits.indices.filter { !oddities[$0].isEmpty }
        let byKey = Dictionary(grouping: odd) { Key(worker: commits[$0].worker, reasons: oddities[$0]) }
        for members in byKey.values.sorted(by: { $0[0] < $1[0] }) {
            groups.append(group(of: members, nearest: nearest(to: members[0], among: regular)))
        }
    }

    private func nearest(to commit: Int, among regular: [Regular]) -> EditGroup.Nearest? {
        let set = atoms.sets[commit]
        let distances = regular.map { atoms.distance(set, $0.atoms.sorted()) }
        guard let best = distances.indices.min(by: { (distances[$0], $0) < (distances[$1], $1) }) else { return nil }
        let group = regular[best]
        let usual = group.atoms.sorted().filter { atom in
            let having = group.members.reduce(0) { $0 + (atoms.sets[$1].contains(atom) ? 1 : 0) }
            return 10 * having >= 9 * group.members.count
        }
        return EditGroup.Nearest(
            group: groups[best].id, distance: distances[best],
            extra: set.filter { !group.atoms.contains($0) }.map { atoms.atoms[$0].text },
            missing: usual.filter { !set.contains($0) }.map { atoms.atoms[$0].text })
    }

    private func group(of members: [Int], nearest: EditGroup.Nearest?) -> EditGroup {
        let first = members[0]
        let supports = members.flatMap { atoms.sets[$0] }.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
        let order = supports.keys.sorted { (supports[$1, default: 0], $0) < (supports[$0, default: 0], $1) }
        let reasons = oddities[first]
        let key = [commits[first].worker, language] + order.map { atoms.atoms[$0].text }.sorted() + reasons
        return EditGroup(
            id: Self.digits(key.reduce(StableHash.start) { StableHash.add($1, to: $0) }),
            worker: commits[first].worker, language: language, members: members.map { positions[$0] },
            examples: examples(members, Set(order)).map { positions[$0] },
            edits: order.map { edit($0, commits: supports[$0, default: 0], of: members) }, oddities: reasons,
            nearest: nearest)
    }

    private static func digits(_ hash: UInt64) -> String {
        let text = String(hash, radix: 16)
        return String((String(repeating: "0", count: 16 - text.count) + text).prefix(6))
    }

    /// Members that together have all edits, few and short ones first.
    private func examples(_ members: [Int], _ all: Set<Int>) -> [Int] {
        var missing = all
        var chosen: [Int] = []
        while !missing.isEmpty, chosen.count < Self.mostExamples {
            let gains = members.map { member in
                (member, atoms.sets[member].reduce(0) { $0 + (missing.contains($1) ? 1 : 0) })
            }
            guard
                let best = gains.max(by: { a, b in
                    (a.1, commits[b.0].patch.lines, b.0) < (b.1, commits[a.0].patch.lines, a.0)
                }), best.1 > 0
            else { break }
            chosen.append(best.0)
            missing.subtract(atoms.sets[best.0])
        }
        return chosen
    }

    private static let mostValues = 8

    private func edit(_ atom: Int, commits: Int, of members: [Int]) -> EditGroup.Edit {
        let record = atoms.atoms[atom]
        let placeholders = record.open.map { slot, name in
            var counts: [Int32: Int] = [:]
            for member in members {
                let values = atoms.entries[member].filter { $0.atom == atom }.map { $0.slots[slot].value }
                for value in Set(values) { counts[value, default: 0] += 1 }
            }
            let sorted = counts.map { EditGroup.Value(text: atoms.lexicon[$0.key], commits: $0.value) }
                .sorted { ($1.commits, $0.text) < ($0.commits, $1.text) }
            return EditGroup.Placeholder(
                name: name, values: Array(sorted.prefix(Self.mostValues)), more: max(0, sorted.count - Self.mostValues))
        }
        return EditGroup.Edit(text: record.text, commits: commits, placeholders: placeholders)
    }
}

extension EditGroup {
    /// Groups commits by the shape of their edits. The same commits in the same order give the same groups.
    /// - Returns: regular groups and odd ones of each language, the languages in order of their names.
    package static func groups(of commits: [EditedCommit]) -> [EditGroup] {
        let byLanguage = Dictionary(grouping: commits.indices) { commits[$0].patch.language }
        return byLanguage.keys.sorted().flatMap { language -> [EditGroup] in
            let positions = byLanguage[language, default: []]
            let own = LanguageGroups(
                positions.map { commits[$0] }, positions: positions, language: language, total: commits.count)
            return own.groups
        }
    }
}
