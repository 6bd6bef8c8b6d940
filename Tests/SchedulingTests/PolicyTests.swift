import Model
import Testing

@testable import Scheduling

@Suite struct PolicyTests {
    private func view(
        offered: Int, failedTogether: Bool = false, chained: Int = 0, tasksAhead: Int = 0, checking: Int = 0,
        slots: Int = 4, maxBatch: Int = 100, workersWait: Bool = false,
        statistics: LandingStatistics = LandingStatistics()
    ) -> LandingView {
        LandingView(
            offered: offered, failedTogether: failedTogether, chained: chained, tasksAhead: tasksAhead,
            checking: checking, slots: slots, maxBatch: maxBatch, workersWait: workersWait,
            statistics: statistics)
    }

    @Test func `the plan's word chooses the policy`() {
        #expect(LandingRules(policy: .auto).makePolicy(slots: 2) is AutoPolicy)
        #expect(LandingRules(policy: .serial).makePolicy(slots: 2) is SerialPolicy)
        #expect(LandingRules(policy: .batch).makePolicy(slots: 2) is BatchPolicy)
        #expect(LandingRules(policy: .speculative).makePolicy(slots: 2) is SpeculativePolicy)
    }

    @Test func `serial takes one task, and none while a candidate is checked`() {
        #expect(SerialPolicy().size(view(offered: 5)) == 1)
        #expect(SerialPolicy().size(view(offered: 0)) == 0)
        #expect(SerialPolicy().size(view(offered: 5, chained: 1)) == 0)
    }

    @Test func `batch takes the size with the fewest verdicts, within offer and limit`() {
        // One task in ten fails: 1/√0.1 is 3.2.
        #expect(BatchPolicy().size(view(offered: 50)) == 3)
        #expect(BatchPolicy().size(view(offered: 2)) == 2)
        #expect(BatchPolicy().size(view(offered: 50, maxBatch: 1)) == 1)
        #expect(BatchPolicy().size(view(offered: 50, chained: 1)) == 0)
    }

    @Test(arguments: [(1, 1), (2, 1), (3, 2), (8, 4), (9, 5)])
    func `batch halves tasks that failed together, the larger half first`(_ offered: Int, _ size: Int) {
        #expect(BatchPolicy().size(view(offered: offered, failedTogether: true)) == size)
    }

    @Test func `the speculative window starts at three, grows by one and is halved down to three`() {
        func window(_ policy: SpeculativePolicy) -> Int {
            (0...20).first { policy.size(view(offered: 9, chained: $0)) == 0 } ?? 0
        }
        var policy = SpeculativePolicy(slots: 10)
        #expect(window(policy) == 3)
        for _ in 0..<4 { policy.landed(1) }
        #expect(window(policy) == 7)
        policy.failed()
        #expect(window(policy) == 3)
        for _ in 0..<20 { policy.landed(1) }
        #expect(window(policy) == 10)
        policy.failed()
        #expect(window(policy) == 5)
        #expect(window(SpeculativePolicy(slots: 2)) == 2)
        var narrow = SpeculativePolicy(slots: 1)
        narrow.failed()
        #expect(window(narrow) == 1)
        #expect(policy.size(view(offered: 0)) == 0)
        #expect(policy.size(view(offered: 9)) == 1)
    }

    @Test func `auto takes what is there, and fills a batch while another is checked`() {
        let auto = AutoPolicy()
        #expect(auto.size(view(offered: 3)) == 3)
        #expect(auto.size(view(offered: 0)) == 0)
        #expect(auto.size(view(offered: 3, checking: 4)) == 0)
        #expect(auto.size(view(offered: 3, chained: 1, checking: 1)) == 0)
        #expect(auto.size(view(offered: 3, chained: 1, checking: 1, workersWait: true)) == 3)
        #expect(auto.size(view(offered: 3, chained: 1, checking: 1, maxBatch: 1)) == 1)
        // One in ten fails, as is assumed at first: with four slots, batches of four land the most.
        #expect(auto.size(view(offered: 100, chained: 1, checking: 1)) == 4)
    }

    @Test func `auto doubles its batches on green and, with one slot, halves them on red`() {
        var auto = AutoPolicy()
        func size(_ maxBatch: Int = 1024) -> Int { auto.size(view(offered: 1000, slots: 1, maxBatch: maxBatch)) }
        #expect(size() == 4)
        auto.landed(4)
        #expect(size() == 8)
        auto.landed(1)
        auto.landed(nil)
        #expect(size() == 8)
        auto.landed(8)
        auto.landed(16)
        #expect(size(32) == 32)
        auto.failed()
        #expect(size() == 16)
        for _ in 0..<9 { auto.failed() }
        #expect(size() == 1)
    }

    @Test func `with more slots, a batch is as large as lets the chain land the most`() {
        var green = LandingStatistics()
        green.landed(990)
        var auto = AutoPolicy()
        #expect(auto.size(view(offered: 1000, slots: 4, statistics: green)) == 4)
        for _ in 0..<3 { auto.landed(1000) }
        #expect(auto.size(view(offered: 1000, slots: 4, statistics: green)) == 32)
        auto.failed()
        #expect(auto.size(view(offered: 1000, slots: 4, statistics: green)) == 32)
        // One in three fails: with larger batches hardly any would pass.
        var red = LandingStatistics()
        red.landed(200)
        for _ in 0..<100 { red.rejectedOne() }
        #expect(auto.size(view(offered: 1000, slots: 4, statistics: red)) == 1)
        #expect(AutoPolicy.best(failureRate: 0.1, slots: 2) > 1)
        #expect(AutoPolicy.best(failureRate: 0.01, slots: 8) > AutoPolicy.best(failureRate: 0.05, slots: 8))
        #expect(AutoPolicy.best(failureRate: 0, slots: 8) >= 512)
    }

    @Test func `auto splits tasks that failed together over the free slots and one more`() {
        let auto = AutoPolicy()
        #expect(auto.size(view(offered: 20, failedTogether: true)) == 4)
        #expect(auto.size(view(offered: 20, failedTogether: true, checking: 3)) == 10)
        #expect(auto.size(view(offered: 1, failedTogether: true)) == 1)
    }

    @Test func `auto checks nothing behind a chain that hardly passes`() {
        // 0.9 to the 28th is 0.052, to the 29th 0.047.
        #expect(AutoPolicy().size(view(offered: 3, tasksAhead: 28)) == 3)
        #expect(AutoPolicy().size(view(offered: 3, tasksAhead: 29)) == 0)
        var statistics = LandingStatistics()
        for _ in 0..<10 { statistics.judged(after: 1) }
        statistics.flaked(5)
        // Half of the verdicts are flakes: 0.5 to the 4th is 0.063, to the 5th 0.031.
        #expect(AutoPolicy().size(view(offered: 3, checking: 4, slots: 8, statistics: statistics)) == 3)
        #expect(AutoPolicy().size(view(offered: 3, checking: 5, slots: 8, statistics: statistics)) == 0)
    }

    @Test func `every eighth failure is checked again even where flakes are rare`() {
        var statistics = LandingStatistics()
        // A check takes nine times as long as an attempt: only a share of flakes above a tenth is worth another one.
        statistics.judged(after: 9)
        statistics.attempted(for: 1)
        #expect(AutoPolicy().confirms(.once, statistics))
        for number in 1...40 {
            statistics.failedAlone(.once)
            statistics.confirmed(.once, turned: false)
            if number > 10 { #expect(AutoPolicy().confirms(.once, statistics) == (number % 8 == 0), "\(number)") }
        }
        #expect(AutoPolicy().confirms(.twice, statistics))
        var cheap = LandingStatistics()
        cheap.judged(after: 1)
        cheap.attempted(for: 99)
        for _ in 0..<21 {
            cheap.failedAlone(.once)
            cheap.confirmed(.once, turned: false)
        }
        #expect(AutoPolicy().confirms(.once, cheap))
        #expect(SerialPolicy().confirms(.once, statistics))
    }
}

@Suite struct LandingStatisticsTests {
    @Test func `before anything is known one task in ten fails`() {
        #expect(LandingStatistics().failureRate == 0.1)
        #expect(LandingStatistics().flakeRate == 0)
        #expect(LandingStatistics().checkShare == 0.5)
        #expect(LandingStatistics().turnedShare(.once) == 0.2)
    }

    @Test func `landings lower the failure rate, rejections raise it up to a half`() {
        var statistics = LandingStatistics()
        statistics.landed(10)
        #expect(statistics.failureRate == 1 / 20.0)
        statistics.rejectedOne()
        #expect(statistics.failureRate == 2 / 21.0)
        for _ in 0..<100 { statistics.rejectedOne() }
        #expect(statistics.failureRate == 0.5)
    }

    @Test func `flakes of earlier runs count for at most twenty verdicts, and only at the start`() {
        var statistics = LandingStatistics()
        statistics.begin(with: FlakeRate(check: "tests", runs: 100, flakes: 10))
        #expect(abs(statistics.flakeRate - 0.1) < 1e-9)
        for _ in 0..<20 { statistics.judged(after: 1) }
        #expect(abs(statistics.flakeRate - 2 / 40.0) < 1e-9)
        statistics.begin(with: FlakeRate(check: "more", runs: 10, flakes: 10))
        #expect(abs(statistics.flakeRate - 2 / 40.0) < 1e-9)
        var few = LandingStatistics()
        few.begin(with: FlakeRate(check: "tests", runs: 4, flakes: 1))
        #expect(few.flakeRate == 0.25)
        few.begin(with: FlakeRate(check: "more", runs: 8, flakes: 1))
        #expect(few.flakeRate == 0.25)
    }

    @Test func `flakes are counted against verdicts, up to a half`() {
        var statistics = LandingStatistics()
        for _ in 0..<10 { statistics.judged(after: 2) }
        statistics.flaked(2)
        #expect(statistics.flakeRate == 0.2)
        statistics.confirmed(.once, turned: true)
        #expect(statistics.flakes == 3)
        statistics.confirmed(.once, turned: false)
        #expect(statistics.flakes == 3)
        statistics.flaked(90)
        #expect(statistics.flakeRate == 0.5)
    }

    @Test func `the share of a check is its mean time beside that of an attempt`() {
        var statistics = LandingStatistics()
        statistics.judged(after: 10)
        statistics.judged(after: 20)
        statistics.attempted(for: 45)
        #expect(statistics.checkShare == 0.25)
        statistics.judged(after: -30)
        #expect(abs(statistics.checkShare - 10 / 55.0) < 1e-9)
    }

    @Test func `the two kinds of evidence are counted apart`() {
        var statistics = LandingStatistics()
        statistics.failedAlone(.once)
        statistics.failedAlone(.once)
        statistics.failedAlone(.twice)
        #expect(statistics.failures(.once) == 2 && statistics.failures(.twice) == 1)
        statistics.confirmed(.twice, turned: true)
        #expect(abs(statistics.turnedShare(.twice) - 2 / 6.0) < 1e-9)
        #expect(statistics.turnedShare(.once) == 0.2)
        statistics.confirmed(.once, turned: false)
        #expect(abs(statistics.turnedShare(.once) - 1 / 6.0) < 1e-9)
    }
}

@Suite struct CollisionDetectorTests {
    private func change(_ path: String) -> [ChangedPath] { [ChangedPath(path: path, added: 1, removed: 0)] }

    @Test func `a path that four in five tasks change and one in five collide on is shared by nearly all`() {
        var detector = CollisionDetector()
        for number in 0..<10 { detector.verified(change(number < 8 ? "log" : "other")) }
        detector.collided(on: ["log"])
        #expect(!detector.nearlyAllCollide)
        detector.collided(on: ["log"])
        #expect(detector.nearlyAllCollide)
    }

    @Test func `a path that fewer tasks change is not, however often they collide`() {
        var detector = CollisionDetector()
        for number in 0..<10 { detector.verified(change(number < 7 ? "log" : "other")) }
        for _ in 0..<9 { detector.collided(on: ["log"]) }
        #expect(!detector.nearlyAllCollide)
    }

    @Test func `attempts without collisions end it`() {
        var detector = CollisionDetector()
        for _ in 0..<5 { detector.verified(change("log")) }
        detector.collided(on: ["log"])
        #expect(detector.nearlyAllCollide)
        detector.verified(change("log"))
        #expect(!detector.nearlyAllCollide)
    }
}
