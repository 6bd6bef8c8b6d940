import Model

/// What a run has used of what it may use.
struct Spending: Sendable {
    /// A cap that can be reached, by its key below `budget`.
    enum Key: String, Sendable, CaseIterable {
        case usd, tokens, disk, workers
        case changedLines = "changed_lines"
    }

    var budget = Budget()
    /// Of attempts that are over and, as far as they have told, of those under way.
    var usd = 0.0
    var tokens = 0
    /// Bytes.
    var disk = 0
    /// Of all tasks that were verified, each counted once.
    var changedLines = 0
    /// Started so far.
    var workers = 0
    /// Attempts under way whose worker has not been started yet, and may never be if the task is found done.
    var workersAwaited = 0

    /// The first cap that is reached; more may not be begun.
    var spent: Key? {
        Key.allCases.first { key in
            switch key {
            case .usd: budget.usd.map { usd >= $0 } ?? false
            case .tokens: budget.tokens.map { tokens >= $0 } ?? false
            case .disk: budget.disk.map { disk >= $0 } ?? false
            case .changedLines: budget.changedLines.map { changedLines >= $0 } ?? false
            case .workers: budget.workers.map { workers >= $0 } ?? false
            }
        }
    }

    /// Whether what is used while a worker runs is at its cap.
    var isModelSpent: Bool { spent == .usd || spent == .tokens }

    /// Every worker that may be started is under way already.
    var awaitsLastWorker: Bool { budget.workers.map { workers + workersAwaited >= $0 } ?? false }

    /// What was used of a cap, and what to do about it.
    func words(_ key: Key) -> String {
        let (used, over): (String, String?) =
            switch key {
            case .usd: Self.compared(usd, budget.usd ?? 0) { "\(Self.money($0)) USD" }
            case .tokens: Self.compared(tokens, budget.tokens ?? 0) { "\($0) tokens" }
            case .disk: Self.compared(disk, budget.disk ?? 0) { "\($0 >> 20) MiB" }
            case .changedLines:
                Self.compared(changedLines, budget.changedLines ?? 0) { $0 == 1 ? "1 line" : "\($0) lines" }
            case .workers: Self.compared(workers, budget.workers ?? 0) { $0 == 1 ? "1 worker" : "\($0) workers" }
            }
        return "budget.\(key.rawValue) is spent: \(used)"
            + (over.map { " (\($0) more than it, by what was under way)" } ?? "")
            + "; raise it in the plan and type 'orchestrate resume --plan FILE' to go on"
    }

    private static func compared<Amount: Comparable & AdditiveArithmetic>(
        _ used: Amount, _ cap: Amount, _ words: (Amount) -> String
    ) -> (used: String, over: String?) {
        ("\(words(used)) of \(words(cap))", used > cap ? words(used - cap) : nil)
    }

    /// Cents, and smaller parts only where there is nothing else.
    private static func money(_ amount: Double) -> String {
        let digits = amount < 0.1 ? 4 : 2
        let unit = digits == 4 ? 10_000 : 100
        let parts = Int((amount * Double(unit)).rounded())
        let rest = String(parts % unit)
        return "\(parts / unit)." + String(repeating: "0", count: digits - rest.count) + rest
    }
}

extension Scheduler {
    /// Why a task may not be started now although a worker is free.
    enum Obstacle: Sendable {
        /// What is under way decides whether it may be.
        case underWay
        case spent(Spending.Key)
    }

    func obstacle(toStarting index: Index) -> Obstacle? {
        if entries[index].task.isGate { return nil }
        if let key = spending.spent { return .spent(key) }
        if spending.awaitsLastWorker { return .underWay }
        // A checkpoint after five tasks is there so that no more than five are looked at.
        let underWay = [TaskState.running, .verified, .landing].reduce(0) { $0 + counts[$1, default: 0] }
        return watch.taskLimit.map { watch.over + underWay >= $0 } ?? false ? .underWay : nil
    }

    mutating func startDraining(_ key: Spending.Key) {
        if startDraining(.spent(key)) { emit(.drain(reason: spending.words(key))) }
    }

    mutating func startDraining(_ reason: String) {
        if startDraining(.asked(reason)) { emit(.drain(reason: reason)) }
    }

    /// - Returns: false where the run drains already; the first reason counts.
    @discardableResult
    mutating func startDraining(_ why: Drain) -> Bool {
        guard drain == nil else { return false }
        drain = why
        endAllRedos()
        return true
    }

    /// Takes in what a running worker has used. One that has used up its own budget, or the last of the run's, is
    /// ended now, between two of its turns.
    mutating func usage(_ told: Fact.UsageTold) {
        guard let index = current(told.task, told.attempt) else { return }
        setUsage(of: index, told.usage)
        guard !entries[index].current.isEnding else { return }
        if let failure = attemptFailure(index) {
            endAttempt(index, failure)
        } else if spending.isModelSpent, let key = spending.spent {
            startDraining(key)
            endAttempt(index, Failure(kind: .interrupted, summary: "ended: \(spending.words(key))"))
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
        return nil
    }

    mutating func endAttempt(_ index: Index, _ failure: Failure) {
        guard !entries[index].current.isEnding else { return }
        entries[index].current.isEnding = true
        emit(.end(.init(task: entries[index].task.id, attempt: entries[index].attempts, failure: failure)))
    }

    /// What the attempt under way has used from its beginning to now.
    private mutating func setUsage(of index: Index, _ usage: Usage) {
        spending.tokens += usage.tokens - entries[index].current.tokens
        entries[index].current.tokens = usage.tokens
        guard let usd = usage.usd else { return }
        spending.usd += usd - entries[index].current.usd
        entries[index].current.usd = usd
    }

    /// - Parameter usage: of the whole attempt; nil leaves what was told while it ran.
    mutating func endUsage(of index: Index, _ usage: Usage?) {
        if let usage { setUsage(of: index, usage) }
        entries[index].current.tokens = 0
        entries[index].current.usd = 0
    }

    mutating func limitsChanged(_ change: Fact.LimitsChanged) {
        spending.budget = change.budget
        watch.replace(with: change.checkpoints)
    }
}
