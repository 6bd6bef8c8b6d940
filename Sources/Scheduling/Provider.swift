import Model

/// The state of one provider. Its workers wait together when it is overloaded.
struct Provider: Sendable {
    var running = 0
    /// Cooldowns in a row without an accepted attempt.
    var refusals = 0
    /// Number of the last cooldown.
    var number = 0
    /// Seconds of the running cooldown; nil for none.
    var cooling: Double?
    /// Whether one attempt goes first after a cooldown. The others follow once it was accepted.
    var isProbing = false

    /// Whether one more of its workers may be started.
    var isOpen: Bool { cooling == nil && !(isProbing && running > 0) }

    /// Cooldowns in a row after which the run stops: about half an hour if the provider requests no wait.
    static let refusalLimit = 10
    /// Refusals of one task in a row, while others are accepted, after which the task fails.
    static let taskRefusalLimit = 20
}

extension Scheduler {
    /// The provider of the worker of the next attempt; empty for a gate, which needs none.
    func provider(of index: Index) -> String {
        let entry = entries[index]
        if entry.task.isGate || entry.task.reverts != nil { return "" }
        if let reviewer = entry.reviewProvider { return reviewer }
        return entry.request?.worker?.providerName ?? ladders[entry.task.stage][entry.rung].provider
    }

    /// Notes that the provider accepted an attempt.
    mutating func gotThrough(_ provider: String) {
        providers[provider]?.refusals = 0
        providers[provider]?.isProbing = false
    }

    /// Starts a cooldown of a provider that refused requests. The attempt is not counted.
    mutating func refused(_ index: Index, _ failure: Failure) {
        let id = entries[index].task.id
        let name = failure.provider ?? entries[index].current.provider
        entries[index].refusals += 1
        if entries[index].refusals >= Provider.taskRefusalLimit {
            return fail(
                index,
                "'\(name)' refused it \(Count.text(entries[index].refusals, "time")) in a row: \(failure.summary)")
        }
        makeReady(index)
        emit(.retry(.init(task: id, reason: failure.summary)))
        var provider = providers[name] ?? Provider()
        if provider.cooling == nil { provider.refusals += 1 }
        let seconds =
            failure.retryAfter.map { Backoff.seconds(asked: $0, name: "\(name) \(provider.number)") }
            ?? Backoff.provider.seconds(after: provider.refusals, name: name)
        // Other running workers are refused a little later. Only a longer wait changes anything.
        if provider.cooling.map({ $0 < seconds }) ?? true {
            provider.number += 1
            provider.cooling = seconds
            emit(
                .cooldown(.init(provider: name, number: provider.number, seconds: seconds, reason: failure.summary)))
        }
        providers[name] = provider
        if provider.refusals >= Provider.refusalLimit {
            let reason =
                "'\(name)' refused \(Count.text(provider.refusals, "time")) in a row, the last: \(failure.summary); look at the "
                + "account's limits, then type 'orchestrate resume'"
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
        case .landing(let number): landingCooldown.end(number)
        case .cooldown(let name, let number):
            guard providers[name]?.number == number, providers[name]?.cooling != nil else { return }
            providers[name]?.cooling = nil
            providers[name]?.isProbing = true
        }
    }
}
