import Coordinator
import Foundation
import Git
import Model
import Reporting
import Store
import Web

/// Reads a run for the page, and sends the page's commands.
actor ServeSource: PageSource {
    private let choice: RunChoice
    private var chosen: RunChoice.Chosen
    private var shown: Shown?

    /// The last overview, and what it was made from.
    private struct Shown {
        var signal: Int
        var isOwned: Bool
        var time: ContinuousClock.Instant
        var text: String
    }

    /// A busy run changes the store many times a second. Who asks earlier after a change waits, and gets no old state.
    private static let leastAge = Duration.milliseconds(450)
    /// Times in the overview go on although nothing has changed.
    private static let mostAge = Duration.seconds(5)

    init(_ choice: RunChoice, _ chosen: RunChoice.Chosen) {
        self.choice = choice
        self.chosen = chosen
    }

    func overview() async throws -> String {
        let asked = ContinuousClock.now
        while true {
            try followLatestRun()
            let now = ContinuousClock.now
            let signal = try chosen.reader.changeSignal()
            let isOwned = chosen.owner != nil
            if let shown {
                let age = now - shown.time
                let isSame = shown.signal == signal && shown.isOwned == isOwned
                // Another viewer may have had it made while this one waited.
                if isSame && (!isOwned || age < Self.mostAge) || shown.time >= asked { return shown.text }
                if age < Self.leastAge {
                    try await Task.sleep(for: Self.leastAge - age)
                    continue
                }
            }
            let report = try StatusReport(
                chosen.reader, run: chosen.run, owner: chosen.owner, now: .now,
                activity: ActivityReader(chosen.state, run: chosen.run).source, owners: chosen.owners(),
                requests: chosen.requests)
            let text = try PageDocument(chosen.reader, report).json()
            shown = Shown(signal: signal, isOwned: isOwned, time: now, text: text)
            return text
        }
    }

    /// A new run may have started since the page was opened.
    private func followLatestRun() throws {
        guard choice.run == nil else { return }
        let plan = choice.plan == nil ? nil : chosen.plan.name
        let latest = try chosen.reader.read { try $0.latestRun(plan: plan)?.id }
        guard let latest, latest != chosen.run else { return }
        chosen = try choice.choose()
        shown = nil
        diffs = [:]
    }

    /// Changes of commits, which never change.
    private var diffs: [ObjectID: String] = [:]

    func review() throws -> String {
        let queue = try reviewQueue()
        return OutsideText.json(try queue.page())
    }

    private func reviewQueue() throws -> ReviewQueue {
        let repository = chosen.repository
        return try ReviewQueue(chosen.reader, run: chosen.run) { id in
            if let known = diffs[id] { return known }
            let diff = try repository.patch(of: id)
            diffs[id] = diff
            return diff
        }
    }

    private func decide(_ review: PageCommand.Review) async throws -> PageAnswer {
        let queue = try reviewQueue()
        let items = queue.items(named: review.name)
        guard !items.isEmpty else { return PageAnswer(isAccepted: false, text: "no landed commit is named so") }
        guard let kind = ReviewDecision.Kind(rawValue: review.decision) else {
            return PageAnswer(isAccepted: false, text: "this is no decision")
        }
        if kind == .reject, (review.text ?? "").isEmpty {
            return PageAnswer(isAccepted: false, text: "a rejection needs a reason: it goes into the next prompt")
        }
        let answer = try await ReviewSender(chosen: chosen, queue: queue)
            .decide(kind, items.map(\.task.id), text: review.text ?? "")
        return PageAnswer(isAccepted: answer.isAccepted, text: answer.text)
    }

    private struct TaskDocument: Encodable {
        var explain: String
        var log: String
        var prompt: String?
        var diff: String?
    }

    /// Columns of the texts.
    private static let width = 110
    /// Bytes of a diff or a prompt.
    private static let longest = 256 << 10

    func task(_ name: String) throws -> String {
        let layout = Layout(width: Self.width, clockOffset: TimeZone.current.secondsFromGMT())
        let record = try chosen.reader.read { try $0.task(named: name, of: chosen.run) }
        let explain = try ExplainReport(
            chosen.reader, run: chosen.run, task: record.id.rawValue, owner: chosen.owner, now: .now)
        let document = TaskDocument(
            explain: explain.text(layout, now: .now),
            log: try TaskLog(chosen.reader, run: chosen.run, task: record.id.rawValue).text(layout),
            prompt: prompt(of: record), diff: try diff(of: record))
        return OutsideText.json(String(decoding: try JSONEncoder().encode(document), as: UTF8.self))
    }

    private func prompt(of task: TaskRecord) -> String? {
        let path = "\(chosen.state.jobs)/\(chosen.run)/\(task.id)/\(task.attempts)/prompt.md"
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return OutsideText.lines(String(decoding: data.prefix(Self.longest), as: UTF8.self))
    }

    private func diff(of task: TaskRecord) throws -> String? {
        let report = try ReviewReport(chosen.reader, run: chosen.run, task: task.id.rawValue)
        // Objects of a run that was cleaned up may be gone.
        guard let id = report.commits.last, let commit = try? chosen.repository.commit(id) else { return nil }
        let before = try commit.parents.first.map { try chosen.repository.treeOf($0) }
        let patch = try chosen.repository.patch(from: before, to: commit.tree)
        return OutsideText.lines(String(decoding: Array(patch.utf8).prefix(Self.longest), as: UTF8.self))
    }

    func metrics() throws -> (contentType: String, text: String) {
        try followLatestRun()
        let report = try MetricsReport(chosen.reader, run: chosen.run, owner: chosen.owner, now: .now)
        return (MetricsReport.contentType, report.text)
    }

    func send(_ command: PageCommand) async throws -> PageAnswer {
        let chosen = chosen
        do {
            if let review = command.review { return try await decide(review) }
            let (control, canQueue) = try Self.control(command, chosen)
            let reply = try await CommandSender(chosen: chosen, canQueue: canQueue).deliver(control)
            return PageAnswer(isAccepted: reply.isAccepted, text: reply.text)
        } catch let outcome as Outcome {
            return PageAnswer(isAccepted: false, text: outcome.message ?? "refused")
        }
    }

    private static func control(
        _ command: PageCommand, _ chosen: RunChoice.Chosen
    ) throws -> (command: Control.Command, canQueue: Bool) {
        if let name = command.failures {
            let row = try chosen.failureClass(named: name)
            let request = command.note.map { RetryRequest(note: $0) }
            let action: ClassCommand.Action = command.verb == .skip ? .skip : .retry(request: request, sample: 5)
            return (.forClass(.init(name: row.id, tasks: row.open, action: action)), true)
        }
        guard let name = command.task else {
            switch command.verb {
            case .pause: return (.pause, false)
            case .continue: return (.proceed, chosen.canQueueCommands)
            case .approve, .retry, .skip, .prioritise, .review: throw Outcome(code: .usage, message: "no task is named")
            }
        }
        let id = try chosen.reader.read { try $0.task(named: name, of: chosen.run) }.id
        switch command.verb {
        case .approve: return (.approve(task: id), chosen.canQueueCommands)
        case .retry: return (.retry(task: id, request: command.note.map { RetryRequest(note: $0) }), true)
        case .skip: return (.skip(task: id), chosen.canQueueCommands)
        case .prioritise: return (.prioritise(task: id), chosen.canQueueCommands)
        case .pause, .continue, .review: throw Outcome(code: .usage, message: "this command is about the whole run")
        }
    }
}
