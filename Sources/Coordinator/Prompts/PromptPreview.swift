import Foundation
package import Git
package import Model
package import Prompts
package import Store
import Verification

/// The prompt that a task's next attempt would get, from the log alone.
package struct PromptPreview {
    /// What the prompt is for.
    package let attempt: Int
    package let worker: String
    package let prompt: AssembledPrompt

    /// - Parameter name: of the task, or the path of one of its files.
    /// - Throws: `StoreError` or `GitError`.
    package init(_ reader: StoreReader, run: RunID, task name: String, repository: Repository, state: StateFolder)
        throws
    {
        let (record, task, events) = try reader.read { view in
            (try view.run(run), try view.task(named: name, of: run), try view.events(of: run))
        }
        guard case .fact(.runStarted(let started)) = events.first?.body else {
            throw StoreError.unreadable(path: state.store, place: "run \(run)", detail: "its first event is missing")
        }
        let desk = MessageDesk(
            run: run, plan: started.plan, tasks: started.tasks, inbox: FactInbox(), jobsFolder: state.jobs,
            lessonsPath: state.lessons(of: started.plan.name), answersFolder: state.answers(to: started.plan.name))
        var memory = RunMemory()
        var rung = 0
        for event in events {
            if case .decision(.start(let start)) = event.body, start.task == task.id { rung = start.rung }
            guard case .fact(let fact) = event.body else { continue }
            memory.remember(fact)
            desk.remember(fact)
        }
        guard let found = desk.task(task.id) else { throw StoreError.unknownTask(task.id, run: run, similar: []) }
        let ladder = started.plan.stages[found.stage].ladder
        let failures = memory.failures[task.id, default: []]
        // Attempts that count fill one rung after the other.
        var counted = failures.count { $0.countsAsAttempt }
        var climbed = 0
        while climbed + 1 < ladder.count, counted >= ladder[climbed].attempts {
            counted -= ladder[climbed].attempts
            climbed += 1
        }
        let worker = ladder[min(max(rung, climbed), ladder.count - 1)].worker
        let graph = BaseGraph(repository: repository, base: started.base, cachePath: state.graphCache)
        let guards = try started.plan.stages.map { try GuardList($0).inWords }
        let source = PromptSource(
            run: run, plan: started.plan, repository: repository, jobsFolder: state.jobs, desk: desk, graph: graph
        ) { guards[$0] }
        attempt = task.attempts + 1
        self.worker = worker.name
        prompt = source.prompt(
            for: found, worker: worker, base: record.tip, attempt: attempt, failures: failures)
    }
}
