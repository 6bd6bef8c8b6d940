import Decomposition
import Foundation
import Git
import Jobs
import Model
import Store
import Verification

/// A trial of the landing checks on the base with the files in scope broken.
///
/// A check that passes there does not see the files: it tests another copy of them, or nothing.
struct LandingProbe: Sendable {
    let plan: Plan
    let repository: Repository
    let state: StateFolder
    let environment: BaseEnvironment
    let answersKnown: Bool

    /// What the trial of a run's landing checks has found.
    struct Findings: Sendable {
        /// The verdicts on the broken trees, to log.
        var facts: [Fact] = []
        /// Notes for people, one line each.
        var notes: [String] = []
    }

    /// Tries the landing checks of every stage.
    ///
    /// - Throws: `blindChecks` or `missingPrograms` if the run must not start.
    func check(
        _ outlook: RunSetup.Outlook, for run: RunID, _ store: EventStore
    ) async throws -> Findings {
        var findings = Findings()
        var blind: [BlindCheck] = []
        var missing: [MissingNeed] = []
        let logs = "\(state.logs)/\(run)/probe"
        let trials = plan.stages.indices.map { (stage: $0, files: files(ofStage: $0, in: outlook)) }
            .filter { !$0.files.paths.isEmpty && isProbed(plan.stages[$0.stage]) }
        guard !trials.isEmpty else { return findings }
        let found = NewVerdicts()
        let session = try await Session(self, as: run, store) { found.add($0, $1) }
        for trial in trials {
            let stage = plan.stages[trial.stage]
            let results = try await session.results(
                of: stage, on: trial.files, at: outlook.base, logs: "\(logs)/\(trial.stage)")
            for (check, result) in zip(stage.verify.landing, results) where !check.isBlindByNature {
                let rule = check.probe ?? plan.verify.probe
                guard rule != .off else { continue }
                if let note = Self.unfinished(result) { findings.notes.append(note) }
                if let need = try await session.missing(in: result, of: check, stage, at: outlook.base, logs: logs) {
                    if !missing.contains(need) { missing.append(need) }
                }
                guard result.outcome == .passed else { continue }
                // Red on the base and green on broken files: it looks at them, for example for an old name.
                guard try await session.passes(check, of: stage, at: outlook.base, logs: logs) else { continue }
                let seen = BlindCheck(result: result, broken: trial.files.paths)
                if rule == .require, trial.files.isCertain {
                    if !blind.contains(seen) { blind.append(seen) }
                } else {
                    findings.notes.append(seen.words)
                }
            }
        }
        if !missing.isEmpty { throw CoordinatorError.missingPrograms(missing) }
        if !blind.isEmpty { throw CoordinatorError.blindChecks(blind, logs: logs) }
        findings.facts = found.facts
        return findings
    }

    /// The files of a stage that are broken for its landing checks.
    func files(ofStage stage: Int, in outlook: RunSetup.Outlook) -> BrokenFiles {
        BrokenFiles(
            among: Set(outlook.list.tasks.filter { $0.stage == stage }.flatMap(\.files)), of: outlook.graph,
            commands: plan.stages[stage].verify.landing.map(\.run))
    }

    func isProbed(_ stage: Stage) -> Bool {
        stage.verify.landing.contains { !$0.isBlindByNature && ($0.probe ?? plan.verify.probe) != .off }
    }

    private static func unfinished(_ result: CheckResult) -> String? {
        guard result.outcome == .timedOut || result.outcome == .infrastructure else { return nil }
        return "landing check '\(result.name)' did not finish on broken files, so it is not known whether it sees them"
    }

    /// The means to run checks outside of a run.
    struct Session: Sendable {
        private let setup: CheckSetup
        private let slots: SlotPool
        private let run: RunID
        private let repository: Repository
        private let programs: NeededPrograms

        /// - Parameter record: called with new verdicts, to store them.
        init(
            _ probe: LandingProbe, as run: RunID, _ store: EventStore,
            record: @escaping @Sendable ([Verdict], [FlakeRate]) -> Void = { _, _ in }
        ) async throws {
            let (plan, state) = (probe.plan, probe.state)
            self.run = run
            repository = probe.repository
            programs = NeededPrograms(
                plan: plan, repository: repository, state: state, environment: probe.environment)
            let runner = ProcessRunner(marker: "\(state.path):\(plan.name)-baseline")
            _ = await runner.sweep()
            let cache = try store.read { view in
                // A tree that is broken on purpose stays broken, so that an earlier red verdict holds.
                try CheckSetup.cache(
                    view, plan: plan.name, run: nil, answers: probe.answersKnown, redAnswers: true, record: record)
            }
            let environment = SlotSetup.environment(probe.environment, of: plan, in: state)
            let slotSetup = try await blocking {
                try SlotSetup(plan, of: probe.repository, state: state, environment: environment)
            }
            setup = CheckSetup(
                services: JobServices(
                    runner: runner, environment: environment,
                    sandbox: try SandboxPolicy(plan, of: probe.repository, state: state, environment: environment)),
                cache: cache)
            slots = RunSlots.firstLanding(
                plan, folder: "\(state.slots)/\(plan.name)", target: probe.repository, setup: slotSetup)
        }

        /// Whether a landing check of a stage passes on the base.
        func passes(_ check: Check, of stage: Stage, at base: ObjectID, logs: String) async throws -> Bool {
            try await results(of: check, stage, at: base, logs: logs).allSatisfy { $0.outcome == .passed }
        }

        /// Returns the program that a landing check does not find, neither on broken files nor on the base.
        func missing(
            in result: CheckResult, of check: Check, _ stage: Stage, at base: ObjectID, logs: String
        ) async throws -> MissingNeed? {
            guard let need = programs.missing(in: result, of: check, stage.verify) else { return nil }
            // The program may have been installed since a known verdict.
            let found = try await results(of: check, stage, at: base, logs: logs, isFresh: true)
            return found.contains { programs.missing(in: $0, of: check, stage.verify) == need } ? need : nil
        }

        private func results(
            of check: Check, _ stage: Stage, at base: ObjectID, logs: String, isFresh: Bool = false
        ) async throws -> [CheckResult] {
            try await setup.check(
                [check], rules: stage.verify, at: base, of: repository, in: slots, setup: stage.setup, as: run,
                logs: "\(logs)/base", isFresh: isFresh
            ).checks
        }

        /// Runs the landing checks of a stage on a base with files broken.
        /// - Parameter keepGoing: whether to run the checks that follow a failed one.
        func results(
            of stage: Stage, on files: BrokenFiles, at base: ObjectID, logs: String, keepGoing: Bool = true
        ) async throws -> [CheckResult] {
            let repository = repository
            let commit = try await blocking { () throws(GitError) in try files.commit(on: base, in: repository) }
            let checks = stage.verify.landing.map { check in
                var check = check
                // A second run of a check that fails, as it should, would tell nothing.
                check.retries = 0
                return check
            }
            return try await setup.check(
                checks, rules: stage.verify, at: commit, of: repository, in: slots, setup: stage.setup, as: run,
                logs: logs, keepGoing: keepGoing
            ).checks
        }
    }
}
