import Decomposition
import Foundation
package import Git
package import Model
package import Prompts
import Scheduling
package import Store
import Verification

/// The prompt of a task's next attempt, computed from the log, or from a plan before its first run.
package struct PromptPreview {
    /// Number of the attempt that the prompt is for.
    package let attempt: Int
    package let worker: String
    package let prompt: AssembledPrompt

    init(attempt: Int, worker: String, prompt: AssembledPrompt) {
        (self.attempt, self.worker, self.prompt) = (attempt, worker, prompt)
    }

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
        for event in events {
            switch event.body {
            case .fact(let fact):
                register.remember(fact)
                router.remember(fact)
            case .decision(let decision): register.remember(decision)
            }
        }
        guard let found = register[task.id], let next = fold.scheduler.nextAttempt(at: task.id) else {
            throw StoreError.unknownTask(task.id, run: run, similar: [])
        }
        let guards = try started.plan.stages.map { try GuardList($0).inWords }
        let source = PromptSource(
            run: run, plan: started.plan, repository: repository,
            graph: BaseGraph(repository: repository, base: started.base, cachePath: state.graphCache),
            jobsFolder: state.jobs, register: register, router: router,
            requestNotes: RequestNotes(state, plan: started.plan.name)
        ) { guards[$0] }
        let planned = Attempt(
            found, next, ladder: started.plan.stages[found.stage].ladder, base: record.tip, in: fold)
        attempt = planned.number
        worker = planned.worker.name
        prompt = source.prompt(for: planned)
    }
}

extension RunSetup {
    /// Returns the prompt of a task's first attempt, without starting or writing anything.
    /// - Parameter name: the task's name, or the path of one of its files.
    /// - Returns: nil if the plan has no such task, with the names of its tasks.
    package func firstPrompt(of name: String) async throws -> (preview: PromptPreview?, tasks: [TaskID]) {
        let outlook = try await outlook()
        let register = TaskRegister(outlook.list.tasks)
        let tasks = outlook.list.tasks.filter { !$0.isGate }.map(\.id)
        guard let task = register[TaskID(name)] ?? register.owner(of: name).flatMap({ register[$0] }) else {
            return (nil, tasks)
        }
        let run = RunID("\(plan.name)-1")
        let router = MessageRouter(
            run: run, plan: plan, register: register, inbox: FactInbox(), jobsFolder: state.jobs,
            lessonsPath: state.lessons(of: plan.name), answersFolder: state.answers(to: plan.name))
        let guards = try plan.stages.map { try GuardList($0).inWords }
        let source = PromptSource(
            run: run, plan: plan, repository: repository, graph: BaseGraph(outlook.graph), jobsFolder: state.jobs,
            register: register, router: router, requestNotes: RequestNotes(state, plan: plan.name)
        ) { guards[$0] }
        var attempt = Attempt(
            task: task, number: 1, rung: plan.stages[task.stage].ladder[0], base: outlook.tip)
        attempt.maxParts = plan.workers.split.flatMap { task.files.count > 1 ? min($0.most, $0.mostInRun) : nil }
        return (
            PromptPreview(attempt: 1, worker: attempt.worker.name, prompt: source.prompt(for: attempt)), tasks
        )
    }
}
