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
            snapshot.landing = nil
            snapshot.notice = nil
        case .draining(let reason): snapshot.notice = reason
        case .workerStarted(let started): activities[started.task]?.worker = started.worker
        case .foundDone(let found): settle(found.task)
        case .attemptVerified(let verified):
            attemptSeconds.append(verified.seconds)
            self.verified.insert(verified.task)
            activities[verified.task] = nil
        case .attemptFailed(let failed):
            activities[failed.task] = nil
            problem(failed.task, failed.failure.summary, at: time)
        case .candidatePassed(let passed): self.passed[passed.candidate] = passed.seconds
        case .candidateFailed(let failed):
            snapshot.landing = nil
            if let task = failed.task { problem(task, failed.failure.summary, at: time) }
        case .landed(let landed):
            if let seconds = passed.removeValue(forKey: landed.candidate), !landed.commits.isEmpty {
                landings.insert(.init(seconds: seconds, tasks: landed.commits.count), at: 0)
                if landings.count > Estimate.usefulSamples { landings.removeLast() }
            }
            for task in snapshot.landing?.tasks ?? [] where landed.commits.isEmpty { settle(task) }
            snapshot.landing = nil
            for commit in landed.commits {
                settle(commit.task)
                snapshot.lastLanded = .init(task: commit.task, text: commit.commit.short, time: time)
            }
        case .tipMoved: snapshot.landing = nil
        case .runStarted(let started):
            verifySlots = started.plan.landing.verifySlots
            for commit in started.landedBefore { settle(commit.task) }
        case .limitsChanged, .coordinatorStopped, .coordinatorLost, .usage, .waitOver, .control, .diskUsed: break
        case .probed, .message, .messagesGiven, .tasksAdded, .checked, .flaky, .baselineChecked, .base: break
        case .finalChecked: snapshot.notice = nil
        }
    }

    private mutating func take(_ decision: Decision, at time: Timestamp) {
        switch decision {
        case .start(let start):
            activities[start.task] = .init(
                task: start.task, attempt: start.attempt, worker: "slot", phase: .preparing, since: time)
        case .check(let check): snapshot.landing = .init(tasks: check.tasks, phase: .merging, since: time)
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
        case .drain(let reason), .pause(let reason), .suspend(let reason), .stop(let reason):
            snapshot.notice = reason
        case .proceed: snapshot.notice = nil
        case .checkFinal: snapshot.notice = "running the final checks"
        case .probe, .dissolve, .land, .follow, .adopt, .wait, .finish, .cooldown, .pauseLanding, .end, .answer: break
        }
    }

    mutating func enter(_ phase: RunPhase, task: TaskID, at time: Timestamp) {
        switch phase {
        case .merging, .checkingCandidate: snapshot.landing?.phase = phase
        case .preparing, .lookingFirst, .working, .judging, .checking, .committing: activities[task]?.phase = phase
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
                    unverified: max(0, tasks.count - settled.count - verified.count), verified: verified.count,
                    chain: openChain),
                workers: max(1, activities.count), slots: verifySlots ?? max(1, activities.count))
        }
        snapshot.activities = activities.values.sorted { ($0.since, $0.task) < ($1.since, $1.task) }
        return snapshot
    }

    /// Tasks in the longest chain of dependencies among those that are not settled. Tasks are listed after their
    /// dependencies.
    private var openChain: Int {
        var lengths: [TaskID: Int] = [:]
        for task in tasks where !settled.contains(task.id) {
            lengths[task.id] = 1 + (task.dependencies.compactMap { lengths[$0] }.max() ?? 0)
        }
        return lengths.values.max() ?? 0
    }

    private mutating func settle(_ task: TaskID) {
        settled.insert(task)
        verified.remove(task)
        activities[task] = nil
    }

    private mutating func problem(_ task: TaskID, _ text: String, at time: Timestamp) {
        snapshot.lastProblem = .init(task: task, text: text, time: time)
    }
}
