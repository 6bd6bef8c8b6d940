#if os(Linux)
import Model

/// Polls a process for signs of activity.
///
/// It uses the monotonic clock and compares files with their earlier state. So a change of the wall clock neither ends
/// a worker nor saves one.
struct IdleWatch: Sendable {
    let rule: IdleRule
    let files: ProcessFiles
    let census: ProcessCensus.Source

    /// Polls per timeout: a stuck worker is detected at most an eighth of the timeout late.
    private static let looks = 8.0
    private static let pauses = 0.02...10.0
    /// Share of one processor below which a process counts as idle. A waiting program wakes up now and then.
    private static let leastShare = 0.01
    /// Reading the state of many files is slow: it takes at most a fiftieth of the time.
    private static let filesShare = 50.0

    /// Returns the seconds of inactivity once they exceed the timeout; nil if cancelled before.
    func watch() async -> Double? {
        let pause = min(max(rule.timeout / Self.looks, Self.pauses.lowerBound), Self.pauses.upperBound)
        var since = ContinuousClock.now
        var last = since
        var nextFiles = since
        var (output, cpu, tree) = (files.size, census.cpu, trees)
        while true {
            try? await Task.sleep(for: .seconds(pause))
            if Task.isCancelled { return nil }
            let now = ContinuousClock.now
            let (newOutput, newCPU) = (files.size, census.cpu)
            // The time of a process that ends leaves the sum, so the sum may fall.
            let used = abs(newCPU - cpu)
            var isBusy = newOutput != output || used > Self.leastShare * ProcessRunner.seconds(now - last)
            (output, cpu, last) = (newOutput, newCPU, now)
            let isOver = now - since >= .seconds(rule.timeout)
            if !isBusy, isOver || now >= nextFiles {
                let new = trees
                nextFiles = .now + (ContinuousClock.now - now) * Self.filesShare
                isBusy = new != tree
                tree = new
            }
            if isBusy || rule.isExcused() {
                since = now
            } else if isOver {
                return ProcessRunner.seconds(now - since)
            }
        }
    }

    private var trees: UInt64 { rule.folders.reduce(0) { $0 &+ UntrustedFolder($1).state } }
}
#endif
