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
        gather()
        mergeFamilies()
        mergeCompanions()
        return clusters.map { $0.members.sorted() }
    }

    // MARK: Similar messages

    private mutating func gather() {
        var known: [FailureSignature: Int] = [:]
        for index in leads.indices {
            let (lead, language) = (leads[index], languages[index])
            let place =
                known[lead]
                ?? clusters.firstIndex { cluster in
                    Self.agree(cluster.language, language) && cluster.examples.contains { lead.isSimilar(to: $0) }
                }
            guard let place else {
                known[lead] = clusters.count
                clusters.append(Cluster(members: [index], examples: [lead], language: language))
                continue
            }
            if known[lead] == nil, clusters[place].examples.count < Self.mostExamples {
                clusters[place].examples.append(lead)
            }
            known[lead] = place
            clusters[place].members.append(index)
        }
    }

    // MARK: Messages that differ in a name

    /// Members from which on a cluster is a kind of its own, whatever else looks like it: at least this many, and at least
    /// this share of all.
    private static let fewest = 6
    private static let share = 0.04

    private mutating func mergeFamilies() {
        var families: [String: [Int]] = [:]
        for (place, cluster) in clusters.enumerated() {
            for pattern in Set(cluster.examples.flatMap(\.patterns)) {
                families["\(cluster.language) \(pattern)", default: []].append(place)
            }
        }
        let own = max(Self.fewest, Int(Double(leads.count) * Self.share))
        var merging = Merging(count: clusters.count)
        let sizes = clusters.map(\.members.count)
        // Sorted, so that equal failures always give equal classes.
        for (_, family) in families.sorted(by: { $0.key < $1.key }) where family.count > 1 {
            let large = family.filter { sizes[$0] >= own }
            let joined = large.count > 1 ? family.filter { sizes[$0] < own } : family
            for place in joined.dropFirst() { merging.join(joined[0], place) }
        }
        apply(merging)
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
                merged[root]?.examples += clusters[place].examples
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
