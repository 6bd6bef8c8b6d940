/// Batches of one size in a chain of one length, which `auto` is compared with.
package struct FixedPolicy: LandingPolicy {
    private let batch: Int
    private let window: Int

    /// - Parameters:
    ///   - batch: the largest number of tasks in a candidate.
    ///   - window: candidates in the chain.
    package init(batch: Int, window: Int) {
        self.batch = batch
        self.window = window
    }

    func size(_ view: LandingView) -> Int {
        guard view.chained < window else { return 0 }
        if view.failedTogether { return (view.offered + 1) / 2 }
        return min(view.offered, batch, view.maxBatch)
    }
}
