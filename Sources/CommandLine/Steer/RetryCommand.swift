import ArgumentParser
import Foundation
import Model
import PlanFile
import Reporting
import Store

struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Retry a task or a class of failures, with another worker or a note for the prompt if you like.",
        discussion: """
            Takes up a failed task and the tasks that it blocks. Ends a running worker of the task. A verified task is \
            done again before it lands. If the run is not running, even if it is finished, the next 'orchestrate resume' \
            applies it.

            With --class, retries the failed tasks of a class that 'orchestrate failures' shows: a sample first, and the \
            rest if four fifths of it land. Attempts under way are not ended; their tasks get the note next time.
            """)

    @Argument(help: TaskWord.help("The task"), completion: TaskWord.completion) var task: String?

    @OptionGroup var chosenClass: ClassOption

    @Option(name: .long, help: ArgumentHelp("Tasks of the class to try first; 0 tries all at once.", valueName: "n"))
    var sample = 5

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The worker of the next attempt: one of the plan, or a folder below workers/.", valueName: "name"),
        completion: .custom { _, _, _ in WorkerNames.all() })
    var worker: String?

    @Option(name: .long, help: ArgumentHelp("A note for the prompt of the next attempts.", valueName: "text"))
    var note: String?

    @OptionGroup var choice: RunChoice

    func validate() throws { try chosenClass.validate(task: task) }

    func run() async throws {
        let chosen = try choice.choose()
        let wanted = RetryRequest(worker: try worker.map { try find($0, chosen.plan) }, note: note)
        let request = wanted == RetryRequest() ? nil : wanted
        let sender = CommandSender(chosen: chosen, canQueue: true)
        if let name = chosenClass.name {
            let row = try chosen.failureClass(named: name)
            guard !row.open.isEmpty else { throw Outcome(code: .notDone, message: "refused: all its tasks are done") }
            return try await sender.send(
                .forClass(.init(name: row.id, tasks: row.open, action: .retry(request: request, sample: sample))))
        }
        let record = try chosen.task(named: task ?? "")
        if chosen.owner == nil, record.state.isDone {
            throw Outcome(code: .notDone, message: "refused: \(record.id) is done already")
        }
        try await sender.send(.retry(task: record.id, request: request))
    }

    private func find(_ name: String, _ plan: Plan) throws -> Worker {
        let known = plan.stages.flatMap(\.ladder).map(\.worker)
        if let worker = known.first(where: { $0.name == name }) { return worker }
        for folder in PlanFolders.workers(for: choice.plan ?? PlanSearch(repository: choice.repo).anchor) {
            let path = "\(folder)/\(name)/\(WorkerFile.name)"
            if FileManager.default.fileExists(atPath: path) { return try WorkerFile.load(path).get() }
        }
        let names = Set(known.map(\.name)).sorted().joined(separator: ", ")
        throw Outcome(
            code: .usage,
            message: "error: unknown worker '\(name)'\n  hint: the plan has \(names); 'orchestrate workers' lists "
                + "others")
    }
}

/// The option that names a class of failures in place of a task.
struct ClassOption: ParsableArguments {
    @Option(
        name: .customLong("class"),
        help: ArgumentHelp("A class of failures, as 'orchestrate failures' shows it.", valueName: "id"))
    var name: String?

    /// - Throws: `ValidationError` unless either a task or a class is named.
    func validate(task: String?) throws {
        guard (task == nil) != (name == nil) else { throw ValidationError("Name either a task or a class.") }
    }
}
