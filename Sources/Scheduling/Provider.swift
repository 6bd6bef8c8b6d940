import Model

/// What is known of one provider, whose workers wait together when it is overloaded.
struct Provider: Sendable {
    var running = 0
    /// Cooldowns in a row without an attempt that got through.
    var refusals = 0
    /// Of the last cooldown.
    var number = 0
    /// Seconds of the cooldown under way.
    var cooling: Double?
    /// After a cooldown one attempt goes first; the others follow once it got through.
    var isProbing = false

    /// Whether one more of its workers may be started.
    var isOpen: Bool { cooling == nil && !(isProbing && running > 0) }

    /// Cooldowns in a row after which nobody should wait any longer: about half an hour where no wait is asked for.
    static let refusalLimit = 10
    /// Refusals of one task in a row, while others get through, after which the task itself is the reason.
    static let taskRefusalLimit = 20
}

extension Scheduler {
    /// Whose worker makes the next attempt; a gate needs none.
    func provider(of index: Index) -> String {
        let entry = entries[index]
        if entry.task.isGate { return "" }
        return entry.request?.worker?.providerName ?? ladders[entry.task.stage][entry.rung].provider
    }

    /// An attempt of the provider has ended with something else than a refusal.
    mutating func gotThrough(_ provider: String) {
        providers[provider]?.refusals = 0
        providers[provider]?.isProbing = false
    }

    /// A provider took no more requests: its workers wait together, and the task costs no attempt.
    mutating func refused(_ index: Index, _ failure: Failure) {
        let id = entries[index].task.id
        let name = failure.provider ?? entries[index].current.provider
        entries[index].refusals += 1
        if entries[index].refusals >= Provider.taskRefusalLimit {
            return setAside(
                index, "'\(name)' refused it \(entries[index].refusals) times in a row: \(failure.summary)")
        }
        makeReady(index)
        emit(.retry(.init(task: id, reason: failure.summary)))
        var provider = providers[name] ?? Provider()
        if provider.cooling == nil { provider.refusals += 1 }
        let seconds =
            failure.retryAfter.map { Backoff.seconds(asked: $0, name: "\(name) \(provider.number)") }
            ?? Backoff.provider.seconds(after: provider.refusals, name: name)
        // Workers that were under way hear the same a little later; only a longer wait is news.
        if provider.cooling.map({ $0 < seconds }) ?? true {
            provider.number += 1
            provider.cooling = seconds
            emit(
                .cooldown(.init(provider: name, number: provider.number, seconds: seconds, reason: failure.summary)))
        }
        providers[name] = provider
        if provider.refusals >= Provider.refusalLimit {
            let reason =
                "'\(name)' refused \(provider.refusals) times in a row, the last: \(failure.summary); look at the "
                + "account's limits, then 'orchestrate resume' goes on"
            startDraining(reason)
        }
    }

    mutating func waitOver(_ over: Fact.WaitOver) {
        switch over {
        case .retry(let task, let attempt):
            guard let index = indexOf[task], entries[index].state == .ready, entries[index].isDelayed,
                entries[index].attempts == attempt
            else { return }
            entries[index].isDelayed = false
            enqueue(index)
        case .landing(let number): landingPause.end(number)
        case .cooldown(let name, let number):
            guard providers[name]?.number == number, providers[name]?.cooling != nil else { return }
            providers[name]?.cooling = nil
            providers[name]?.isProbing = true
        }
    }
}
