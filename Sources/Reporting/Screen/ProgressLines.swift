package import Model

/// Progress where there is no terminal: one line for each event that a reader of a log wants to see.
///
/// It is told every event of the run, so that after `resume` its counts go on where they were.
package struct ProgressLines: Sendable {
    private let clockOffset: Int
    private var total = 0
    private var green: Set<TaskID> = []
    private var seconds: [TaskID: Double] = [:]

    /// - Parameter clockOffset: seconds that the reader's clock is ahead of UTC.
    package init(clockOffset: Int) { self.clockOffset = clockOffset }

    /// Takes in an event.
    /// - Returns: its lines without newlines, such as `12:03:05 landed    lib-foo.py  a1b2c3d4e5  2.1 s  (12/287)`.
    package mutating func lines(for event: LoggedEvent) -> [String] {
        let texts =
            switch event.body {
            case .fact(let fact): facts(fact)
            case .decision(let decision): decisions(decision)
            }
        let clock = TimeText.clock(event.time, offset: clockOffset)
        return texts.map { word, text in "\(clock) \(TextWidth.pad(word, 9))  \(TextWidth.safe(text))" }
    }

    private var tally: String { "(\(green.count)/\(total))" }

    private mutating func facts(_ fact: Fact) -> [(String, String)] {
        switch fact {
        case .runStarted(let started):
            total = started.tasks.count
            green = Set(started.landedBefore.map(\.task))
            return [("started", "\(started.plan.name): \(Count.text(total, "task")) from \(started.base.short)")]
        case .coordinatorStarted(let started):
            return [("begun", "process \(started.processID), branch at \(started.tip.short)")]
        case .coordinatorLost(let process): return [("lost", "process \(process) ended without a word  \(tally)")]
        case .coordinatorStopped(let reason): return [("stopped", "\(reason)  \(tally)")]
        case .draining(let reason): return [("draining", "\(reason)  \(tally)")]
        case .workerStarted(let started):
            return [("working", "\(started.task)  \(started.worker), attempt \(started.attempt)")]
        case .foundDone(let found):
            green.insert(found.task)
            return [("green", "\(found.task)  was done already  \(tally)")]
        case .attemptVerified(let verified):
            seconds[verified.task] = verified.seconds
            return []
        case .attemptFailed(let failed):
            return [("failed", "\(failed.task)  attempt \(failed.attempt): \(failed.failure.summary)")]
        case .candidatePassed: return []
        case .candidateFailed(let failed):
            let subject = failed.task?.rawValue ?? "candidate \(failed.candidate)"
            return [("rejected", "\(subject)  \(failed.failure.summary)")]
        case .landed(let landed):
            return landed.commits.map { commit in
                green.insert(commit.task)
                let taken = seconds.removeValue(forKey: commit.task).map { "  \(TimeText.span($0))" } ?? ""
                return ("landed", "\(commit.task)  \(commit.commit.short)\(taken)  \(tally)")
            }
        case .tipMoved(let found): return [("moved", "somebody else moved the branch to \(found.short)")]
        case .usage, .waitOver, .control, .diskUsed: return []
        case .limitsChanged: return [("changed", "the run goes on with another budget or other checkpoints")]
        case .message(let posted): return [MessageText.progress(posted)].compactMap { $0 }
        case .messagesGiven: return []
        case .tasksAdded(let added):
            total += added.tasks.count
            return [("added", "\(MessageText.names(added.tasks))  \(added.reason)  \(tally)")]
        case .checked: return []
        case .flaky(let rate): return [("flaky", VerdictText.flaky(rate))]
        case .baselineChecked(let checked): return [("base", VerdictText.whole(checked.checks))]
        case .base(let change): return [("base", BaseText.words(change))]
        case .finalChecked(let checked): return [("final", VerdictText.whole(checked.checks))]
        }
    }

    private func decisions(_ decision: Decision) -> [(String, String)] {
        switch decision {
        case .start, .check, .dissolve, .land: []
        case .retry(let retry):
            [
                (
                    "retry",
                    "\(retry.task)  \(retry.reason)"
                        + (retry.delay.map { "; again in \(TimeText.span($0))" } ?? "")
                )
            ]
        case .fail(let fail): [("failed", "\(fail.task)  \(fail.reason)")]
        case .skip(let skip): [("skipped", "\(skip.task)  \(skip.reason)")]
        case .block(let block): [("blocked", "\(block.task)  by \(block.cause)")]
        case .wait(let wait): [("waits", "\(wait.task)  \(wait.reason)")]
        case .follow, .adopt: []
        case .checkFinal: [("checking", "the whole branch, with nothing left to do")]
        case .finish: [("finished", tally)]
        case .pauseLanding(let pause): [("landing", "waits \(TimeText.span(pause.seconds)): \(pause.reason)")]
        case .cooldown(let cooldown):
            [("cooldown", "\(cooldown.provider)  \(TimeText.span(cooldown.seconds)): \(cooldown.reason)")]
        case .end(let end): [("ending", "\(end.task)  \(end.failure.summary)")]
        case .drain(let reason): [("draining", "\(reason)  \(tally)")]
        case .pause(let reason): [("waiting", "\(reason)  \(tally)")]
        case .proceed(let reason): [("going on", reason)]
        case .suspend(let reason): [("stopped", "\(reason)  \(tally)")]
        case .stop(let reason): [("stopping", "\(reason)  \(tally)")]
        case .answer(let answer): [(answer.isAccepted ? "asked" : "refused", answer.text)]
        }
    }
}
