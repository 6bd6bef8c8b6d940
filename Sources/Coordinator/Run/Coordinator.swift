package import Executors
import Jobs
package import Model
import Scheduling
import Store

/// The coordinator of a run. It feeds facts to the scheduler, stores them with its decisions, and carries these out.
///
/// A decision that must not be lost is stored before it is carried out. So the log of a killed coordinator contains
/// everything that was done, except for the last move of the integration branch, which `Recovery` detects.
package final class Coordinator: Sendable {
    /// The way in which a run ended.
    package enum Ending: Sendable, Equatable {
        /// Nothing is left to do.
        case finished
        /// The program was asked to stop.
        case interrupted(reason: String)
        /// A person stopped the run, a budget of the plan is spent, or the run waits for a person.
        case stopped(reason: String)
    }

    package let run: RunID
    let context: RunContext
    let started: Fact.RunStarted
    /// The log before this coordinator started.
    let events: [LoggedEvent]
    /// Facts to store before the run continues.
    let changes: [Fact]
    let commands: CommandReader
    /// The budget for the rest of the run.
    let budget: Budget
    let activeTime: ActiveTime
    let workerTime: WorkerTime
    let builds = CandidateBuilds()
    let wholeTurns = WholeTurns()
    let attempts = RunningAttempts()
    let isAttended: Bool
    private let lock: RunLock

    /// Opens everything that the run needs. Blocks.
    ///
    /// - Parameters:
    ///   - prepared: the run, with its lock, which is held until the coordinator is released.
    ///   - environment: the program's environment. The plan selects the variables that workers and checks see.
    ///   - isAttended: whether a person can continue the run at a checkpoint. Otherwise the run ends there.
    ///   - observer: called with every event, to show progress.
    ///   - executors: those of the user's configuration.
    package init(
        _ prepared: consuming PreparedRun, environment: [String: String], isAttended: Bool = true,
        observer: any RunObserver, executors: ExecutorSet = .none
    ) throws {
        context = try RunContext(
            prepared, environment: environment, inbox: FactInbox(), observer: observer, executors: executors)
        run = prepared.run
        started = prepared.started
        events = prepared.events
        changes = prepared.changes
        budget = prepared.plan.budget
        commands = CommandReader(
            ControlSpool(prepared.state, plan: prepared.plan.name), earlier: prepared.earlierCommands)
        activeTime = ActiveTime(prepared.events)
        workerTime = WorkerTime(prepared.events)
        self.isAttended = isAttended
        lock = prepared.lock
    }

    var inbox: FactInbox { context.inbox }

    /// Ends the running workers and stops. Landed work stays, and `resume` continues with the rest.
    package func stop(reason: String) { inbox.put(.coordinatorStopped(reason: reason)) }

    /// Runs until nothing is left to do.
    /// - Throws: `CoordinatorError`; the log is complete up to that point and nothing is half done.
    package func run() async throws -> Ending {
        var fold = try await prepare()
        let late = LateAnswers(commands)
        defer { late.end() }
        // A discarding group releases each finished task. Another kind of group would keep them until the run ends.
        let end = await withDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            watch(&group)
            let end: End
            do {
                end = try await lastTurn(&fold, &group)
            } catch {
                end = End(.failure(error), unfinished: "\(error)")
            }
            late.begin()
            return end
        }
        return try await finish(end, &fold)
    }

    /// Takes turns until one ends the run.
    private func lastTurn(_ fold: inout RunFold, _ group: inout DiscardingTaskGroup) async throws -> End {
        while true {
            if let end = try await turn(&fold, &group) { return end }
        }
    }
}
