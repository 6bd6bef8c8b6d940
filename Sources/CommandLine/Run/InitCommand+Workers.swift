import Foundation
import Model
import PlanFile
import ProjectScan
import Workers

/// Names of workers, for the completion of a shell.
enum WorkerNames {
    static func all() -> [String] {
        PlanFolders.allWorkers(for: PlanSearch().anchor).workers.map(\.worker.name).sorted()
    }
}

/// The choice of the workers of a new plan.
struct WorkerChoice {
    struct Chosen {
        var ladder: [PlanProposal.Rung]
        var hasAgent: Bool
        var done: DoneProposal?
        /// Agents that are ready and were not chosen.
        var others: [String] = []
        /// What a person should know of the workers.
        var notes: [String] = []
    }

    /// Where the plan will be.
    let plan: String
    let codemod: String?
    let worker: String?
    let variables: [String]

    /// Agents in the order in which one is chosen. Others follow by name.
    private static let preferred = ["claude-code", "codex", "agent"]

    func choose(_ questions: InitQuestions) async throws -> Chosen {
        let known = PlanFolders.allWorkers(for: plan).workers.map(\.worker)
        var ladder: [PlanProposal.Rung] = []
        var unset: [String] = []
        if let codemod {
            let worker = try find(codemod, known)
            ladder.append(rung(worker, attempts: 1, variables))
            unset = settings(of: worker)
        }
        var agent = try worker.map { try find($0, known) }
        let standings = try await WorkersListCommand.standings(for: plan).standings
        let ready = Self.ready(known, standings)
        if agent == nil, codemod == nil { agent = try chosen(of: ready, questions) }
        if let agent { ladder.append(rung(agent, attempts: 2, codemod == nil ? variables : [])) }
        return Chosen(
            ladder: ladder, hasAgent: agent.map { $0.prompt != .none } ?? false,
            done: codemod.flatMap { DoneProposal(codemod: $0, environment: variables) },
            others: ready.map(\.name).filter { name in !ladder.contains { $0.use == name } },
            notes: unset + Self.notes(on: Set(ladder.map(\.use)), standings))
    }

    /// Returns a note if a codemod has settings that are empty and that no `--set` gives.
    private func settings(of codemod: Worker) -> [String] {
        let names = codemod.environment.filter { $0.hasSuffix("=") }.map { String($0.dropLast()) }.filter { name in
            // Options are optional.
            !name.hasSuffix("_OPTIONS") && !variables.contains { $0.hasPrefix("\(name)=") }
        }
        guard !names.isEmpty else { return [] }
        let options = names.map { "--set \($0)=…" }.joined(separator: " ")
        return ["settings of '\(codemod.name)' have no value; add them to the plan, or: orchestrate init \(options)"]
    }

    /// Returns a note on each worker whose program or login is missing.
    private static func notes(on names: Set<String>, _ standings: [WorkerStatus]) -> [String] {
        standings.filter { names.contains($0.name) }.compactMap {
            if $0.isFound == false { return "the program of worker '\($0.name)' is not installed on this machine" }
            return $0.isLoggedIn == false ? "worker '\($0.name)' is not logged in on this machine" : nil
        }
    }

    private func rung(_ worker: Worker, attempts: Int, _ environment: [String]) -> PlanProposal.Rung {
        PlanProposal.Rung(
            use: worker.name, attempts: attempts, environment: environment, note: OutsideText.line(worker.summary))
    }

    private func find(_ name: String, _ known: [Worker]) throws -> Worker {
        if let worker = known.first(where: { $0.name == name }) { return worker }
        let near = Suggestion.closest(to: name, among: known.map(\.name)).map { "did you mean '\($0)'? " } ?? ""
        throw Outcome(
            code: .usage,
            message:
                "error: unknown worker '\(name)'\n  hint: \(near)'orchestrate workers' lists all; one of your own is a "
                + "folder in \((plan as NSString).deletingLastPathComponent)/workers")
    }

    /// Returns the agents with a program and a login on this machine, the preferred ones first.
    private static func ready(_ known: [Worker], _ standings: [WorkerStatus]) -> [Worker] {
        let names = standings.filter { standing in
            standing.isFound != false && standing.isLoggedIn != false
                && (standing.isFound ?? standing.isLoggedIn ?? false)
        }.map(\.name)
        return known.filter { $0.prompt != .none && names.contains($0.name) }.sorted { one, other in
            (rank(one.name), one.name) < (rank(other.name), other.name)
        }
    }

    /// - Throws: an `Outcome` if no worker is found.
    private func chosen(of agents: [Worker], _ questions: InitQuestions) throws -> Worker {
        guard let first = agents.first else {
            throw Outcome(
                code: .usage,
                message: """
                    error: no agent is installed and logged in on this machine, and no worker is named
                      hint: name a codemod with --codemod, or a worker with --worker; 'orchestrate workers' lists them
                    """)
        }
        let name = agents.count == 1 ? first.name : questions.worker(agents.map(\.name))
        return agents.first { $0.name == name } ?? first
    }

    private static func rank(_ name: String) -> Int { preferred.firstIndex(of: name) ?? preferred.count }
}

/// Questions to the person at the terminal.
struct InitQuestions {
    private let isAllowed: Bool

    /// - Parameter isAllowed: whether to ask at all.
    init(isAllowed: Bool) { self.isAllowed = isAllowed && Terminal.canAsk }

    /// - Throws: an `Outcome` where nobody can be asked.
    func goal() throws -> String {
        let answer = isAllowed ? ask("What is to be done, in your words?") : nil
        if let answer, !answer.isEmpty { return answer }
        throw Outcome(
            code: .usage,
            message: "error: a plan needs a goal\n  hint: orchestrate init --goal \"Replace X with Y\"")
    }

    /// Returns the chosen name, or the first one where nobody can be asked.
    func worker(_ names: [String]) -> String {
        guard isAllowed else { return names[0] }
        let answer = ask("Which agent: \(names.joined(separator: ", "))? [\(names[0])]") ?? ""
        return names.contains(answer) ? answer : names[0]
    }

    private func ask(_ question: String) -> String? {
        Terminal.write("\(question) ", to: 2, lineBreak: false)
        return readLine()?.trimmingCharacters(in: .whitespaces)
    }
}
