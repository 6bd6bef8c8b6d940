import ArgumentParser
import Foundation
import Model
import PlanFile
import Store

struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Have a task done again, with another worker or your words if you like.",
        discussion: """
            A task that was set aside is taken up again, and what it held; a worker that is under way is ended; a \
            verified task does not land as it is. Said to a run that nobody works on, finished ones too, it is kept \
            for the next 'orchestrate resume'.
            """)

    @Argument(help: "The task's name, or the path of one of its files.") var task: String

    @Option(
        name: .long,
        help: ArgumentHelp("Who makes the next attempt: a worker of the plan, or a worker's folder.", valueName: "name")
    )
    var worker: String?

    @Option(name: .long, help: ArgumentHelp("Your words, for the prompt of the attempts to come.", valueName: "text"))
    var note: String?

    @OptionGroup var choice: RunChoice

    func run() async throws {
        let chosen = try choice.choose()
        let record = try Asking.task(task, chosen)
        if chosen.owner == nil, record.state.isDone {
            throw Outcome(code: .notAllGreen, message: "refused: \(record.id) is green; nothing is left to do")
        }
        let request = RetryRequest(worker: try worker.map { try find($0, chosen.plan) }, note: note)
        try await Asking(chosen: chosen, isKept: true).send(
            .retry(task: record.id, request: request == RetryRequest() ? nil : request))
    }

    private func find(_ name: String, _ plan: Plan) throws -> Worker {
        let known = plan.stages.flatMap(\.ladder).map(\.worker)
        if let worker = known.first(where: { $0.name == name }) { return worker }
        for folder in PlanFolders.workers(for: choice.plan ?? "plan.yaml") {
            let path = "\(folder)/\(name)/\(WorkerFile.name)"
            if FileManager.default.fileExists(atPath: path) { return try WorkerFile.load(path).get() }
        }
        let names = Set(known.map(\.name)).sorted().joined(separator: ", ")
        throw Outcome(
            code: .usage,
            message: "error: there is no worker '\(name)'\n  hint: the plan has \(names); others are folders below "
                + "workers/ beside the plan")
    }
}
