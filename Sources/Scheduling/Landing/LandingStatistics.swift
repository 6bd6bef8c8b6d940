import Model

/// Counts of landings, failures, flakes and durations in a run, with priors for its start.
struct LandingStatistics: Sendable, Equatable {
    /// The evidence against a task.
    enum Evidence: Sendable, Equatable {
        /// It failed alone once.
        case once
        /// It failed together with others, and then alone.
        case twice
    }

    /// Results of second checks of tasks that failed on the same evidence.
    private struct Confirmations: Sendable, Equatable {
        var failures = 0
        /// How many of these were checked a second time.
        var looks = 0
        /// How many of these passed the second time.
        var turned = 0

        /// Before anything is known, one failure in five is assumed to be a false alarm.
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
    /// Verdicts on candidates, positive or negative.
    private(set) var verdicts = 0
    /// Checks that passed on a tree on which they had failed before.
    private(set) var flakes = 0
    /// Seconds of all checks of candidates and of all attempts.
    private var checkSeconds = 0.0
    private var attemptSeconds = 0.0
    private var attempts = 0
    /// Verdicts and flakes of earlier runs.
    private var earlier = Earlier()
    private var once = Confirmations()
    private var twice = Confirmations()

    /// The largest weight of earlier runs, in verdicts: the checks may have been repaired since.
    private static let mostEarlier = 20

    /// The prior: one failure in ten tasks.
    private static let prior = (failures: 1.0, tasks: 10.0)

    /// Fraction of tasks that fail, at most a half: above that no batch helps.
    var failureRate: Double {
        let seen = Double(rejected + landed)
        return min(0.5, (Double(rejected) + Self.prior.failures) / (seen + Self.prior.tasks))
    }

    /// Fraction of verdicts that are false alarms.
    var flakeRate: Double {
        min(0.5, (Double(flakes) + earlier.flakes) / max(1, Double(verdicts) + earlier.verdicts))
    }

    /// Mean duration of a candidate's checks, as a fraction of a check and an attempt together.
    var checkShare: Double {
        guard verdicts > 0, attempts > 0, attemptSeconds > 0 else { return 0.5 }
        let check = checkSeconds / Double(verdicts)
        return check / (check + attemptSeconds / Double(attempts))
    }

    /// Fraction of rechecked failures on this evidence that were false alarms.
    func turnedShare(_ evidence: Evidence) -> Double { self[evidence].turnedShare }

    /// How many tasks have failed on this evidence.
    func failures(_ evidence: Evidence) -> Int { self[evidence].failures }

    private subscript(_ evidence: Evidence) -> Confirmations {
        get { evidence == .once ? once : twice }
        set { if evidence == .once { once = newValue } else { twice = newValue } }
    }

    /// Counts the flakes of a check in earlier runs. Ignored once this run has verdicts of its own.
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

    /// Counts the result of a second check.
    mutating func confirmed(_ evidence: Evidence, turned: Bool) {
        self[evidence].looks += 1
        if turned {
            self[evidence].turned += 1
            flakes += 1
        }
    }
}
