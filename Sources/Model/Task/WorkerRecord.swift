/// What a worker's attempts have come to, over as many runs as were looked at.
package struct WorkerRecord: Codable, Sendable, Equatable {
    package var worker: String
    /// Attempts that say something about its work: what the machine, a provider or a neighbour spoilt is left out.
    package var attempts: Int
    /// Of those, the ones that passed guards, checks and reviewers.
    package var verified: Int
    /// Tasks that landed with what it made.
    package var landed: Int
    /// Seconds of all its attempts, the spoilt ones too: they were spent.
    package var seconds: Double
    /// Of all its attempts; nil where it never told.
    package var usage: Usage?

    /// Attempts from which on a record is believed.
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

    /// Share of attempts that passed; nil without any.
    package var successRate: Double? { attempts > 0 ? Double(verified) / Double(attempts) : nil }
    package var minutesPerLanded: Double? { landed > 0 ? seconds / 60 / Double(landed) : nil }
    package var tokensPerLanded: Double? { landed > 0 ? usage.map { Double($0.tokens) / Double(landed) } : nil }
    package var usdPerLanded: Double? { landed > 0 ? usage?.usd.map { $0 / Double(landed) } : nil }

    /// Both records as one.
    package static func + (a: WorkerRecord, b: WorkerRecord) -> WorkerRecord {
        let usage = a.usage.map { first in b.usage.map { first + $0 } ?? first } ?? b.usage
        return WorkerRecord(
            worker: a.worker, attempts: a.attempts + b.attempts, verified: a.verified + b.verified,
            landed: a.landed + b.landed, seconds: a.seconds + b.seconds, usage: usage)
    }

    /// The records of several stores, one for each worker, by name.
    package static func merged(_ records: [WorkerRecord]) -> [WorkerRecord] {
        var sums: [String: WorkerRecord] = [:]
        for record in records { sums[record.worker] = sums[record.worker].map { $0 + record } ?? record }
        return sums.values.sorted { $0.worker < $1.worker }
    }
}
