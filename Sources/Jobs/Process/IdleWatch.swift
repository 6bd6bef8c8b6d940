#if os(Linux)
import Model

/// Looks again and again whether a process does anything.
///
/// All time is the monotonic clock's, and files are compared with what they were: a clock that is set back neither ends
/// a worker nor saves one.
struct IdleWatch: Sendable {
    let rule: IdleRule
    let files: ProcessFiles
    let census: ProcessCensus.Source

    /// Looks in one timeout: a stuck worker is seen at most an eighth late.
    private static let looks = 8.0
    private static let pauses = 0.02...10.0
    /// Of one processor; a program that only waits wakes up now and then.
    private static let leastShare = 0.01
    /// Looking at files takes a while where there are many: at most a fiftieth of the time goes into it.
    private static let filesShare = 50.0

    /// Returns the seconds for which nothing was done, once that is too long; nil when cancelled before.
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
            // A process that ends takes its time out of the sum, so the sum may fall.
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

    private var trees: UInt64 { rule.folders.reduce(0) { $0 &+ DiskFolder($1).state } }
}
#endif
