import Coordinator
import Model
import Reporting

/// Builds the snapshot that the live picture shows from events and phases.
struct SnapshotBuilder {
    var snapshot: RunSnapshot
    private let tasks: [MigrationTask]
    private var settled: Set<TaskID> = []
    private var activities: [TaskID: RunSnapshot.Activity] = [:]
    private var attemptSeconds: [Double] = []
    /// Landed candidates, the latest first.
    private var landings: [Estimate.Landing] = []
    /// Seconds of the candidates that passed and have not landed.
    private var passed: [Int: Double] = [:]
    /// The tasks of the candidates that have not landed, failed or been dissolved.
    private var members: [Int: [TaskID]] = [:]
    private var verified: Set<TaskID> = []
    private var estimated: Timestamp?
    /// Candidates that are checked side by side; nil for the number of workers.
    private var verifySlots: Int?

    /// Seconds between two estimates; each looks at every task.
    private static let estimateInterval = 2.0

    init(_ run: RunID, tasks: [MigrationTask], started: Timestamp) {
        snapshot = RunSnapshot(run: run, started: started)
        self.tasks = tasks
    }

    mutating func take(_ event: LoggedEvent) {
        switch event.body {
        case .fact(let fact): take(fact, at: event.time)
        case .decision(let decision): take(decision, at: event.time)
        }
    }

    private mutating func take(_ fact: Fact, at time: Timestamp) {
        switch fact {
        case .coordinatorStarted:
            activities = [:]
            snapshot.landing = []
            snapshot.notice = nil
        case .draining(let reason): snapshot.notice = reason
        case .workerStarted(let started): activities[started.task]?.worker = started.worker
        case .reviewStarted(let started): activities[started.task]?.worker = started.words
        case .foundDone(let found): settle(found.task)
        case .attemptVerified(let verified):
            attemptSeconds.append(verified.seconds)
            self.verified.insert(verified.task)
            activities[verified.task] = nil
        case .attemptFailed(let failed):
            activities[failed.task] = nil
            problem(failed.task, failed.failure.summary, at: time)
        case .candidatePassed(let passed):
            self.passed[passed.candidate] = passed.seconds
            end(passed.candidate)
        case .candidateFailed(let failed):
            members[failed.candidate] = nil
            end(failed.candidate)
            if let task = failed.task { problem(task, failed.failure.summary, at: time) }
        case .landed(let landed):
            if let seconds = passed.removeValue(forKey: landed.candidate), !landed.commits.isEmpty {
                landings.insert(
                    .init(seconds: seconds, tasks: landed.commits.count, ended: time.seconds), at: 0)
                if landings.count > Estimate.usefulSamples { landings.removeLast() }
            }
            // A task whose change the tip has already makes no commit.
            for task in members.removeValue(forKey: landed.candidate) ?? [] { settle(task) }
            end(landed.candidate)
            for commit in landed.commits {
                settle(commit.task)
                snapshot.lastLanded = .init(task: commit.task, text: commit.commit.short, time: time)
            }
        case .tipMoved: snapshot.landing = []
        case .runStarted(let started):
            verifySlots = started.plan.landing.verifySlots
            for commit in started.landedBefore { settle(commit.task) }
        case .limitsChanged, .coordinatorStopped, .coordinatorLost, .usage, .waitOver, .control, .diskUsed,
            .workersTimed, .workerHeld:
            break
        case .message(let posted): take(posted.message)
        case .probed, .messagesGiven, .tasksAdded, .checked, .flaky, .baselineChecked, .base, .filesProbed: break
        case .finalChecked: snapshot.notice = nil
        }
    }

    private mutating func take(_ decision: Decision, at time: Timestamp) {
        switch decision {
        case .start(let start):
            activities[start.task] = .init(
                task: start.task, attempt: start.attempt, worker: "slot", phase: .preparing, since: time)
        case .check(let check):
            members[check.candidate] = check.tasks
            for task in check.tasks { snapshot.approvals.removeAll { $0 == task } }
            snapshot.landing.append(
                .init(candidate: check.candidate, tasks: check.tasks, phase: .merging, since: time))
        case .dissolve(let drop):
            members[drop.candidate] = nil
            end(drop.candidate)
        case .wait(let wait):
            snapshot.approvals.removeAll { $0 == wait.task }
            if Approval.isAwaited(by: wait.reason) { snapshot.approvals.append(wait.task) }
        case .fail(let fail):
            settle(fail.task)
            problem(fail.task, fail.reason, at: time)
        case .skip(let skip):
            settle(skip.task)
            problem(skip.task, skip.reason, at: time)
        case .block(let block): settle(block.task)
        case .retry(let retry):
            settled.remove(retry.task)
            verified.remove(retry.task)
            snapshot.approvals.removeAll { $0 == retry.task }
        case .drain(let reason), .pause(let reason), .suspend(let reason), .stop(let reason):
            snapshot.notice = reason
        case .proceed: snapshot.notice = nil
        case .checkFinal: snapshot.notice = "running the final checks"
        case .probe, .land, .follow, .adopt, .finish, .cooldown, .pauseLanding, .end, .reviewed, .revert, .answer: break
        }
    }

    mutating func enter(_ phase: RunPhase, task: TaskID, at time: Timestamp) {
        switch phase {
        case .merging, .checkingCandidate:
            // Several candidates are checked at once.
            for index in snapshot.landing.indices where snapshot.landing[index].tasks.contains(task) {
                snapshot.landing[index].phase = phase
            }
        case .preparing, .settingUp, .lookingFirst, .working, .judging, .checking, .reviewing, .committing:
            activities[task]?.phase = phase
        }
    }

    /// The snapshot now, with the longest running attempt first.
    mutating func current(at now: Timestamp) -> RunSnapshot {
        if estimated.map({ now - $0 >= Self.estimateInterval }) ?? true {
            estimated = now
            snapshot.estimate = Estimate.seconds(
                attemptSeconds: attemptSeconds.suffix(Estimate.usefulSamples),
                landings: landings,
                rest: .init(
                    unverified: tasks.count {
                        !$0.isGate && !settled.contains($0.id) && !verified.contains($0.id)
                    },
                    verified: verified.count, chain: openChain),
                workers: max(1, activities.count), slots: verifySlots ?? max(1, activities.count), now: now.seconds)
        }
        snapshot.activities = activities.values.sorted { ($0.since, $0.task) < ($1.since, $1.task) }
        return snapshot
    }

    /// Tasks in the longest chain of dependencies among those that are not settled. Tasks are listed after their
    /// dependencies.
    private var openChain: Int {
        var lengths: [TaskID: Int] = [:]
        for task in tasks where !settled.contains(task.id) {
            lengths[task.id] = (task.isGate ? 0 : 1) + (task.dependencies.compactMap { lengths[$0] }.max() ?? 0)
        }
        return lengths.values.max() ?? 0
    }

    private mutating func take(_ message: Message) {
        switch message.kind {
        case .question where message.audience == .human: snapshot.questions.append(message)
        case .answer: snapshot.questions.removeAll { $0.thread == message.thread }
        default: break
        }
    }

    private mutating func end(_ candidate: Int) { snapshot.landing.removeAll { $0.candidate == candidate } }

    private mutating func settle(_ task: TaskID) {
        settled.insert(task)
        verified.remove(task)
        activities[task] = nil
        snapshot.approvals.removeAll { $0 == task }
    }

    private mutating func problem(_ task: TaskID, _ text: String, at time: Timestamp) {
        snapshot.lastProblem = .init(task: task, text: text, time: time)
    }
}
