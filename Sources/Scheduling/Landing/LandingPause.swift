import Model

/// The wait after a candidate on which the machine failed, before another one is checked.
///
/// All candidates wait together: what the machine has failed on is hardly ever the tree.
struct LandingPause: Sendable {
    /// In a row.
    private var faults = 0
    private var number = 0
    private(set) var isOn = false

    /// - Returns: nil where the wait is under way already; of candidates that were checked side by side, the first one's
    ///   wait holds for all.
    mutating func begin() -> (number: Int, seconds: Double)? {
        guard !isOn else { return nil }
        faults += 1
        number += 1
        isOn = true
        return (number, Backoff.machine.seconds(after: faults, name: "landing \(number)"))
    }

    mutating func end(_ number: Int) { if number == self.number { isOn = false } }

    /// The checks have come to an end: the machine is well.
    mutating func recover() { faults = 0 }

    /// Who takes the run up has waited long enough.
    mutating func takeUp() { isOn = false }
}

extension Scheduler {
    mutating func pauseLanding(after failure: Failure) {
        guard let pause = landingPause.begin() else { return }
        emit(.pauseLanding(.init(number: pause.number, seconds: pause.seconds, reason: failure.summary)))
    }
}
