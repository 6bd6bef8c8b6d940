import Model

/// What the run has shown of its tasks and its checks, with what one may expect before anything is known.
struct LandingStatistics: Sendable, Equatable {
    /// What speaks against a task that is to be judged.
    enum Evidence: Sendable, Equatable {
        /// One verdict.
        case once
        /// It failed together with others, and then alone.
        case twice
    }

    /// How tasks fared that failed with the same evidence.
    private struct Confirmations: Sendable, Equatable {
        var failures = 0
        /// Of these, how many were checked once more.
        var looks = 0
        /// Of these, how many passed then.
        var turned = 0

        /// Before anything is known, one failure in five is taken to be none.
        var turnedShare: Double { (Double(turned) + 1) / (Double(looks) + 5) }
    }

    private struct Earlier: Sendable, Equatable {
        var verdicts = 0.0
        var flakes = 0.0
    }

    /// Tasks that have landed.
    private(set) var landed = 0
    /// Tasks that were judged to fail.
    private(set) var rejected = 0
    /// Verdicts on candidates, green or red.
    private(set) var verdicts = 0
    /// Checks that passed on a tree on which they had failed before.
    private(set) var flakes = 0
    /// Seconds of all checks of candidates and of all attempts.
    private var checkSeconds = 0.0
    private var attemptSeconds = 0.0
    private var attempts = 0
    /// What earlier runs have shown of the checks.
    private var earlier = Earlier()
    private var once = Confirmations()
    private var twice = Confirmations()

    /// Verdicts that those of earlier runs count for at most: the checks may have been mended since.
    private static let mostEarlier = 20

    /// Weighs like 10 tasks of which one fails, to begin with.
    private static let prior = (failures: 1.0, tasks: 10.0)

    /// The share of tasks that fail; no batch can be found that helps above a half.
    var failureRate: Double {
        let seen = Double(rejected + landed)
        return min(0.5, (Double(rejected) + Self.prior.failures) / (seen + Self.prior.tasks))
    }

    /// The share of verdicts that are red for no reason in the tree.
    var flakeRate: Double {
        min(0.5, (Double(flakes) + earlier.flakes) / max(1, Double(verdicts) + earlier.verdicts))
    }

    /// How long the checks of a candidate take, as a share of that and of an attempt together.
    var checkShare: Double {
        guard verdicts > 0, attempts > 0, attemptSeconds > 0 else { return 0.5 }
        let check = checkSeconds / Double(verdicts)
        return check / (check + attemptSeconds / Double(attempts))
    }

    /// The share of failures on this evidence that were none, among those that were looked at again.
    func turnedShare(_ evidence: Evidence) -> Double { self[evidence].turnedShare }

    /// How many tasks have failed on this evidence.
    func failures(_ evidence: Evidence) -> Int { self[evidence].failures }

    private subscript(_ evidence: Evidence) -> Confirmations {
        get { evidence == .once ? once : twice }
        set { if evidence == .once { once = newValue } else { twice = newValue } }
    }

    /// Takes in how flaky a check was in earlier runs, as long as this one has shown nothing.
    mutating func begin(with rate: FlakeRate) {
        guard verdicts == 0, flakes == 0 else { return }
        let weight = Double(min(rate.runs, Self.mostEarlier))
        earlier.verdicts = max(earlier.verdicts, weight)
        earlier.flakes += rate.rate * weight
    }

    mutating func judged(after seconds: Double) {
        verdicts += 1
        checkSeconds += max(0, seconds)
    }

    mutating func attempted(for seconds: Double) {
        attempts += 1
        attemptSeconds += max(0, seconds)
    }

    mutating func flaked(_ count: Int) { flakes += count }
    mutating func rejectedOne() { rejected += 1 }
    mutating func landed(_ count: Int) { landed += count }
    mutating func failedAlone(_ evidence: Evidence) { self[evidence].failures += 1 }

    /// A task that had failed was looked at again.
    mutating func confirmed(_ evidence: Evidence, turned: Bool) {
        self[evidence].looks += 1
        if turned {
            self[evidence].turned += 1
            flakes += 1
        }
    }
}
