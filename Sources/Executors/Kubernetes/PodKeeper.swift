import Foundation
import Jobs

/// The waits of `orchestrate job pod`, the process of a pod: for its order, and then for somebody to fetch the result.
package struct PodKeeper: Sendable {
    private let folder: OrderFolder
    /// Between two looks at the folder.
    private let pause: Duration

    /// - Parameters:
    ///   - job: name of the job.
    ///   - root: absolute path of the folder of the machine's files.
    package init(job: String, root: String, pause: Duration = .milliseconds(50)) {
        folder = OrderFolder("\(root)/jobs/\(job)")
        self.pause = pause
    }

    /// Absolute path of the folder of the order.
    package var path: String { folder.path }

    /// Waits until the order and all its files are there.
    /// - Returns: false after so many seconds, or if the task is cancelled.
    package func waitForOrder(seconds: Double) async -> Bool {
        // `job host` writes this file when all others are in place.
        await wait(seconds) { FileManager.default.fileExists(atPath: folder.process) }
    }

    /// Waits until the folder is removed, so many seconds have passed, or the task is cancelled.
    package func keepResult(seconds: Double) async {
        _ = await wait(seconds) { !FileManager.default.fileExists(atPath: folder.path) }
    }

    private func wait(_ seconds: Double, for isThere: () -> Bool) async -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while !isThere() {
            if Task.isCancelled || ContinuousClock.now > end { return false }
            try? await Task.sleep(for: pause)
        }
        return true
    }
}
