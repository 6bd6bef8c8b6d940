import Model

/// The waits that a log leaves open, for a coordinator that takes the run up: a wait goes on while nobody is there.
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

    /// What is still to be waited for.
    /// - Parameter now: a clock that has jumped back makes no wait longer than it was.
    func remaining(at now: Timestamp) -> [(over: Fact.WaitOver, seconds: Double)] {
        ends.map { ($0.over, min(max(0, $0.at - now), $0.seconds)) }
    }
}
