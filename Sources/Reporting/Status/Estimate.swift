/// An estimate of how long the rest of a run takes, from the medians of its attempts and landings so far.
package enum Estimate {
    /// Verified attempts that an estimate needs.
    package static let fewestSamples = 3
    /// How many samples count: the latest, because tasks grow as a migration climbs the dependencies.
    package static let usefulSamples = 50

    /// The checks of a candidate that landed, and how many tasks landed with it.
    package struct Landing: Sendable, Equatable {
        package var seconds: Double
        package var tasks: Int
        /// When the checks ended, in seconds since any fixed moment.
        package var ended: Double

        package init(seconds: Double, tasks: Int, ended: Double) {
            self.seconds = seconds
            self.tasks = tasks
            self.ended = ended
        }
    }

    /// What is left to do.
    package struct Rest: Sendable, Equatable {
        /// Tasks that still need an attempt, running ones included.
        package var unverified: Int
        /// Tasks that are verified and have not landed.
        package var verified: Int
        /// Tasks in the longest chain of dependencies among both.
        package var chain: Int

        package init(unverified: Int, verified: Int, chain: Int) {
            self.unverified = unverified
            self.verified = verified
            self.chain = chain
        }
    }

    /// Landed candidates that count for the speed of the landing queue: the latest, because batches grow and shrink.
    private static let usefulBatches = 20
    /// Landed candidates from which the speed is measured.
    private static let fewestBatches = 4

    /// The largest of three bounds: the work shared by all workers, the longest chain of dependencies, and the landing
    /// queue at the speed at which tasks have landed lately. That speed includes rejected tasks, batches and slots. Before
    /// enough candidates have landed, it follows from the duration of their checks.
    /// - Parameters:
    ///   - attemptSeconds: seconds of each verified attempt.
    ///   - landings: of the candidates that landed, the latest first.
    ///   - workers: workers that run side by side.
    ///   - slots: candidates that are checked side by side.
    ///   - now: in seconds since the same moment as `Landing.ended`.
    /// - Returns: seconds, or nil while there are too few samples; 0 if nothing is open.
    package static func seconds(
        attemptSeconds: [Double], landings: [Landing], rest: Rest, workers: Int, slots: Int, now: Double
    ) -> Double? {
        let open = rest.unverified + rest.verified
        guard open > 0 else { return 0 }
        guard attemptSeconds.count >= fewestSamples else { return nil }
        let attempt = median(attemptSeconds)
        let landing = median(landings.map(\.seconds))
        let work = Double(rest.unverified) / Double(max(1, workers)) * attempt
        let queue = Double(open) * secondsPerTask(landings, slots: slots, now: now)
        return max(
            work + (rest.unverified > 0 ? landing : 0), Double(rest.chain) * (attempt + landing), queue, landing)
    }

    /// Returns the seconds from one landed task to the next.
    private static func secondsPerTask(_ landings: [Landing], slots: Int, now: Double) -> Double {
        let latest = landings.prefix(usefulBatches)
        guard let first = latest.last, let last = latest.first else { return 0 }
        let tasks = latest.dropLast().reduce(0) { $0 + $1.tasks }
        if latest.count >= fewestBatches, now > first.ended, tasks > 0 {
            // A candidate that is overdue counts, and the pause since the last landing does not.
            let end = min(now, last.ended + median(landings.map(\.seconds)))
            return (max(end, last.ended) - first.ended) / Double(tasks)
        }
        let batch = Double(max(1, latest.reduce(0) { $0 + $1.tasks })) / Double(latest.count)
        return median(landings.map(\.seconds)) / batch / Double(max(1, slots))
    }

    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
