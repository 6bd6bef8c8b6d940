import Model
import Synchronization

/// A collector of verdicts until a run exists and they can be logged.
final class NewVerdicts: Sendable {
    private let bodies = Mutex<[Fact]>([])

    func add(_ verdicts: [Verdict], _ rates: [FlakeRate]) {
        bodies.withLock { $0 += [.checked(.init(verdicts: verdicts))] + rates.map { .flaky($0) } }
    }

    var facts: [Fact] { bodies.withLock { $0 } }
}
