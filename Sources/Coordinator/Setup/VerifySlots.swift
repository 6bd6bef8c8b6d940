import Foundation
import Model
import Store

/// The number of landing checks that run side by side, for a plan that does not say it.
///
/// A check of some seconds mostly uses all of a core or more. Checks side by side on too few cores take longer than one
/// after the other.
struct VerifySlots {
    /// Seconds. Shorter checks may run side by side on any machine.
    static let long = 5.0

    /// Returns the number of slots and the reason; nil if the number of workers is fine.
    ///
    /// - Parameter seconds: what the landing checks of one commit take.
    static func choice(seconds: Double, cores: Int, workers: Int) -> (slots: Int, reason: String)? {
        let slots = max(1, cores / 2)
        guard seconds >= long, slots < workers else { return nil }
        let words = slots == 1 ? "1 candidate is checked at a time" : "\(slots) candidates are checked at a time"
        return (
            slots,
            "\(words): the landing checks take \(Int(seconds.rounded())) s, and this machine has "
                + "\(Count.text(cores, "core")); landing.verify_slots changes that"
        )
    }

    /// Returns the plan with the number of slots that this machine bears.
    /// - Parameter facts: those of the look at the base, with the newest times of checks.
    static func fitting(
        _ plan: Plan, after facts: [Fact], in store: EventStore,
        cores: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws -> Plan {
        guard plan.landing.verifySlots == nil else { return plan }
        var times: [String: Double] = [:]
        let known = try store.read { try $0.verdicts(limit: VerdictRecord.most) }.map(\.verdict)
        for case .baselineChecked(let checked) in facts {
            for result in checked.checks where result.outcome == .passed { times[result.command] = result.seconds }
        }
        for verdict in known where verdict.isClean && verdict.result.outcome == .passed {
            let command = verdict.result.command
            if times[command] == nil { times[command] = verdict.result.seconds }
        }
        let seconds =
            plan.stages.map { stage in stage.verify.landing.reduce(0) { $0 + (times[$1.run] ?? 0) } }.max() ?? 0
        guard let choice = choice(seconds: seconds, cores: cores, workers: plan.workers.maxParallel) else {
            return plan
        }
        var fitted = plan
        fitted.landing.verifySlots = choice.slots
        fitted.landing.slotsReason = choice.reason
        return fitted
    }
}
