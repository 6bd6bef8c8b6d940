/// What chance makes of a run: how long things take and how often they fail.
package struct Odds: Sendable, Equatable {
    /// Seconds of an attempt, on average; each takes between a half and one and a half of it.
    package var workerSeconds: Double
    /// Seconds of a candidate's checks, on average; each takes within a fifth of it.
    package var verifySeconds: Double
    /// The share of attempts that come to nothing before they are verified.
    package var attemptFailures: Double
    /// The share of verified attempts with which no tree passes.
    package var landingFailures: Double
    /// The share of checks that fail on a tree that is good.
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

    /// What a number is drawn for. It depends on nothing else, so that every policy meets the same fate.
    enum Draw: UInt64 { case workerSeconds, verifySeconds, attempt, landing, flake }

    /// A number from 0 up to 1.
    func number(_ draw: Draw, _ first: Int, _ second: Int = 0) -> Double {
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
