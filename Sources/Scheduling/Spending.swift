import Model

/// The budget of a run and what the run has used of it.
struct Spending: Sendable {
    /// A cap that can be reached, by its key below `budget`.
    enum Key: String, Sendable, CaseIterable {
        case usd, tokens, requests, disk, workers
        case workerTime = "worker_time"
        case changedLines = "changed_lines"
    }

    var budget = Budget()
    /// Cost of all attempts, with what running attempts have reported so far.
    var usd = 0.0
    var tokens = 0
    /// Requests to models, of all attempts.
    var requests = 0
    /// Seconds of all workers together, as last told.
    var workerTime = 0.0
    /// Bytes.
    var disk = 0
    /// Changed lines of all verified tasks; a task that is done again counts once.
    var changedLines = 0
    /// Workers started so far.
    var workers = 0
    /// Running attempts whose worker has not been started yet. A task that is already done needs none.
    var workersAwaited = 0

    /// The first cap that is reached; nil if more may be started.
    var spent: Key? { Key.allCases.first(where: isSpent) }

    func isSpent(_ key: Key) -> Bool {
        switch key {
        case .usd: budget.usd.map { usd >= $0 } ?? false
        case .tokens: budget.tokens.map { tokens >= $0 } ?? false
        case .requests: budget.requests.map { requests >= $0 } ?? false
        case .workerTime: budget.workerTime.map { workerTime >= $0 } ?? false
        case .disk: budget.disk.map { disk >= $0 } ?? false
        case .changedLines: budget.changedLines.map { changedLines >= $0 } ?? false
        case .workers: budget.workers.map { workers >= $0 } ?? false
        }
    }

    /// The cap because of which a worker that asks its model is ended.
    ///
    /// A request counts when it is made, so the worker that made the last one may still use its answer.
    var spentOnModels: Key? {
        if isSpent(.usd) { return .usd }
        if isSpent(.tokens) { return .tokens }
        return budget.requests.map { requests > $0 } ?? false ? .requests : nil
    }

    /// Whether the running attempts will use up the cap on workers.
    var awaitsLastWorker: Bool { budget.workers.map { workers + workersAwaited >= $0 } ?? false }

    /// A sentence for people: what was used of a cap, and how to raise it.
    func words(_ key: Key) -> String {
        let (used, over): (String, String?) =
            switch key {
            case .usd: Self.compared(usd, budget.usd ?? 0) { "\(Self.money($0)) USD" }
            case .tokens: Self.compared(tokens, budget.tokens ?? 0) { "\($0) tokens" }
            case .requests:
                Self.compared(requests, budget.requests ?? 0) { $0 == 1 ? "1 request" : "\($0) requests" }
            case .workerTime:
                Self.compared(workerTime.whole, (budget.workerTime ?? 0).whole) { "\($0) s" }
            case .disk: Self.compared(disk, budget.disk ?? 0) { "\($0 >> 20) MiB" }
            case .changedLines:
                Self.compared(changedLines, budget.changedLines ?? 0) { $0 == 1 ? "1 line" : "\($0) lines" }
            case .workers: Self.compared(workers, budget.workers ?? 0) { $0 == 1 ? "1 worker" : "\($0) workers" }
            }
        return "budget.\(key.rawValue) is spent: \(used)"
            + (over.map { " (\($0) over, by running attempts)" } ?? "")
            + "; raise it in the plan, then type 'orchestrate resume --plan FILE'"
    }

    private static func compared<Amount: Comparable & AdditiveArithmetic>(
        _ used: Amount, _ cap: Amount, _ words: (Amount) -> String
    ) -> (used: String, over: String?) {
        ("\(words(used)) of \(words(cap))", used > cap ? words(used - cap) : nil)
    }

    /// An amount with two decimals, or four if it is below a tenth.
    private static func money(_ amount: Double) -> String {
        let digits = amount < 0.1 ? 4 : 2
        let unit = digits == 4 ? 10_000 : 100
        let parts = (amount * Double(unit)).whole
        let rest = String(parts % unit)
        return "\(parts / unit)." + String(repeating: "0", count: digits - rest.count) + rest
    }
}

extension Scheduler {
    /// Why a task may not be started now although a worker is free.
    enum Obstacle: Sendable {
        /// It depends on the running attempts whether the task may start.
        case underWay
        case spent(Spending.Key)
    }

    func obstacle(toStarting index: Index) -> Obstacle? {
        if entries[index].task.isGate { return nil }
        if let key = spending.spent { return .spent(key) }
        if spending.awaitsLastWorker { return .underWay }
        // A checkpoint after five tasks must not leave six for a person to look at.
        let underWay = [TaskState.running, .verified, .landing].reduce(0) { $0 + counts[$1, default: 0] }
        return watch.taskLimit.map { watch.over + underWay >= $0 } ?? false ? .underWay : nil
    }

    mutating func startDraining(_ key: Spending.Key) {
        if startDraining(.spent(key)) { emit(.drain(reason: spending.words(key))) }
    }

    /// Ends everything under way: the budget of time is hard.
    mutating func timeIsUp(_ reason: String) {
        guard !isStopped else { return }
        emit(.stop(reason: reason))
    }

    mutating func startDraining(_ reason: String) {
        if startDraining(.asked(reason)) { emit(.drain(reason: reason)) }
    }

    /// - Returns: false if the run drains already: the first reason counts.
    @discardableResult
    mutating func startDraining(_ why: Drain) -> Bool {
        guard drain == nil else { return false }
        drain = why
        endAllRedos()
        return true
    }

    /// Counts the usage that a running worker reports. A worker that used up its own budget or the run's is ended now,
    /// between two of its turns.
    mutating func usage(_ told: Fact.UsageTold) {
        guard let index = current(told.task, told.attempt) else { return }
        if let usage = told.usage { setUsage(of: index, usage) }
        let requests = max(0, told.requests ?? 0)
        spending.requests = spending.requests.saturatingSum(requests)
        entries[index].current.requests = entries[index].current.requests.saturatingSum(requests)
        guard !entries[index].current.isEnding else { return }
        if let failure = attemptFailure(index) {
            endAttempt(index, failure)
        } else if let key = spending.spentOnModels {
            startDraining(key)
            endAttempt(index, Failure(kind: .interrupted, summary: "ended: \(spending.words(key))"))
        }
    }

    /// Ends all workers once their time together is spent.
    mutating func workersTimed(_ seconds: Double) {
        spending.workerTime = max(seconds, spending.workerTime)
        guard !isStopped, spending.isSpent(.workerTime) else { return }
        startDraining(.workerTime)
        let failure = Failure(kind: .interrupted, summary: "ended: \(spending.words(.workerTime))")
        for index in entries.indices where entries[index].state == .running && entries[index].current.hasWorker {
            endAttempt(index, failure)
        }
    }

    private func attemptFailure(_ index: Index) -> Failure? {
        let ladder = ladders[entries[index].task.stage]
        guard let budget = ladder[entries[index].rung].budget else { return nil }
        let current = entries[index].current
        if let usd = budget.usd, current.usd >= usd {
            return Failure(kind: .budget, summary: "the attempt used up its budget of \(usd) USD")
        }
        if let tokens = budget.tokens, current.tokens >= tokens {
            return Failure(kind: .budget, summary: "the attempt used up its budget of \(tokens) tokens")
        }
        // A request counts when it is made, so only one more is too many.
        if let requests = budget.requests, current.requests > requests {
            return Failure(kind: .budget, summary: "the attempt used up its budget of \(requests) requests")
        }
        return nil
    }

    mutating func endAttempt(_ index: Index, _ failure: Failure) {
        guard !entries[index].current.isEnding else { return }
        entries[index].current.isEnding = true
        emit(.end(.init(task: entries[index].task.id, attempt: entries[index].attempts, failure: failure)))
    }

    /// Sets the usage of the running attempt since its start. What was used once is not given back.
    private mutating func setUsage(of index: Index, _ usage: Usage) {
        let tokens = max(usage.tokens, entries[index].current.tokens)
        spending.tokens = spending.tokens.saturatingSum(tokens - entries[index].current.tokens)
        entries[index].current.tokens = tokens
        let usd = max(usage.usd ?? 0, entries[index].current.usd)
        spending.usd += usd - entries[index].current.usd
        entries[index].current.usd = usd
    }

    /// - Parameter usage: of the whole attempt; nil to keep what was reported while it ran.
    mutating func endUsage(of index: Index, _ usage: Usage?) {
        if let usage { setUsage(of: index, usage) }
        entries[index].current.tokens = 0
        entries[index].current.usd = 0
        entries[index].current.requests = 0
    }

    mutating func limitsChanged(_ change: Fact.LimitsChanged) {
        spending.budget = change.budget
        watch.replace(with: change.checkpoints)
        if let landing = change.landing { take(landing) }
    }
}
