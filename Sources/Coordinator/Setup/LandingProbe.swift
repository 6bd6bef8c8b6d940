import Decomposition
import Executors
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
    let executors: ExecutorSet

    /// What the trial of a run's landing checks has found.
    struct Findings: Sendable {
        /// The verdicts on the broken trees, to log.
        var facts: [Fact] = []
        /// Notes for people, one line each.
        var notes: [String] = []
    }

    /// What the trial works on.
    struct Subject: Sendable {
        let outlook: RunSetup.Outlook
        /// Tasks that landed in earlier runs. A stage of which all tasks have landed is not tried.
        var landed: Set<TaskID> = []
        /// What the checks of `verify.baseline` have found, which the store does not have yet.
        var verdicts: [Verdict] = []

        /// The start of the integration branch: the base, with what has landed in earlier runs.
        var commit: ObjectID { outlook.tip }
    }

    /// A stage to try, with the files to break.
    private struct Trial {
        var number: Int
        var stage: Stage
        var files: BrokenFiles
        /// Whether no task of an earlier stage has to be done first.
        var isFirst: Bool
    }

    /// Runs the landing checks of every stage, on the commit as it is and with its files broken.
    ///
    /// The verdicts of the first run are those on the tip: they tell how long the checks take and how many tests run.
    /// - Throws: `blindChecks` or `missingPrograms` if the run must not start.
    func check(_ subject: Subject, for run: RunID, _ store: EventStore) async throws -> Findings {
        var findings = Findings()
        var blind: [BlindCheck] = []
        var missing: [MissingNeed] = []
        let logs = "\(state.logs)/\(run)/probe"
        let trials = trials(of: subject)
        guard !trials.isEmpty else { return findings }
        let found = NewVerdicts()
        let session = try await Session(self, as: run, store, unstored: subject.verdicts) { found.add($0, $1) }
        for trial in trials {
            let intact = try await session.results(of: trial.stage, at: subject.commit, logs: "\(logs)/base")
            missing += zip(trial.stage.verify.landing, intact).compactMap { check, result in
                session.programs.missing(in: result, of: check, trial.stage.verify)
            }
            if trial.isFirst { findings.notes += redNotes(intact) }
            if !missing.isEmpty { continue }
            let broken = try await session.results(
                of: trial.stage, on: trial.files, at: subject.commit, logs: "\(logs)/\(trial.number)")
            for (check, (result, before)) in zip(trial.stage.verify.landing, zip(broken, intact))
            where !check.isBlindByNature {
                let rule = check.probe ?? plan.verify.probe
                guard rule != .off else { continue }
                if let note = Self.unfinished(result) { findings.notes.append(note) }
                // Red on the base and green on broken files: it looks at them, for example for an old name.
                guard result.outcome == .passed, before.outcome == .passed else { continue }
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

    private func trials(of subject: Subject) -> [Trial] {
        var isFirst = true
        var trials: [Trial] = []
        for (number, stage) in plan.stages.enumerated() {
            let open = subject.outlook.list.tasks.filter {
                $0.stage == number && !$0.isGate && !subject.landed.contains($0.id)
            }
            guard !open.isEmpty else { continue }
            let files = files(ofStage: number, in: subject.outlook)
            if isProbed(stage), !files.paths.isEmpty {
                trials.append(Trial(number: number, stage: stage, files: files, isFirst: isFirst))
            }
            isFirst = false
        }
        return trials
    }

    /// Notes on landing checks that fail before anything was done. Tasks may mend that, so the run starts.
    private func redNotes(_ results: [CheckResult]) -> [String] {
        if plan.verify.allowBaselineFailures { return [] }
        return results.filter { $0.outcome == .failed }.map { result in
            let cause = FailureCause(in: result.digest)
            let words = [cause?.place, cause?.message].compactMap { $0 }.joined(separator: " ")
            return
                "landing check '\(result.name)' fails on the base\(words.isEmpty ? "" : ": \(words)"); nothing lands "
                + "until it passes"
        }
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
        /// For trees that are broken on purpose. They stay broken, so that an earlier red verdict holds.
        private let setup: CheckSetup
        /// For trees that somebody may have mended since.
        private let intact: CheckSetup
        private let slots: SlotPool
        private let run: RunID
        private let repository: Repository
        let programs: NeededPrograms

        /// - Parameters:
        ///   - unstored: verdicts that the store does not have yet.
        ///   - record: called with new verdicts, to store them.
        init(
            _ probe: LandingProbe, as run: RunID, _ store: EventStore, unstored: [Verdict] = [],
            record: @escaping @Sendable ([Verdict], [FlakeRate]) -> Void = { _, _ in }
        ) async throws {
            let (plan, state) = (probe.plan, probe.state)
            self.run = run
            repository = probe.repository
            programs = NeededPrograms(
                plan: plan, repository: repository, state: state, environment: probe.environment)
            let runner = ProcessRunner(marker: "\(state.path):\(plan.name)-baseline")
            _ = await runner.sweep()
            let environment = SlotSetup.environment(probe.environment, of: plan, in: state)
            let slotSetup = try await blocking {
                try SlotSetup(plan, of: probe.repository, state: state, environment: environment)
            }
            let services = JobServices(
                runner: runner, environment: environment,
                sandbox: try SandboxPolicy(plan, of: probe.repository, state: state, environment: environment))
            func checks(redAnswers: Bool) throws -> CheckSetup {
                let cache = try store.read { view in
                    try CheckSetup.cache(
                        view, plan: plan.name, run: nil, answers: probe.answersKnown, redAnswers: redAnswers,
                        unstored: unstored, record: record)
                }
                return CheckSetup(
                    services: services, cache: cache,
                    elsewhere: RemoteChecks(
                        executors: probe.executors, plan: plan, repository: probe.repository, state: state,
                        services: services))
            }
            setup = try checks(redAnswers: true)
            intact = try checks(redAnswers: false)
            slots = RunSlots.firstLanding(
                plan, folder: "\(state.slots)/\(plan.name)", target: probe.repository, setup: slotSetup)
        }

        /// Runs the landing checks of a stage on a commit as it is.
        func results(of stage: Stage, at commit: ObjectID, logs: String) async throws -> [CheckResult] {
            try await intact.check(
                stage.verify.landing, rules: stage.verify, at: commit, of: repository, in: slots, setup: stage.setup,
                as: run, logs: logs
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
