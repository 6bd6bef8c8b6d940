import Model

/// The open waits of a log, for the next coordinator. A wait continues while no coordinator runs.
struct OpenWaits {
    private var ends: [(over: Fact.WaitOver, at: Timestamp, seconds: Double)] = []

    init(_ events: [LoggedEvent]) {
        var attempts: [TaskID: Int] = [:]
        for event in events {
            switch event.body {
            case .decision(.start(let start)): attempts[start.task] = start.attempt
            case .decision(.retry(let retry)):
                guard let seconds = retry.delay else { continue }
                let over = Fact.WaitOver.retry(task: retry.task, attempt: attempts[retry.task] ?? 0)
                ends.append((over, event.time + seconds, seconds))
            case .decision(.cooldown(let cooldown)):
                let over = Fact.WaitOver.cooldown(provider: cooldown.provider, number: cooldown.number)
                ends.append((over, event.time + cooldown.seconds, cooldown.seconds))
            case .fact(.waitOver(let over)): ends.removeAll { $0.over == over }
            default: break
            }
        }
    }

    /// Returns the open waits, with the seconds that remain.
    /// - Parameter now: the current time. If the clock was set back, a wait still lasts at most its full time.
    func remaining(at now: Timestamp) -> [(over: Fact.WaitOver, seconds: Double)] {
        ends.map { ($0.over, min(max(0, $0.at - now), $0.seconds)) }
    }
}
