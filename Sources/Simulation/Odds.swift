/// The durations and failure rates of a simulated run.
package struct Odds: Sendable, Equatable {
    /// Mean duration of an attempt in seconds. Each takes between 0.5 and 1.5 times as long.
    package var workerSeconds: Double
    /// Mean duration of a candidate's checks in seconds. Each takes between 0.8 and 1.2 times as long.
    package var verifySeconds: Double
    /// Fraction of attempts that fail before they are verified.
    package var attemptFailures: Double
    /// Fraction of verified attempts that fail the landing checks in every tree.
    package var landingFailures: Double
    /// Fraction of checks that fail on a good tree.
    package var flakes: Double
    package var seed: UInt64

    package init(
        workerSeconds: Double, verifySeconds: Double, attemptFailures: Double = 0, landingFailures: Double = 0,
        flakes: Double = 0, seed: UInt64 = 1
    ) {
        self.workerSeconds = workerSeconds
        self.verifySeconds = verifySeconds
        self.attemptFailures = attemptFailures
        self.landingFailures = landingFailures
        self.flakes = flakes
        self.seed = seed
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
