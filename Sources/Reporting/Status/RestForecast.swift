import Foundation
import Model
package import Store

/// A forecast of what the rest of a run uses, from the tasks that have ended in it.
package struct RestForecast: Sendable, Equatable {
    /// A task that has ended, with all its attempts.
    package struct Sample: Sendable, Equatable {
        /// What one worker has used for it.
        package struct Part: Sendable, Equatable {
            package var worker: String
            package var attempts: Int
            package var seconds: Double
            package var tokens: Int?
            package var usd: Double?

            package init(worker: String, attempts: Int, seconds: Double, tokens: Int? = nil, usd: Double? = nil) {
                (self.worker, self.attempts, self.seconds) = (worker, attempts, seconds)
                (self.tokens, self.usd) = (tokens, usd)
            }
        }

        package var lines: Int
        /// In the order in which the workers were used.
        package var parts: [Part]

        package init(lines: Int, parts: [Part]) { (self.lines, self.parts) = (lines, parts) }

        package init(
            lines: Int, worker: String, attempts: Int, seconds: Double, tokens: Int? = nil, usd: Double? = nil
        ) {
            self.init(
                lines: lines,
                parts: [Part(worker: worker, attempts: attempts, seconds: seconds, tokens: tokens, usd: usd)])
        }

        /// Returns the sum of a figure over some parts; nil if none has it.
        fileprivate func sum(of worker: String?, _ figure: (Part) -> Double?) -> Double? {
            let own = parts.filter { worker == nil || $0.worker == worker }
            // A worker that a task did not need used nothing for it.
            if own.isEmpty { return 0 }
            let known = own.compactMap(figure)
            return known.isEmpty ? nil : known.reduce(0, +)
        }
    }

    /// A figure that is exceeded in half and in a tenth of all cases.
    package struct Range: Sendable, Equatable, Encodable {
        package var p50: Double
        package var p90: Double
    }

    /// What is forecast of some tasks.
    package struct Figures: Sendable, Equatable {
        package var attempts: Range
        /// Seconds of work, all workers together.
        package var seconds: Range
        /// nil where no worker reports any.
        package var tokens: Range?
        package var usd: Range?
    }

    /// The figures of one worker.
    package struct WorkerShare: Sendable, Equatable {
        package var worker: String
        package var figures: Figures
    }

    /// The figures of the tasks of one size.
    package struct SizeShare: Sendable, Equatable {
        /// Lines of the smallest task; 0 for no limit.
        package var from: Int
        /// Lines of the smallest task that is too large; nil for no limit.
        package var below: Int?
        package var tasks: Int
        package var figures: Figures
    }

    /// Tasks that have ended.
    package var samples: Int
    /// Tasks that have not.
    package var open: Int
    package var all: Figures
    /// In the order in which the workers were first used.
    package var workers: [WorkerShare]
    /// Small tasks, then large ones; one entry if they are not forecast apart.
    package var sizes: [SizeShare]

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
        all = classes.figures(of: nil)
        var names: [String] = []
        for part in samples.flatMap(\.parts) where !names.contains(part.worker) { names.append(part.worker) }
        workers = names.map { WorkerShare(worker: $0, figures: classes.figures(of: $0)) }
        sizes = classes.parts.filter { $0.open > 0 }.map { part in
            SizeShare(
                from: part.from, below: part.below, tasks: part.open, figures: Classes(parts: [part]).figures(of: nil))
        }
    }

    /// Small and large tasks, which are forecast apart if there are enough of both.
    private struct Classes {
        struct Part {
            var samples: [Sample]
            var open: Int
            var from = 0
            var below: Int?
        }

        let parts: [Part]

        init(parts: [Part]) { self.parts = parts }

        init(_ samples: [Sample], open: [Int]) {
            let middle = samples.map(\.lines).sorted()[samples.count / 2]
            let small = samples.filter { $0.lines < middle }
            let large = samples.filter { $0.lines >= middle }
            let smallOpen = open.count { $0 < middle }
            let isApart = small.count >= fewestSamples && large.count >= fewestSamples
            parts =
                isApart
                ? [
                    Part(samples: small, open: smallOpen, below: middle),
                    Part(samples: large, open: open.count - smallOpen, from: middle),
                ] : [Part(samples: samples, open: open.count)]
        }

        /// - Parameter worker: nil for all workers together.
        func figures(of worker: String?) -> Figures {
            Figures(
                attempts: range { $0.sum(of: worker) { Double($0.attempts) } } ?? Range(p50: 0, p90: 0),
                seconds: range { $0.sum(of: worker, \.seconds) } ?? Range(p50: 0, p90: 0),
                tokens: known(of: worker) { $0.tokens.map(Double.init) }, usd: known(of: worker, \.usd))
        }

        /// Returns a figure that some workers do not report; nil if none of them does.
        private func known(of worker: String?, _ figure: (Sample.Part) -> Double?) -> Range? {
            let told = parts.flatMap(\.samples).flatMap(\.parts).contains {
                (worker == nil || $0.worker == worker) && figure($0) != nil
            }
            return told ? range { $0.sum(of: worker, figure) } : nil
        }

        /// Returns the sum over the open tasks. Its variance is that of the tasks, and that of their mean, which is known
        /// from few samples only.
        private func range(_ figure: (Sample) -> Double?) -> Range? {
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

    /// The forecast in lines: all of it, and each worker and each size where there are several.
    ///
    /// - Parameter subject: what is forecast.
    package func lines(_ subject: String = "rest") -> [String] {
        var lines = [words(subject)]
        if workers.count > 1 { lines += workers.map { "  \($0.worker): \(Self.words($0.figures))" } }
        if sizes.count > 1 {
            lines += sizes.map { size in
                let name = size.below.map { "below \($0) lines" } ?? "from \(size.from) lines on"
                return "  \(Count.text(size.tasks, "task")) \(name): \(Self.words(size.figures))"
            }
        }
        return lines
    }

    /// `rest: 12 tasks, 0.41 to 0.62 USD, 45,000 to 61,000 tokens, 13 to 16 attempts, 9 min to 12 min of work (p50 to p90)`
    package func words(_ subject: String = "rest") -> String {
        "\(subject): \(Count.text(open, "task")), \(Self.words(all)) (p50 to p90)"
    }

    private static func words(_ figures: Figures) -> String {
        var parts: [String] = []
        if let usd = figures.usd { parts.append("\(UsageText.money(usd.p50)) to \(UsageText.money(usd.p90)) USD") }
        if let tokens = figures.tokens {
            parts.append("\(UsageText.rounded(tokens.p50)) to \(UsageText.rounded(tokens.p90)) tokens")
        }
        let (attempts, seconds) = (figures.attempts, figures.seconds)
        parts.append("\(Int(attempts.p50.rounded(.up))) to \(Int(attempts.p90.rounded(.up))) attempts")
        parts.append("\(TimeText.about(seconds.p50)) to \(TimeText.about(seconds.p90)) of work")
        return parts.joined(separator: ", ")
    }
}

extension RestForecast {
    /// The forecast for the open tasks of a run; nil for a finished one.
    package init?(_ view: StoreView, _ run: RunRecord) throws(StoreError) {
        guard run.state != .finished else { return nil }
        try self.init(run, tasks: view.tasks(of: run.id), effort: view.effortByWorker(of: run.id))
    }

    /// The same, from what was read before.
    init?(_ run: RunRecord, tasks: [TaskRecord], effort: [TaskID: [TaskEffort]]) {
        guard run.state != .finished else { return nil }
        let open = tasks.filter { !$0.files.isEmpty && !$0.state.isSettled }
        self.init(tasks, effort: effort, open: open.map(\.figures.lines))
    }

    /// The forecast for the tasks of a new run.
    ///
    /// - Parameters:
    ///   - plan: the name of the plan; its last run with enough tasks is used.
    ///   - open: lines of the files of each task.
    package init?(_ reader: StoreReader, plan: String, open: [Int]) throws(StoreError) {
        let found = try reader.read { view -> RestForecast? in
            for run in try view.runs() where run.plan.name == plan {
                if let forecast = try RestForecast(view, from: run, open: open) { return forecast }
            }
            return nil
        }
        guard let found else { return nil }
        self = found
    }

    private init?(_ view: StoreView, from run: RunRecord, open: [Int]) throws(StoreError) {
        self.init(try view.tasks(of: run.id), effort: try view.effortByWorker(of: run.id), open: open)
    }

    private init?(_ tasks: [TaskRecord], effort: [TaskID: [TaskEffort]], open: [Int]) {
        let samples = tasks.compactMap { task -> Sample? in
            guard !task.files.isEmpty, [.landed, .failed].contains(task.state), let parts = effort[task.id] else {
                return nil
            }
            return Sample(
                lines: task.figures.lines,
                parts: parts.map {
                    .init(
                        worker: $0.worker, attempts: $0.attempts, seconds: $0.seconds, tokens: $0.usage?.tokens,
                        usd: $0.usage?.usd)
                })
        }
        self.init(samples, open: open)
    }
}
