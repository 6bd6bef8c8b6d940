/// One batch at a time; a failed one is halved, first half first (bors, https://github.com/bors-ng/bors-ng).
///
/// A batch of b tasks, each of which fails with probability p, costs 1/b + 1 - (1-p)^b verdicts a task, which is least,
/// about 2√p, near b = 1/√p (R. Dorfman, The Detection of Defective Members of Large Populations, 1943).
struct BatchPolicy: LandingPolicy {
    func size(_ view: LandingView) -> Int {
        guard view.chained == 0 else { return 0 }
        if view.failedTogether { return (view.offered + 1) / 2 }
        let best = (1 / view.statistics.failureRate.squareRoot()).rounded()
        return min(view.offered, view.maxBatch, max(1, Int(best)))
    }
}
