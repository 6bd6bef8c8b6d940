import Foundation
package import Git
package import Model
package import Prompts
import Scheduling
package import Store
import Verification

/// The prompt of a task's next attempt, computed from the log.
package struct PromptPreview {
    /// Number of the attempt that the prompt is for.
    package let attempt: Int
    package let worker: String
    package let prompt: AssembledPrompt

    /// Builds the prompt. Blocks.
    /// - Parameter name: the task's name, or the path of one of its files.
    /// - Throws: `StoreError` or `GitError`.
    package init(_ reader: StoreReader, run: RunID, task name: String, repository: Repository, state: StateFolder)
        throws
    {
        let (record, task, events) = try reader.read { view in
            (try view.run(run), try view.task(named: name, of: run), try view.events(of: run))
        }
        guard let fold = RunFold(events), case .fact(.runStarted(let started)) = events.first?.body else {
            throw StoreError.unreadable(path: state.store, place: "run \(run)", detail: "its first event is missing")
        }
        let register = TaskRegister(started.tasks)
        let router = MessageRouter(
            run: run, plan: started.plan, register: register, inbox: FactInbox(), jobsFolder: state.jobs,
            lessonsPath: state.lessons(of: started.plan.name), answersFolder: state.answers(to: started.plan.name))
        for case .fact(let fact) in events.map(\.body) {
            register.remember(fact)
            router.remember(fact)
        }
        guard let found = register[task.id], let next = fold.scheduler.nextAttempt(at: task.id) else {
            throw StoreError.unknownTask(task.id, run: run, similar: [])
        }
        let guards = try started.plan.stages.map { try GuardList($0).inWords }
        let source = PromptSource(
            run: run, plan: started.plan, repository: repository,
            graph: BaseGraph(repository: repository, base: started.base, cachePath: state.graphCache),
            jobsFolder: state.jobs, register: register, router: router
        ) { guards[$0] }
        let planned = Attempt(
            found, next, ladder: started.plan.stages[found.stage].ladder, base: record.tip, memory: fold.memory)
        attempt = planned.number
        worker = planned.worker.name
        prompt = source.prompt(for: planned)
    }
}
