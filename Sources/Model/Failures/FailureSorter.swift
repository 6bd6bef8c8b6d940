/// Sorts the failures of one check and one worker into clusters of equal kind.
struct FailureSorter {
    /// The lead of each failure, and all messages of its output.
    private let leads: [FailureSignature]
    private let others: [[FailureSignature]]
    /// The kind of file in which each shows; empty where none is named.
    private let languages: [String]
    private var clusters: [Cluster] = []

    private struct Cluster {
        var members: [Int]
        /// Messages that differ, the first ones.
        var examples: [FailureSignature]
        var language: String
    }

    /// Messages of one output that are looked at.
    private static let mostMessages = 8
    private static let mostExamples = 8

    init(_ failures: [FailedWork]) {
        let read = failures.map(Self.signatures)
        leads = read.map(\.lead)
        others = read.map(\.others)
        languages = failures.map { Self.language(of: $0.failure.place) }
    }

    private static func signatures(_ work: FailedWork) -> (lead: FailureSignature, others: [FailureSignature]) {
        let names = TaskWords.words(of: work.files + work.failure.places)
        let lead = FailureSignature(work.failure.message, names: names)
        let all = FailureCause.messages(in: work.failure.detail, limit: mostMessages).map {
            FailureSignature($0, names: names)
        }
        return (lead, all.filter { !$0.isEmpty && $0 != lead })
    }

    /// Extensions that one compiler or linter reads.
    private static let families = [
        ["js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte"], ["py", "pyi"],
        ["c", "h", "cc", "cpp", "cxx", "hpp", "m", "mm"], ["java", "kt", "scala", "groovy"],
    ]

    private static func language(of place: String?) -> String {
        guard let path = place?.split(separator: ":").first, let dot = path.lastIndex(of: ".") else { return "" }
        let suffix = String(path[dot...].dropFirst())
        return families.first { $0.contains(suffix) }?[0] ?? suffix
    }

    /// Whether two may be of one kind although their messages differ.
    private static func agree(_ one: String, _ other: String) -> Bool { one == other || one.isEmpty || other.isEmpty }

    func digest(of member: Int) -> String {
        let text = leads[member].text
        return text.isEmpty ? "_" : text
    }

    /// The clusters, each with its members in order.
    mutating func sorted() -> [[Int]] {
        gatherEqual()
        mergeFamilies()
        mergeSimilar()
        mergeCompanions()
        return clusters.map { $0.members.sorted() }
    }

    // MARK: Similar messages

    private mutating func gatherEqual() {
        var known: [Message: Int] = [:]
        for index in leads.indices {
            let message = Message(lead: leads[index], language: languages[index])
            if let place = known[message] {
                clusters[place].members.append(index)
            } else {
                known[message] = clusters.count
                clusters.append(Cluster(members: [index], examples: [leads[index]], language: languages[index]))
            }
        }
    }

    private struct Message: Hashable {
        var lead: FailureSignature
        var language: String
    }

    /// Puts rare messages to similar ones, the most frequent first.
    private mutating func mergeSimilar() {
        let all = clusters
        clusters = []
        let order = all.indices.sorted { (all[$1].members.count, $0) < (all[$0].members.count, $1) }
        for index in order { place(all[index]) }
        clusters.sort { ($0.members.min() ?? 0) < ($1.members.min() ?? 0) }
    }

    private mutating func place(_ cluster: Cluster) {
        let frequency = frequency(cluster.members.count)
        let found = clusters.firstIndex { other in
            Self.agree(other.language, cluster.language)
                && other.examples.contains { example in
                    cluster.examples.contains { $0.isSimilar(to: example, frequency: frequency) }
                }
        }
        guard let found else { return clusters.append(cluster) }
        clusters[found].members += cluster.members
        clusters[found].examples = Array((clusters[found].examples + cluster.examples).prefix(Self.mostExamples))
    }

    // MARK: Messages that differ in a name

    /// Members from which on a cluster is a kind of its own, whatever else looks like it: this share of all, within bounds.
    private static let share = 0.04
    private static let bounds = 6...12
    /// Members from which on a message is not rare.
    private static let usual = 3

    private var own: Int {
        min(max(Self.bounds.lowerBound, Int(Double(leads.count) * Self.share)), Self.bounds.upperBound)
    }

    private func frequency(_ count: Int) -> FailureSignature.Frequency {
        count < Self.usual ? .rare : count < own ? .usual : .frequent
    }

    private mutating func mergeFamilies() {
        var merging = Merging(count: clusters.count)
        join(by: \.patterns, into: &merging) { family in
            // Where one message has a value, the words of the others are names. Else names are many, and no one of them is in
            // most messages. A few words, each used often, tell kinds apart.
            family.hasValue
                || (family.sizes.count > 3 ? family.share <= 0.5 : family.sizes.allSatisfy { $0 < Self.usual })
        }
        join(by: \.loosePatterns, into: &merging) { $0.sizes.count > 4 && $0.share <= 0.34 }
        apply(merging)
    }

    /// Messages that are equal but for the words in some places.
    private struct Family {
        /// How often each of them occurs.
        var sizes: [Int]
        /// Whether one of them has a value in these places.
        var hasValue: Bool

        /// The share of the most frequent one, 0 to 1.
        var share: Double { Double(sizes.max() ?? 0) / Double(max(1, sizes.reduce(0, +))) }
    }

    /// - Parameters:
    ///   - patterns: the patterns of a message. Messages with a common one are a family.
    ///   - areNames: whether the members of a family differ in names.
    private func join(
        by patterns: (FailureSignature) -> [String], into merging: inout Merging, if areNames: (Family) -> Bool
    ) {
        var families: [String: [Int]] = [:]
        var withValues: [String: Int] = [:]
        for (place, cluster) in clusters.enumerated() {
            let lead = cluster.examples[0]
            for pattern in Set(patterns(lead)) { families["\(cluster.language) \(pattern)", default: []].append(place) }
            withValues["\(cluster.language) \(lead.pattern)"] = place
        }
        let (own, sizes) = (own, clusters.map(\.members.count))
        // Sorted, so that equal failures always give equal classes.
        for (pattern, members) in families.sorted(by: { $0.key < $1.key }) {
            let value = withValues[pattern].flatMap { members.contains($0) ? nil : $0 }
            let all = members + [value].compactMap { $0 }
            let large = all.filter { sizes[$0] >= own }
            let joined = large.count > 1 && value == nil ? all.filter { sizes[$0] < own } : all
            guard joined.count > 1, areNames(Family(sizes: joined.map { sizes[$0] }, hasValue: value != nil)) else {
                continue
            }
            for place in joined.dropFirst() { merging.join(joined[0], place) }
        }
    }

    // MARK: Messages that come together

    /// Joins two clusters if most outputs of each have the other's message too: only the order differs.
    private mutating func mergeCompanions() {
        var placeOf: [FailureSignature: Int] = [:]
        for (place, cluster) in clusters.enumerated() {
            for index in cluster.members { placeOf[leads[index]] = place }
        }
        var together: [Int: [Int: Int]] = [:]
        for (place, cluster) in clusters.enumerated() {
            for index in cluster.members {
                for companion in Set(others[index].compactMap { placeOf[$0] }) where companion != place {
                    together[place, default: [:]][companion, default: 0] += 1
                }
            }
        }
        var merging = Merging(count: clusters.count)
        for place in clusters.indices {
            for (companion, count) in together[place] ?? [:] where companion > place {
                let back = together[companion]?[place] ?? 0
                if 2 * count > clusters[place].members.count, 2 * back > clusters[companion].members.count {
                    merging.join(place, companion)
                }
            }
        }
        apply(merging)
    }

    private mutating func apply(_ merging: Merging) {
        var merging = merging
        var merged: [Int: Cluster] = [:]
        for place in clusters.indices {
            let root = merging.root(of: place)
            if root == place {
                merged[root] = clusters[place]
            } else {
                merged[root]?.members += clusters[place].members
                let examples = (merged[root]?.examples ?? []) + clusters[place].examples
                merged[root]?.examples = Array(examples.prefix(Self.mostExamples))
            }
        }
        clusters = merged.sorted { $0.key < $1.key }.map(\.value)
    }
}

/// Which clusters are one; the root of each is its first (union-find).
private struct Merging {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    mutating func root(of place: Int) -> Int {
        var place = place
        while parents[place] != place {
            parents[place] = parents[parents[place]]
            place = parents[place]
        }
        return place
    }

    mutating func join(_ first: Int, _ second: Int) {
        let (one, two) = (root(of: first), root(of: second))
        parents[max(one, two)] = min(one, two)
    }
}

/// The words of file names, which messages repeat.
enum TaskWords {
    private static let shortest = 3

    static func words(of paths: [String]) -> Set<String> {
        var words: Set<String> = []
        for part in paths.flatMap({ $0.split(whereSeparator: { !$0.isLetter && $0 != "_" }) }) {
            words.insert(part.lowercased())
            words.formUnion(parts(of: part))
        }
        return words.subtracting(Vocabulary.words)
    }

    /// `order` and `total` of `orderTotal` and of `order_total`.
    private static func parts(of name: Substring) -> [String] {
        var found: [String] = []
        var word = ""
        for character in name + "_" {
            if character == "_" || character.isUppercase {
                if word.count >= shortest { found.append(word) }
                word = ""
            }
            if character != "_" { word += character.lowercased() }
        }
        return found
    }
}
