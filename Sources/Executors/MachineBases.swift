import Model

/// The bases whose objects a machine has.
struct MachineBases: Sendable {
    private var all: Set<ObjectID>
    /// Those that bundles leave out, the newest first. A run has as many bases as it lands commits, and each builds on the
    /// one before, so a few are enough.
    private(set) var recent: [ObjectID]

    private static let most = 16

    init(_ bases: [ObjectID]) {
        all = Set(bases)
        recent = Array(bases.prefix(Self.most))
    }

    func contains(_ commit: ObjectID) -> Bool { all.contains(commit) }

    mutating func insert(_ commit: ObjectID) {
        guard all.insert(commit).inserted else { return }
        recent.insert(commit, at: 0)
        if recent.count > Self.most { recent.removeLast() }
    }
}
