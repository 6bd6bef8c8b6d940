/// The durations and failure rates of a simulated run.
package struct Odds: Sendable, Equatable {
    /// Durations in seconds, of which each event takes one.
    package enum Durations: Sendable, Equatable {
        /// Up to a fraction shorter or longer than a mean.
        case around(Double, spread: Double)
        /// As measured.
        case measured([Double])

        /// - Parameter share: a random number from 0 up to 1.
        func seconds(at share: Double) -> Double {
            switch self {
            case .around(let mean, let spread): mean * (1 - spread + 2 * spread * share)
            case .measured(let all): all.isEmpty ? 0 : all[min(all.count - 1, Int(share * Double(all.count)))]
            }
        }
    }

    /// Of an attempt.
    package var worker: Durations
    /// Of a candidate's checks.
    package var verify: Durations
    /// Fraction of attempts that fail before they are verified.
    package var attemptFailures: Double
    /// Fraction of verified attempts that fail the landing checks in every tree.
    package var landingFailures: Double
    /// Fraction of checks that fail on a good tree.
    package var flakes: Double
    /// Seconds of the coordinator for each attempt, half at its start and half at the landing. It does one thing at a time.
    package var coordinatorSeconds: Double
    package var seed: UInt64

    package init(
        worker: Durations, verify: Durations, attemptFailures: Double = 0, landingFailures: Double = 0,
        flakes: Double = 0, coordinatorSeconds: Double = 0, seed: UInt64 = 1
    ) {
        self.worker = worker
        self.verify = verify
        self.attemptFailures = attemptFailures
        self.landingFailures = landingFailures
        self.flakes = flakes
        self.coordinatorSeconds = coordinatorSeconds
        self.seed = seed
    }

    /// - Parameters:
    ///   - workerSeconds: mean duration of an attempt. Each takes between 0.5 and 1.5 times as long.
    ///   - verifySeconds: mean duration of a candidate's checks. Each takes between 0.8 and 1.2 times as long.
    package init(
        workerSeconds: Double, verifySeconds: Double, attemptFailures: Double = 0, landingFailures: Double = 0,
        flakes: Double = 0, seed: UInt64 = 1
    ) {
        self.init(
            worker: .around(workerSeconds, spread: 0.5), verify: .around(verifySeconds, spread: 0.2),
            attemptFailures: attemptFailures, landingFailures: landingFailures, flakes: flakes, seed: seed)
    }

    /// The purpose of a random number. The number depends on nothing else, so that all policies meet the same events.
    enum Draw: UInt64 { case workerSeconds, verifySeconds, attempt, landing, flake }

    /// A number from 0 up to 1.
    func number(_ draw: Draw, _ first: Int, and second: Int = 0) -> Double {
        var state = seed
        for word in [draw.rawValue, UInt64(truncatingIfNeeded: first), UInt64(truncatingIfNeeded: second)] {
            state = Self.mixed(state &+ 0x9E37_79B9_7F4A_7C15 &+ word)
        }
        return Double(state >> 11) / Double(1 << 53)
    }

    /// The finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    private static func mixed(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
