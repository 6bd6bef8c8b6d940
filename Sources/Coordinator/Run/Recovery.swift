import Git
import Model
import Scheduling

/// The reconciliation of the log with the integration branch before a run continues. Its calls block.
///
/// Only the move of the integration branch may be missing in the log: a coordinator that is killed between the move
/// and the write leaves a branch that is ahead of the log.
struct Recovery {
    let integration: IntegrationBranch

    /// Returns the facts that bring the log up to date.
    ///
    /// - Parameters:
    ///   - scheduler: the scheduler after all facts of the log.
    ///   - events: the log.
    /// - Returns: the missing facts, then the coordinator's own start.
    func facts(
        after scheduler: Scheduler, events: [LoggedEvent], processID: Int32
    ) throws -> [Fact] {
        var facts = Self.lost(in: events).map { [Fact.coordinatorLost(processID: $0)] } ?? []
        guard let found = try integration.tip() else {
            _ = try integration.move(from: nil, to: scheduler.tip, reason: "restore the branch")
            return facts + [.coordinatorStarted(.init(processID: processID, tip: scheduler.tip))]
        }
        var tip = scheduler.tip
        if found != tip, let open = Self.openLanding(in: events), try holds(open.commits, at: found) {
            facts.append(.landed(open))
            tip = open.commits.last?.commit ?? tip
        }
        if found != tip, let open = Self.openAdoption(in: events), open.from == tip,
            try found == open.tip || integration.repository.isAncestor(open.tip, of: found)
        {
            facts.append(.base(.followed(open)))
            tip = open.tip
        }
        guard try found == tip || integration.repository.isAncestor(tip, of: found) else {
            throw CoordinatorError.integrationRewound(branch: integration.name, expected: tip, found: found)
        }
        facts.append(.coordinatorStarted(.init(processID: processID, tip: found)))
        return facts
    }

    /// Returns the last decided move onto a new base, if the log does not contain its result.
    private static func openAdoption(in events: [LoggedEvent]) -> Fact.Rebased? {
        for event in events.reversed() {
            switch event.body {
            case .decision(.adopt(let rebased)): return rebased
            case .fact(.base(.followed)), .fact(.tipMoved), .fact(.landed): return nil
            default: continue
            }
        }
        return nil
    }

    /// Returns the process id of the last coordinator, if the log does not contain its end.
    static func lost(in events: [LoggedEvent]) -> Int32? {
        for event in events.reversed() {
            switch event.body {
            case .fact(.coordinatorStarted(let started)): return started.processID
            case .fact(.coordinatorStopped), .fact(.coordinatorLost), .decision(.finish), .decision(.suspend):
                return nil
            default: continue
            }
        }
        return nil
    }

    private func holds(_ commits: [Fact.Landed.Commit], at tip: ObjectID) throws -> Bool {
        guard let last = commits.last?.commit else { return false }
        return try last == tip || integration.repository.isAncestor(last, of: tip)
    }

    /// Returns the last decided landing, if the log does not contain its result.
    private static func openLanding(in events: [LoggedEvent]) -> Fact.Landed? {
        for event in events.reversed() {
            switch event.body {
            case .decision(.land(let land)):
                return Fact.Landed(candidate: land.candidate, commits: land.commits)
            case .fact(.landed), .fact(.tipMoved), .fact(.candidateFailed): return nil
            default: continue
            }
        }
        return nil
    }
}
