/// An estimate of how long the rest of a run takes, from the medians of its attempts and landings so far.
package enum Estimate {
    /// Verified attempts that an estimate needs.
    package static let fewestSamples = 3
    /// How many samples count: the latest, because tasks grow as a migration climbs the dependencies.
    package static let usefulSamples = 50

    /// The largest of three bounds: the work shared by all workers, the longest chain of dependencies, and the
    /// landing queue, which lands one after another.
    /// - Parameters:
    ///   - attemptSeconds: seconds of each verified attempt.
    ///   - landingSeconds: seconds of each landed candidate.
    ///   - open: tasks that are not settled.
    ///   - chain: tasks in the longest chain of dependencies among those.
    ///   - workers: workers that run side by side.
    /// - Returns: seconds, or nil while there are too few samples; 0 if nothing is open.
    package static func seconds(
        attemptSeconds: [Double], landingSeconds: [Double], open: Int, chain: Int, workers: Int
    ) -> Double? {
        guard open > 0 else { return 0 }
        guard attemptSeconds.count >= fewestSamples else { return nil }
        let attempt = median(attemptSeconds)
        let landing = median(landingSeconds)
        let rounds = (Double(open) / Double(max(1, workers))).rounded(.up)
        return max(rounds * attempt, Double(chain) * (attempt + landing), Double(open) * landing)
    }

    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
