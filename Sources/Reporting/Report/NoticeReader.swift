import Foundation
package import Model

/// Something that people want to be told while they do not look at a run.
package struct Notice: Sendable, Equatable {
    package var event: NotifyRules.Event
    package var text: String

    package init(event: NotifyRules.Event, text: String) {
        self.event = event
        self.text = text
    }
}

/// Finds in the events of a run what people are told.
package struct NoticeReader: Sendable {
    private let run: RunID
    private let budget: Budget
    private var attempts: [String: Usage] = [:]
    private var workers = 0
    private var requests = 0
    /// Seconds of the workers.
    private var workerTime = 0.0
    private var changedLines = 0
    /// When this coordinator started.
    private var started: Timestamp?
    private var told: Set<String> = []

    /// The share of a limit from which on people are told.
    private static let share = 0.8

    package init(run: RunID, budget: Budget) {
        self.run = run
        self.budget = budget
    }

    /// Returns what an event is told as, in most cases nothing.
    package mutating func take(_ event: LoggedEvent) -> [Notice] {
        var found: [Notice] = []
        switch event.body {
        case .fact(.coordinatorStarted): started = event.time
        case .fact(.message(let posted)) where posted.message.kind == .question:
            found.append(needsYou("question: \(PersonText.question(posted.message))"))
        case .fact(.attemptFailed(let fact)):
            if fact.failure.kind == .cannotBeDone || fact.failure.kind == .noReview {
                found.append(needsYou("\(fact.task): \(fact.failure.summary)"))
            }
            count(fact.task, fact.attempt, fact.usage)
            workerTime += fact.seconds
        case .fact(.attemptVerified(let fact)):
            workerTime += fact.seconds
            changedLines += fact.changes.reduce(0) { $0 + $1.added + $1.removed }
            count(fact.task, fact.attempt, fact.usage)
        case .fact(.usage(let fact)):
            requests += max(0, fact.requests ?? 0)
            count(fact.task, fact.attempt, fact.usage)
        case .fact(.workersTimed(let seconds)): workerTime = max(workerTime, seconds)
        case .fact(.workerStarted): workers += 1
        case .fact(.diskUsed(let bytes)): found += spent("disk", Double(bytes), of: budget.disk.map(Double.init))
        case .decision(.wait(let wait)) where Approval.isAwaited(by: wait.reason):
            found.append(needsYou("\(wait.task) waits for approval: orchestrate review \(wait.task)"))
        case .decision(.pause(let reason)): found.append(.init(event: .paused, text: "\(run) is paused: \(reason)"))
        case .decision(.suspend(let reason)): found.append(.init(event: .paused, text: "\(run) has stopped: \(reason)"))
        case .decision(.finish): found.append(.init(event: .finished, text: "\(run) has finished: orchestrate status"))
        default: break
        }
        return found + budgetSpent(at: event.time)
    }

    private func needsYou(_ text: String) -> Notice { Notice(event: .needsYou, text: "\(run): \(text)") }

    private mutating func count(_ task: TaskID, _ attempt: Int, _ usage: Usage?) {
        if let usage { attempts["\(attempt) \(task)"] = usage }
    }

    private mutating func budgetSpent(at time: Timestamp) -> [Notice] {
        let usage = attempts.values.reduce(Usage(), +)
        return spent("usd", usage.usd ?? 0, of: budget.usd)
            + spent("tokens", Double(usage.tokens), of: budget.tokens.map(Double.init))
            + spent("requests", Double(requests), of: budget.requests.map(Double.init))
            + spent("worker_time", workerTime, of: budget.workerTime)
            + spent("workers", Double(workers), of: budget.workers.map(Double.init))
            + spent("changed_lines", Double(changedLines), of: budget.changedLines.map(Double.init))
            + spent("wall", started.map { time - $0 } ?? 0, of: budget.wall)
    }

    /// Tells once about each limit.
    private mutating func spent(_ key: String, _ used: Double, of limit: Double?) -> [Notice] {
        guard let limit, limit > 0, used >= Self.share * limit, told.insert(key).inserted else { return [] }
        let share = Int((used / limit * 100).rounded(.down))
        return [.init(event: .budget, text: "\(run) has used \(share) % of budget.\(key)")]
    }
}

/// Notifications that wait to be sent, so that at most one is sent in each interval.
package struct NoticeQueue: Sendable {
    /// Seconds.
    private let interval: Double
    private var waiting: [Notice] = []
    private var last: Double?

    /// Seconds between two notifications.
    package static let defaultInterval = 60.0
    /// Notifications that are listed in one message; the others are counted.
    private static let most = 20

    package init(interval: Double = NoticeQueue.defaultInterval) { self.interval = interval }

    package mutating func add(_ notice: Notice) { waiting.append(notice) }

    /// When the next message may be sent; nil where nothing waits.
    package var due: Double? { waiting.isEmpty ? nil : last.map { $0 + interval } ?? -.infinity }

    /// Takes all that waits, if a message may be sent now.
    /// - Parameter now: seconds of any clock that never goes back.
    package mutating func take(at now: Double) -> [Notice] {
        guard let due, now >= due else { return [] }
        last = now
        defer { waiting = [] }
        return waiting
    }

    private struct Document: Encodable {
        struct Event: Encodable {
            var event: NotifyRules.Event
            var text: String
        }

        var version = 1
        var run: String
        var plan: String
        /// All events in words, one a line. Chat systems show the value of this key.
        var text: String
        var events: [Event]
    }

    /// One message with several notifications, as JSON on one line.
    package static func message(_ notifications: [Notice], run: RunID, plan: String) throws -> String {
        let more = notifications.count > most ? ["and \(notifications.count - most) more"] : []
        let lines = notifications.prefix(most).map { OutsideText.line($0.text) } + more
        let document = Document(
            run: run.rawValue, plan: plan, text: lines.joined(separator: "\n"),
            events: notifications.map { .init(event: $0.event, text: OutsideText.line($0.text)) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }
}
