import Coordinator
import Foundation
import Jobs
import Model
import ModelAPI
import PlanFile
import Reporting
import Synchronization

/// Tells people about a run: by a command, a webhook, or both.
///
/// The coordinator calls it from its loop, so it only notes what happened. A separate task sends it, at most one message
/// in a minute; what happens meanwhile goes into the next message.
final class Notifier: RunObserver {
    private struct State {
        var reader: NoticeReader?
        var queue: NoticeQueue
        var run: RunID?
        var isEnding = false
    }

    private let plan: Plan
    private let targets: [NotifyRules]
    private let state: Mutex<State>
    private let folder: String

    /// - Parameters:
    ///   - folder: an existing folder for messages and for the output of the command.
    ///   - interval: seconds between two messages.
    /// - Returns: nil if nobody is to be told.
    init?(
        _ plan: Plan, user: NotifyRules?, folder: String, interval: Double = NoticeQueue.defaultInterval
    ) {
        targets = [plan.notify, user].compactMap { $0 }.filter { $0.run != nil || $0.webhook != nil }
        guard !targets.isEmpty else { return nil }
        self.plan = plan
        self.folder = folder
        state = Mutex(State(queue: NoticeQueue(interval: interval)))
    }

    /// The rules of the user's configuration; nil where there is no such file.
    /// - Throws: `PlanProblems`.
    static func userRules(environment: [String: String] = Terminal.environment) throws -> NotifyRules? {
        guard let home = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map({ "\($0)/.config" }) else {
            return nil
        }
        let path = "\(home)/orchestrate/\(NotifyFile.name)"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try NotifyFile.load(path).get()
    }

    func began(_ run: RunID, tasks: [MigrationTask], events: [LoggedEvent], leftovers: Int) {
        state.withLock { state in
            var reader = NoticeReader(run: run, budget: plan.budget)
            // An earlier coordinator has told of these.
            for event in events { _ = reader.take(event) }
            state.reader = reader
            state.run = run
        }
    }

    func happened(_ events: [LoggedEvent], counts: [TaskState: Int]) {
        state.withLock { state in
            for event in events {
                for notification in state.reader?.take(event) ?? []
                where targets.contains(where: { $0.events.contains(notification.event) }) {
                    state.queue.add(notification)
                }
            }
        }
    }

    func entered(_ phase: RunPhase, task: TaskID) {}

    // MARK: Sending

    private static let look = Duration.milliseconds(200)
    private static let patience = 20.0
    private static let outputLimit = 1 << 20

    private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

    /// Sends messages until `end`. It is never cancelled: a message that is being sent is not lost.
    func run() async {
        while !state.withLock(\.isEnding) {
            await sendDue()
            try? await Task.sleep(for: Self.look)
        }
    }

    func end() { state.withLock { $0.isEnding = true } }

    /// Sends what is left, which may have to wait for the end of the minute.
    /// - Parameter waiting: called with the seconds to wait, before the wait.
    func finish(waiting: (Double) -> Void) async {
        guard let due = state.withLock({ $0.queue.due }) else { return }
        let seconds = due - Self.now
        if seconds > 0 {
            waiting(seconds)
            try? await Task.sleep(for: .seconds(seconds))
        }
        await sendDue()
    }

    private func sendDue() async {
        let (notifications, run) = state.withLock { ($0.queue.take(at: Self.now), $0.run) }
        guard !notifications.isEmpty, let run else { return }
        for target in targets {
            let chosen = notifications.filter { target.events.contains($0.event) }
            guard !chosen.isEmpty, let text = try? NoticeQueue.message(chosen, run: run, plan: plan.name) else {
                continue
            }
            if let command = target.run { await tell(text, by: command) }
            guard let url = target.webhook else { continue }
            do {
                try await Webhook.post(Array(text.utf8), to: url)
            } catch {
                // The address may have a secret in it.
                Terminal.say("note: a notification did not reach the webhook: \(error)")
            }
        }
    }

    private func tell(_ text: String, by command: String) async {
        let message = "\(folder)/notification-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: message) }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: message))
        } catch {
            return Terminal.say("note: a notification could not be written: \(error.localizedDescription)")
        }
        let outcome = await ProcessRunner(marker: "notify \(folder)").run(
            ProcessRequest(
                command: .shell(command), directory: folder, environment: Terminal.environment, input: .file(message),
                output: .combined("\(folder)/notify.log"), timeout: Self.patience, outputLimit: Self.outputLimit))
        if outcome.ending != .exited(0) {
            Terminal.say("note: the command of 'notify' failed; \(folder)/notify.log has its output")
        }
    }
}

/// Several observers as one.
struct RunObservers: RunObserver {
    let all: [any RunObserver]

    func began(_ run: RunID, tasks: [MigrationTask], events: [LoggedEvent], leftovers: Int) {
        for each in all { each.began(run, tasks: tasks, events: events, leftovers: leftovers) }
    }

    func happened(_ events: [LoggedEvent], counts: [TaskState: Int]) {
        for each in all { each.happened(events, counts: counts) }
    }

    func entered(_ phase: RunPhase, task: TaskID) {
        for each in all { each.entered(phase, task: task) }
    }
}
