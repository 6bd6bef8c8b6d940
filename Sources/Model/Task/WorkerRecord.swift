/// The results of a worker's attempts over several runs.
package struct WorkerRecord: Codable, Sendable, Equatable {
    package var worker: String
    /// Attempts that count, without those that failed because of the machine, a provider or another task.
    package var attempts: Int
    /// Counted attempts that passed guards, checks and reviewers.
    package var verified: Int
    /// Attempts that passed every check that the worker can know, and failed one that is held back.
    package var heldBack = 0
    /// Requests to models, of all its attempts and their reviewers.
    package var requests = 0
    /// Tasks that landed with its work.
    package var landed: Int
    /// Seconds of all its attempts, including those that do not count.
    package var seconds: Double
    /// Usage of all its attempts; nil if it never reported any.
    package var usage: Usage?

    /// The minimum number of attempts for a meaningful record.
    package static let fewestSamples = 20

    package init(
        worker: String, attempts: Int = 0, verified: Int = 0, landed: Int = 0, seconds: Double = 0, usage: Usage? = nil
    ) {
        self.worker = worker
        self.attempts = attempts
        self.verified = verified
        self.landed = landed
        self.seconds = seconds
        self.usage = usage
    }

    /// Share of attempts that passed; nil without attempts.
    package var successRate: Double? { attempts > 0 ? Double(verified) / Double(attempts) : nil }
    package var minutesPerLanded: Double? { landed > 0 ? seconds / 60 / Double(landed) : nil }
    /// nil for a worker that asks no model.
    package var requestsPerLanded: Double? {
        landed > 0 && requests > 0 ? Double(requests) / Double(landed) : nil
    }
    package var tokensPerLanded: Double? { landed > 0 ? usage.map { Double($0.tokens) / Double(landed) } : nil }
    package var usdPerLanded: Double? { landed > 0 ? usage?.usd.map { $0 / Double(landed) } : nil }

    /// Returns the sum of two records of one worker.
    package static func + (a: WorkerRecord, b: WorkerRecord) -> WorkerRecord {
        let usage = a.usage.map { first in b.usage.map { first + $0 } ?? first } ?? b.usage
        var sum = WorkerRecord(
            worker: a.worker, attempts: a.attempts + b.attempts, verified: a.verified + b.verified,
            landed: a.landed + b.landed, seconds: a.seconds + b.seconds, usage: usage)
        sum.heldBack = a.heldBack + b.heldBack
        sum.requests = a.requests + b.requests
        return sum
    }

    /// Returns the records of several stores, summed for each worker and sorted by name.
    package static func merged(_ records: [WorkerRecord]) -> [WorkerRecord] {
        var sums: [String: WorkerRecord] = [:]
        for record in records { sums[record.worker] = sums[record.worker].map { $0 + record } ?? record }
        return sums.values.sorted { $0.worker < $1.worker }
    }
}
