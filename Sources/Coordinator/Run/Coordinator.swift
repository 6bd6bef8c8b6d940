import Jobs
package import Model
import Scheduling
import Store

/// Runs a plan: feeds facts to the scheduler, stores them with its decisions, and carries the decisions out.
///
/// What must not be forgotten is stored before it is acted on. So whenever the program is killed, the log holds at least
/// as much as was done, and `Recovery` finds the rest on the integration branch.
package final class Coordinator: Sendable {
    /// How a run ended.
    package enum Ending: Sendable, Equatable {
        /// Nothing is left to do.
        case finished
        /// The program was asked to end.
        case interrupted(reason: String)
        /// A person stopped the run, a cap of the plan is reached, or a person is waited for.
        case stopped(reason: String)
    }

    package let run: RunID
    let context: RunContext
    let started: Fact.RunStarted
    /// The log before this coordinator.
    let events: [LoggedEvent]
    /// Facts to store before the run goes on.
    let changes: [Fact]
    let commands: CommandReader
    /// The budget that the run goes on with.
    let budget: Budget
    let activeTime: ActiveTime
    let builds = CandidateBuilds()
    let attempts = RunningAttempts()
    let isAttended: Bool
    private let lock: RunLock

    /// Opens what the run needs. Blocks.
    ///
    /// - Parameters:
    ///   - prepared: the run, with its lock, which is held until the coordinator is gone.
    ///   - environment: of the program. The plan says which of it reaches workers and checks.
    ///   - isAttended: whether a person will say go on at a checkpoint; otherwise the run ends there.
    ///   - observer: called with everything that happens, for a person who watches.
    package init(
        _ prepared: consuming PreparedRun, environment: [String: String], isAttended: Bool = true,
        observer: any RunObserver
    ) throws {
        context = try RunContext(prepared, environment: environment, inbox: FactInbox(), observer: observer)
        run = prepared.run
        started = prepared.started
        events = prepared.events
        changes = prepared.changes
        budget = prepared.plan.budget
        commands = CommandReader(
            ControlSpool(prepared.state, plan: prepared.plan.name), earlier: prepared.earlierCommands)
        activeTime = ActiveTime(prepared.events)
        self.isAttended = isAttended
        lock = prepared.lock
    }

    var inbox: FactInbox { context.inbox }

    /// Ends the workers that run and stops. What has landed stays, and `resume` goes on with the rest.
    package func stop(reason: String) { inbox.put(.coordinatorStopped(reason: reason)) }

    /// Runs until nothing is left to do.
    /// - Throws: `CoordinatorError`; the log is complete up to that point and nothing is half done.
    package func run() async throws -> Ending {
        var fold = try await prepare()
        let late = LateAnswers(commands)
        defer { late.end() }
        // A discarding group lets go of each task that has ended; another would keep them all to the end of the run.
        let end = await withDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            watch(&group)
            do {
                while true {
                    if let end = try await turn(&fold, &group) {
                        late.begin()
                        return end
                    }
                }
            } catch {
                late.begin()
                return End(.failure(error), unfinished: "\(error)")
            }
        }
        return try await finish(end, &fold)
    }
}
