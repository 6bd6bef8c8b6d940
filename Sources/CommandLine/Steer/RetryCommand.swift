import ArgumentParser
import Foundation
import Model
import PlanFile
import Store

struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Retry a task, with another worker or a note for its prompt if you like.",
        discussion: """
            Takes up a failed task and the tasks that it blocks. Ends a running worker of the task. A verified task is \
            done again before it lands. If the run is not running, even if it is finished, the next 'orchestrate resume' \
            applies it.
            """)

    @Argument(help: TaskWord.help("The task"), completion: TaskWord.completion) var task: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The worker of the next attempt: one of the plan, or a folder below workers/.", valueName: "name"),
        completion: .custom { _, _, _ in WorkerNames.all() })
    var worker: String?

    @Option(name: .long, help: ArgumentHelp("A note for the prompt of the next attempts.", valueName: "text"))
    var note: String?

    @OptionGroup var choice: RunChoice

    func run() async throws {
        let chosen = try choice.choose()
        let record = try chosen.task(named: task)
        if chosen.owner == nil, record.state.isDone {
            throw Outcome(code: .notDone, message: "refused: \(record.id) is done already")
        }
        let request = RetryRequest(worker: try worker.map { try find($0, chosen.plan) }, note: note)
        try await CommandSender(chosen: chosen, canQueue: true).send(
            .retry(task: record.id, request: request == RetryRequest() ? nil : request))
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
