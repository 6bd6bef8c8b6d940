import Jobs
import Model
import Verification

/// The checks and guards of a run, stage by stage.
struct RunChecks: Sendable {
    /// The checks and guards of one stage.
    struct StageChecks: Sendable {
        let stage: Stage
        let guards: GuardList
        let runner: CheckRunner

        var rules: VerifyRules { stage.verify }
    }

    let stages: [StageChecks]
    let setup: CheckSetup
    let reviewMemory: ReviewMemory

    init(_ plan: Plan, _ setup: CheckSetup) throws {
        self.setup = setup
        stages = try plan.stages.map { stage in
            StageChecks(stage: stage, guards: try GuardList(stage), runner: setup.checks(stage.verify))
        }
        reviewMemory = ReviewMemory(plan: plan, environment: setup.services.environment, cache: setup.cache)
    }

    func stage(of task: MigrationTask) -> StageChecks { stages[task.stage] }

    /// The rates of checks that were both red and green on one tree, in any run of the plan.
    var flakyRates: [FlakeRate] { setup.cache.flakyRates }
}
