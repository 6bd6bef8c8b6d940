import Foundation
import Model
import Store

/// A forecast of what the rest of a run uses, from the tasks that have ended in it.
package struct RestForecast: Sendable, Equatable {
    /// A task that has ended, with all its attempts.
    package struct Sample: Sendable, Equatable {
        package var lines: Int
        package var worker: String
        package var attempts: Int
        package var seconds: Double
        package var tokens: Int?
        package var usd: Double?

        package init(
            lines: Int, worker: String, attempts: Int, seconds: Double, tokens: Int? = nil, usd: Double? = nil
        ) {
            (self.lines, self.worker, self.attempts, self.seconds) = (lines, worker, attempts, seconds)
            (self.tokens, self.usd) = (tokens, usd)
        }
    }

    /// A figure that is exceeded in half and in a tenth of all cases.
    package struct Range: Sendable, Equatable, Encodable {
        package var p50: Double
        package var p90: Double
    }

    /// Tasks that have ended.
    package var samples: Int
    /// Tasks that have not.
    package var open: Int
    package var attempts: Range
    /// Seconds of work, all workers together.
    package var seconds: Range
    /// nil where no worker reports any.
    package var tokens: Range?
    package var usd: Range?

    /// Ended tasks that a forecast needs.
    package static let fewestSamples = 5
    /// The 90th percentile of the normal distribution, in standard deviations.
    private static let ninety = 1.2816

    /// - Parameters:
    ///   - samples: the ended tasks.
    ///   - open: lines of the files of each task that has not ended.
    /// - Returns: nil with too few samples, or if nothing is open.
    package init?(_ samples: [Sample], open: [Int]) {
        guard samples.count >= Self.fewestSamples, !open.isEmpty else { return nil }
        let classes = Classes(samples, open: open)
        self.samples = samples.count
        self.open = open.count
        attempts = classes.range { Double($0.attempts) } ?? Range(p50: 0, p90: 0)
        seconds = classes.range(\.seconds) ?? Range(p50: 0, p90: 0)
        tokens = classes.range { $0.tokens.map(Double.init) }
        usd = classes.range(\.usd)
    }

    /// Small and large tasks, which are forecast apart if there are enough of both.
    private struct Classes {
        let parts: [(samples: [Sample], open: Int)]

        init(_ samples: [Sample], open: [Int]) {
            let middle = samples.map(\.lines).sorted()[samples.count / 2]
            let small = samples.filter { $0.lines < middle }
            let large = samples.filter { $0.lines >= middle }
            let smallOpen = open.count { $0 < middle }
            let isApart = small.count >= fewestSamples && large.count >= fewestSamples
            parts = isApart ? [(small, smallOpen), (large, open.count - smallOpen)] : [(samples, open.count)]
        }

        /// Returns the sum over the open tasks. Its variance is that of the tasks, and that of their mean, which is known
        /// from few samples only.
        func range(_ figure: (Sample) -> Double?) -> Range? {
            var (sum, variance) = (0.0, 0.0)
            for part in parts where part.open > 0 {
                let values = part.samples.compactMap(figure)
                guard values.count >= 2 else { return nil }
                let (count, open) = (Double(values.count), Double(part.open))
                let mean = values.reduce(0, +) / count
                let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
                sum += open * mean
                variance += open * spread + open * open * spread / count
            }
            return Range(p50: sum, p90: sum + ninety * variance.squareRoot())
        }
    }

    /// `12 tasks: 45,000 to 61,000 tokens, 0.41 to 0.62 USD, 13 to 16 attempts, 9 min to 12 min of work`
    func words() -> String {
        var parts: [String] = []
        if let usd { parts.append("\(UsageText.money(usd.p50)) to \(UsageText.money(usd.p90)) USD") }
        if let tokens { parts.append("\(UsageText.rounded(tokens.p50)) to \(UsageText.rounded(tokens.p90)) tokens") }
        parts.append("\(Int(attempts.p50.rounded(.up))) to \(Int(attempts.p90.rounded(.up))) attempts")
        parts.append("\(TimeText.about(seconds.p50)) to \(TimeText.about(seconds.p90)) of work")
        return "rest: \(Count.text(open, "task")), \(parts.joined(separator: ", ")) (p50 to p90)"
    }
}

extension RestForecast {
    init?(_ view: StoreView, _ run: RunRecord) throws(StoreError) {
        guard run.state != .finished else { return nil }
        let tasks = try view.tasks(of: run.id).filter { !$0.files.isEmpty }
        let effort = try view.effort(of: run.id)
        let samples = tasks.compactMap { task -> Sample? in
            guard [.landed, .failed].contains(task.state), let sum = effort[task.id] else { return nil }
            return Sample(
                lines: task.figures.lines, worker: sum.worker, attempts: sum.attempts, seconds: sum.seconds,
                tokens: sum.usage?.tokens, usd: sum.usage?.usd)
        }
        self.init(samples, open: tasks.filter { !$0.state.isSettled }.map(\.figures.lines))
    }
}
