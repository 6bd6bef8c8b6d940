import Foundation
import Model

/// What attempts need of the machine that they run on: the coordinator's, or another one.
final class WorkContext: Sendable {
    let run: RunID
    let plan: Plan
    /// The commit that the run's tasks were made from.
    let base: ObjectID
    /// Receives facts about running attempts.
    let inbox: FactInbox
    let observer: any RunObserver
    let git: Blocking<RunRepository>
    let jobs: JobServices
    let checks: RunChecks
    let slots: RunSlots
    let mail: any JobMailRoutes
    let prompts: any JobFolderSource
    let cacheGate = CacheGate()
    let coverage = CoverageMemory()
    private let jobsFolder: String

    /// Path of this program, for workers that call it.
    static let program = Bundle.main.executablePath ?? ProcessInfo.processInfo.arguments[0]

    /// - Parameters:
    ///   - base: the commit that the run's tasks were made from.
    ///   - jobsFolder: absolute path of the folder with the job folders of all tasks.
    init(
        run: RunID, plan: Plan, base: ObjectID, inbox: FactInbox, observer: any RunObserver,
        git: Blocking<RunRepository>, jobs: JobServices, checks: RunChecks, slots: RunSlots,
        mail: any JobMailRoutes, jobsFolder: String, prompts: any JobFolderSource
    ) {
        self.run = run
        self.plan = plan
        self.base = base
        self.inbox = inbox
        self.observer = observer
        self.git = git
        self.jobs = jobs
        self.checks = checks
        self.slots = slots
        self.mail = mail
        self.jobsFolder = jobsFolder
        self.prompts = prompts
    }

    /// Returns the absolute path of the folder with the job folders of a task's attempts.
    func jobsFolder(of task: TaskID) -> String { "\(jobsFolder)/\(task)" }
}
