import ArgumentParser
import Coordinator
import Foundation
import Git
import Model
import PlanFile
import ProjectScan

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a plan for a repository, with checks that were tried on it.",
        discussion: """
            Looks at the languages, build files, tests, dependencies and workers, tries the checks on HEAD and on a copy of \
            it with broken files, and writes .orchestrate/NAME.yaml. Asks for what is missing on a terminal. Elsewhere, \
            --goal is required, and --worker or --codemod if no agent is logged in.
            """)

    @Option(name: .long, help: ArgumentHelp("What to do, in your words.", valueName: "text"))
    var goal: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The name of the plan and of its branch; default: from the goal.", valueName: "name"))
    var name: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A worker without a model, tried first. 'orchestrate workers' lists all.", valueName: "name"),
        completion: .custom { _, _, _ in WorkerNames.all() })
    var codemod: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The agent; default: one that is logged in on this machine.", valueName: "name"),
        completion: .custom { _, _, _ in WorkerNames.all() })
    var worker: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A variable for the codemod, or for the worker without one. May be repeated.", valueName: "name=value"))
    var set: [String] = []

    @Option(
        name: .long, help: ArgumentHelp("The repository; default: that of the current folder.", valueName: "path"))
    var repo: String = "."

    @Flag(name: .long, help: "Keep the plan beside the repository, not in it.")
    var beside = false

    @Flag(name: .long, help: "Replace a plan that exists.")
    var force = false

    @Flag(name: .long, help: "Print what was found as JSON. Without --goal, write no plan.")
    var json = false

    func validate() throws {
        if let bad = set.first(where: { !$0.contains("=") || $0.hasPrefix("=") }) {
            throw ValidationError("--set needs NAME=VALUE, not '\(bad)'.")
        }
        if !set.isEmpty, codemod == nil, worker == nil {
            throw ValidationError("--set needs --codemod or --worker.")
        }
    }

    func run() async throws {
        let repository = try Repository(at: repo, environment: Terminal.environment)
        let base = try repository.resolve("HEAD")
        let profile = ProjectScan(try ProjectFiles(repository, at: base)).profile()
        if json, goal == nil { return Terminal.print(json: try InitReport(profile: profile).json) }
        if !json { Terminal.print(ProfileText(profile: profile).text) }

        let questions = InitQuestions(isAllowed: !json)
        let goal = try self.goal ?? questions.goal()
        let place = try PlanPlace(
            repository: repository, name: name ?? PlanPlace.name(from: goal), isBeside: beside)
        try place.refuseExisting(unless: force)
        let choice = try await WorkerChoice(plan: place.path, codemod: codemod, worker: worker, variables: set)
            .choose(questions)
        var proposal = PlanProposal(
            name: place.name, goal: goal, repository: place.repository,
            title: (repository.location as NSString).lastPathComponent, base: repository.currentBranch,
            profile: profile, ladder: choice.ladder, hasAgent: choice.hasAgent, done: choice.done, checks: [],
            maxParallel: min(4, max(1, ProcessInfo.processInfo.activeProcessorCount)),
            knowsSetup: PlanLoader.knows(key: "setup"))
        proposal.triedOn = base.short
        proposal.networkVariables = PlanProposal.networkVariables(of: Terminal.environment)
        proposal.otherAgents = choice.others
        try await CheckTrials(path: place.path).run(&proposal)
        try place.write(proposal.text)
        try finish(proposal, at: place, choice)
    }

    /// Reads the plan as `migrate` will, and says what to type next.
    private func finish(_ proposal: PlanProposal, at place: PlanPlace, _ choice: WorkerChoice.Chosen) throws {
        let loaded = try PlanFolders.load(PlanSearch.shown(place.path), repository: nil)
        for warning in loaded.warnings { Terminal.say(warning.description) }
        if json {
            return Terminal.print(json: try InitReport(profile: proposal.profile, plan: place.path, proposal).json)
        }
        let shown = PlanSearch.shown(place.path)
        let isOnly = PlanSearch(repository: repo).plans.count == 1
        let option = isOnly ? "" : " --plan \(shown)"
        Terminal.print("\nwrote \(shown)")
        for note in notes(on: proposal) + choice.notes { Terminal.print("note: \(note)") }
        Terminal.print(
            """

            next:
              orchestrate plan show\(option)    list the tasks
              orchestrate migrate\(option)      carry out the plan
            """)
    }

    /// What a person should know before the first run.
    private func notes(on proposal: PlanProposal) -> [String] {
        var notes: [String] = []
        let used = proposal.checks.filter { $0.trial?.isUsable ?? true }
        if used.isEmpty {
            notes.append("no check works on the base, so nothing protects the branch; the plan says why")
        }
        for tried in used where tried.trial?.seesBrokenTree == false {
            notes.append("check '\(tried.name)' passes on a tree with broken files, so broken code could land")
        }
        if !proposal.profile.submodules.isEmpty {
            notes.append("submodules are not in scope: \(proposal.profile.submodules.joined(separator: ", "))")
        }
        return notes
    }
}

/// Where `init` writes a plan.
struct PlanPlace {
    let name: String
    /// Absolute.
    let path: String
    /// From the plan's folder.
    let repository: String
    /// Words of a goal that a name is made of.
    private static let mostWords = 5
    private static let longestName = 40

    /// - Throws: an `Outcome` for a name that cannot be part of a branch name.
    init(repository: Repository, name: String, isBeside: Bool) throws {
        if let problem = PlanLoader.problem(ofName: name) {
            throw Outcome(code: .usage, message: "error: '\(name)': \(problem)\n  hint: choose another with --name")
        }
        self.name = name
        let root = repository.location
        guard isBeside || repository.isBare else {
            path = "\(root)/\(PlanSearch.folder)/\(name).yaml"
            self.repository = ".."
            return
        }
        path = "\(PlanSearch.besides(root))/\(name).yaml"
        self.repository = "../../\((root as NSString).lastPathComponent)"
    }

    /// Returns a name made of the first words of a goal.
    static func name(from goal: String) -> String {
        let words = goal.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.prefix(mostWords)
        let name = words.joined(separator: "-").prefix(longestName)
        return name.isEmpty ? "migration" : name.trimmingCharacters(in: CharacterSet(charactersIn: "-"))
    }

    func refuseExisting(unless isForced: Bool) throws {
        guard !isForced, FileManager.default.fileExists(atPath: path) else { return }
        throw Outcome(
            code: .notDone,
            message: "error: \(PlanSearch.shown(path)) exists\n  hint: replace it with --force, or choose a --name")
    }

    func write(_ text: String) throws {
        do {
            let folder = (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw Outcome(
                code: .cannotServe,
                message: "error: cannot write '\(path)': \(error.localizedDescription)\n"
                    + "  hint: use --beside to keep the plan outside the repository")
        }
    }
}
