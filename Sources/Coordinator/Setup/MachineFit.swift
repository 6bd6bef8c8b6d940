import Foundation
import Model
import Store

/// The numbers of workers and of landing checks that run side by side, for a plan that leaves them to the machine.
///
/// A check of some seconds mostly uses all of a core or more. Checks side by side on too few cores take longer than one
/// after the other.
struct MachineFit {
    struct Choice: Equatable {
        var count: Int
        var reason: String
    }

    /// Seconds. Shorter checks may run side by side on any machine.
    static let long = 5.0

    let cores: Int

    /// Returns the number of workers.
    ///
    /// - Parameters:
    ///   - seconds: what the checks of one attempt take; nil if that is not known.
    ///   - areAgents: whether the workers mostly wait for a model.
    func workers(seconds: Double?, areAgents: Bool) -> Choice {
        let usual = WorkerRules.defaultMaxParallel
        guard let seconds else { return Choice(count: usual, reason: "the default") }
        let taken = "the checks of a task take \(Self.words(seconds))"
        guard seconds >= Self.long else { return Choice(count: usual, reason: "the default: \(taken)") }
        let count =
            areAgents ? min(usual, max(2, cores)) : min(WorkerRules.mostChosen, max(1, cores / 2))
        return Choice(count: count, reason: "\(taken), and this machine has \(Count.text(cores, "core"))")
    }

    /// Returns the number of verify slots.
    /// - Parameter seconds: what the landing checks of one commit take; nil if that is not known.
    func slots(seconds: Double?, workers: Int) -> Choice {
        guard let seconds else { return Choice(count: workers, reason: "as many as workers") }
        let taken = "the landing checks take \(Self.words(seconds))"
        let borne = max(1, cores / 2)
        guard seconds >= Self.long, borne < workers else {
            return Choice(count: workers, reason: "as many as workers: \(taken)")
        }
        return Choice(count: borne, reason: "\(taken), and this machine has \(Count.text(cores, "core"))")
    }

    private static func words(_ seconds: Double) -> String {
        seconds < 1 ? "less than 1 s" : "\(Int(seconds.rounded())) s"
    }

    /// Returns the plan with the numbers that the machine bears. Numbers in the plan stay.
    /// - Parameter facts: those of the look at the base, with the newest times of checks.
    func fitting(_ plan: Plan, after facts: [Fact], in store: EventStore) throws -> Plan {
        let times = try Self.times(facts, store)
        func longest(_ checks: (VerifyRules) -> [Check]) -> Double? {
            plan.stages.compactMap { stage in
                let known = checks(stage.verify).compactMap { times[$0.run] }
                return known.isEmpty ? nil : known.reduce(0, +)
            }.max()
        }
        var fitted = plan
        if plan.workers.isParallelOpen == true {
            let agents = plan.stages.flatMap(\.ladder).contains { $0.worker.isAgent }
            let choice = workers(seconds: longest { $0.done + $0.task }, areAgents: agents)
            fitted.workers.maxParallel = choice.count
            fitted.workers.parallelReason = choice.reason
        }
        if plan.landing.verifySlots == nil {
            let areElsewhere = plan.stages.flatMap(\.verify.landing).allSatisfy { $0.executor != nil }
            let choice = slots(
                seconds: areElsewhere ? nil : longest(\.landing), workers: fitted.workers.maxParallel)
            fitted.landing.verifySlots = choice.count
            fitted.landing.slotsReason = choice.reason
        }
        return fitted
    }

    /// Returns the seconds that commands took when they last passed.
    private static func times(_ facts: [Fact], _ store: EventStore) throws -> [String: Double] {
        var times: [String: Double] = [:]
        for verdict in try store.read({ try $0.verdicts(limit: VerdictRecord.most) }).map(\.verdict)
        where verdict.isClean && verdict.result.outcome == .passed && times[verdict.result.command] == nil {
            times[verdict.result.command] = verdict.result.seconds
        }
        let results = facts.flatMap { fact -> [CheckResult] in
            switch fact {
            case .baselineChecked(let checked): checked.checks
            case .checked(let checked): checked.verdicts.map(\.result)
            default: []
            }
        }
        for result in results where result.outcome == .passed && !result.isKnown {
            times[result.command] = result.seconds
        }
        return times
    }
}

extension Worker {
    /// Whether it mostly waits for a model.
    var isAgent: Bool { provider != nil || (events ?? .plain) != .plain }
}
