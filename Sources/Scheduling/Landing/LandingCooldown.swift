import Model

/// The wait after an infrastructure fault on a candidate, before another one is checked.
///
/// All candidates wait together, because such a fault hardly ever depends on the tree.
struct LandingCooldown: Sendable {
    /// Faults in a row.
    private var faults = 0
    private var number = 0
    private(set) var isOn = false

    /// - Returns: nil if a wait is running already. Candidates that were checked side by side share the first one's wait.
    mutating func begin() -> (number: Int, seconds: Double)? {
        guard !isOn else { return nil }
        faults += 1
        number += 1
        isOn = true
        return (number, Backoff.machine.seconds(after: faults, name: "landing \(number)"))
    }

    mutating func end(_ number: Int) { if number == self.number { isOn = false } }

    /// Ends the row of faults: checks have ended normally.
    mutating func recover() { faults = 0 }

    /// Ends the wait for a new coordinator.
    mutating func takeUp() { isOn = false }
}

extension Scheduler {
    mutating func pauseLanding(after failure: Failure) {
        guard let pause = landingCooldown.begin() else { return }
        emit(.pauseLanding(.init(number: pause.number, seconds: pause.seconds, reason: failure.summary)))
    }
}
