package import Model

/// Progress where there is no terminal: one line for each event that a reader of a log wants to see.
///
/// It takes every event of the run, so that its counts stay right after `resume`.
package struct ProgressLines: Sendable {
    private let clockOffset: Int
    private var total = 0
    /// Ends of stages, which are not counted.
    private var gates: Set<TaskID> = []
    private var done: Set<TaskID> = []
    private var seconds: [TaskID: Double] = [:]

    /// Columns of the longest word of an event, `candidate failed`.
    private static let wordWidth = 16

    /// - Parameter clockOffset: seconds that the reader's clock is ahead of UTC.
    package init(clockOffset: Int) { self.clockOffset = clockOffset }

    /// Takes in an event.
    /// - Returns: its lines without newlines, such as
    ///   `12:03:05 landed            lib-foo.py  a1b2c3d4e5  2.1 s  (12/287)`.
    package mutating func lines(for event: LoggedEvent) -> [String] {
        if case .fact(.landed(let landed)) = event.body {
            return landed.commits.map { line(event, "landed", parts: landingParts($0)) }
        }
        switch event.body {
        case .fact(let fact): count(fact)
        case .decision(let decision): count(decision)
        }
        guard Self.isShown(event.body), !isAboutGate(event.body) else { return [] }
        let text = EventText(event.body)
        var parts = [text.task?.rawValue ?? "", text.detail]
        if case .fact(.message(let posted)) = event.body, posted.message.kind == .question {
            parts[1] += "; orchestrate answer \(posted.message.id) TEXT"
        }
        if Self.showsTally(event.body) { parts.append(tally) }
        return [line(event, text.word, parts: parts)]
    }

    private func line(_ event: LoggedEvent, _ word: String, parts: [String]) -> String {
        let clock = TimeText.clock(event.time, offset: clockOffset)
        let text = parts.filter { !$0.isEmpty }.joined(separator: "  ")
        return "\(clock) \(TextWidth.pad(word, Self.wordWidth))  \(TextWidth.safe(text))"
    }

    private func isAboutGate(_ body: LoggedEvent.Body) -> Bool {
        guard case .fact(.foundDone(let found)) = body else { return false }
        return gates.contains(found.task)
    }

    /// How many tasks are done, of all.
    package var tally: String { "(\(done.count)/\(total))" }

    private mutating func landingParts(_ commit: Fact.Landed.Commit) -> [String] {
        done.insert(commit.task)
        let taken = seconds.removeValue(forKey: commit.task).map(TimeText.span) ?? ""
        return [commit.task.rawValue, commit.commit.short, taken, tally]
    }

    private mutating func count(_ fact: Fact) {
        switch fact {
        case .runStarted(let started):
            gates = Set(started.tasks.filter(\.isGate).map(\.id))
            total = started.tasks.count - gates.count
            done = Set(started.landedBefore.map(\.task))
        case .foundDone(let found): if !gates.contains(found.task) { done.insert(found.task) }
        case .attemptVerified(let verified): seconds[verified.task] = verified.seconds
        case .tasksAdded(let added): total += added.tasks.count
        default: break
        }
    }

    private mutating func count(_ decision: Decision) {
        switch decision {
        case .revert: total += 1
        case .split(let split): total += split.parts.count
        case .cover(let cover): done.insert(cover.task)
        // A landed task is done again once its commit was reverted.
        case .retry(let retry): done.remove(retry.task)
        default: break
        }
    }

    private static func isShown(_ body: LoggedEvent.Body) -> Bool {
        switch body {
        case .fact(let fact): isShown(fact)
        case .decision(let decision): isShown(decision)
        }
    }

    private static func isShown(_ fact: Fact) -> Bool {
        switch fact {
        case .reviewStarted, .attemptVerified, .candidatePassed, .probed, .usage, .waitOver, .control, .diskUsed,
            .workersTimed, .workerHeld, .messagesGiven, .checked, .filesProbed, .splitProposed, .attemptSplit:
            false
        case .message(let posted): posted.message.audience == .human || posted.message.kind == .decision
        case .runStarted, .coordinatorStarted, .coordinatorStopped, .coordinatorLost, .draining, .workerStarted,
            .foundDone, .attemptFailed, .candidateFailed, .landed, .tipMoved, .base, .limitsChanged, .tasksAdded,
            .flaky, .baselineChecked, .finalChecked:
            true
        }
    }

    private static func isShown(_ decision: Decision) -> Bool {
        switch decision {
        case .start, .check, .probe, .dissolve, .land, .follow, .adopt, .join: false
        case .retry, .fail, .skip, .block, .wait, .checkFinal, .finish, .cooldown, .pauseLanding, .end, .drain, .pause,
            .proceed, .suspend, .stop, .reviewed, .revert, .answer, .split, .cover:
            true
        }
    }

    /// Whether the line ends with how many tasks are done.
    private static func showsTally(_ body: LoggedEvent.Body) -> Bool {
        switch body {
        case .fact(.coordinatorStopped), .fact(.coordinatorLost), .fact(.draining), .fact(.foundDone),
            .fact(.tasksAdded):
            true
        case .decision(.finish), .decision(.drain), .decision(.pause), .decision(.suspend), .decision(.stop): true
        default: false
        }
    }
}
