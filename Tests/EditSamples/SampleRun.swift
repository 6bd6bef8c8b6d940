package import Review

/// Random commits of a migration, some of which are odd.
package struct SampleRun: Sendable {
    /// What was planted.
    package enum Odd: String, CaseIterable, Sendable {
        case invertedCondition
        case extraDeletion
        case otherAPI
        case changedConstant
        case swallowedException
        case removedComment
        case secondAttempt
    }

    package private(set) var commits: [EditedCommit] = []
    package private(set) var diffs: [String] = []
    /// Positions of the odd ones.
    package private(set) var planted: [Int: Odd] = [:]
    package private(set) var migrations: [String] = []

    /// - Parameters:
    ///   - odd: what to plant, each in a commit of its own.
    ///   - kinds: how many migrations the run has.
    package init(seed: UInt64, tasks: Int, odd: [Odd] = Odd.allCases, kinds: Int? = nil) {
        var random = SampleGenerator(seed: seed)
        let count = kinds ?? Int.random(in: 1...3, using: &random)
        let chosen = Array(Migration.all.shuffled(using: &random).prefix(count))
        migrations = chosen.map(\.name)
        for (kind, place) in zip(odd, (0..<tasks).shuffled(using: &random)) { planted[place] = kind }
        for task in 0..<tasks {
            // An odd one of a migration with few tasks would be one of a few, so each has its share.
            let migration = chosen[task % chosen.count]
            var file = SampleFile(migration, &random)
            if let odd = planted[task] { file.plant(odd, &random) }
            let diff = file.diff(path: "src/module\(task)/file\(task).\(migration.language.name)")
            diffs.append(diff)
            commits.append(
                EditedCommit(
                    worker: "worker", attempts: planted[task] == .secondAttempt ? 2 : 1, patch: Patch(diff: diff)))
        }
    }
}

/// Random numbers that are the same in every run: SplitMix64.
struct SampleGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x2545_F491_4F6C_DD1D &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
