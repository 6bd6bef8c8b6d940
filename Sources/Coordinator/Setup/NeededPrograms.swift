import Foundation
import Git
import Jobs
import Model
import Store
import Verification

/// A search for programs without which no task could be done. It runs before the first worker starts.
struct NeededPrograms: Sendable {
    let plan: Plan
    let repository: Repository
    let state: StateFolder
    let environment: BaseEnvironment

    /// Seconds for the question whether programs are there.
    private static let timeout: Double = 60

    /// A command of the plan with the variables that it gets.
    private struct Command: Sendable {
        var user: MissingNeed.User
        var run: String
        var variables: [String: String]
    }

    /// A program that this machine does not seem to have.
    private struct Suspect: Sendable {
        var need: MissingNeed
        var variables: [String: String]
    }

    /// Returns the programs that are missing in a slot at a commit.
    ///
    /// A slot is used only if a program seems to be missing: a step of the set-up may have made it.
    func missing(at commit: ObjectID, _ setup: SlotSetup) async throws -> [MissingNeed] {
        let policy = try SandboxPolicy(plan, of: repository, state: state, environment: environment)
        let slots = RunSlots.firstLanding(
            plan, folder: "\(state.slots)/\(plan.name)", target: repository, setup: setup)
        var found: [MissingNeed] = []
        for stage in plan.stages {
            let suspects = suspects(in: stage, policy)
            guard !suspects.isEmpty else { continue }
            found += try await slots.withSlot(stage.setup) { slot in
                try await slot.move(to: commit)
                var missing: [MissingNeed] = []
                for suspect in suspects where try await isMissing(suspect, in: slot.treePath, policy) {
                    missing.append(suspect.need)
                }
                return missing
            }
        }
        return found.uniqued
    }

    /// Returns the programs that this machine does not seem to have. A step of the set-up may yet make them.
    func suspected() throws -> [MissingNeed] {
        let policy = try SandboxPolicy(plan, of: repository, state: state, environment: environment)
        return plan.stages.flatMap { suspects(in: $0, policy).map(\.need) }.uniqued
    }

    /// Returns the program that a check did not find on the untouched base; nil if its failure has another reason.
    func missing(in result: CheckResult, of check: Check, _ rules: VerifyRules) -> MissingNeed? {
        guard result.outcome == .failed,
            let program = MissingProgram.onBase(
                command: result.command, status: result.status, output: result.digest)
        else { return nil }
        // A task may yet write a script of the tree. Git would ignore what no task makes.
        if program.contains("/"), !program.hasPrefix("/"),
            (try? repository.ignoredPaths(among: [program].map(Self.plain)))?.isEmpty ?? true
        {
            return nil
        }
        return need(
            program,
            Command(
                user: .check(check.name), run: check.run, variables: variables(rules.environment, check.environment)))
    }

    // MARK: Commands

    private func commands(of stage: Stage) -> [Command] {
        let rules = stage.verify
        let checks = (rules.done + rules.task + rules.landing).map { ($0, rules.environment) }
        let whole = (plan.verify.baseline + plan.verify.final).map { ($0, plan.verify.environment) }
        // A later step of the ladder may never be needed.
        let worker = stage.ladder.first.map { rung in
            Command(
                user: .worker(rung.worker.name), run: rung.worker.run,
                variables: variables(plan.workers.environment, rung.worker.environment))
        }
        return (checks + whole).map { check, general in
            Command(user: .check(check.name), run: check.run, variables: variables(general, check.environment))
        } + [worker].compactMap { $0 }
    }

    private func variables(_ general: [String], _ own: [String]) -> [String: String] {
        environment.environment(general: general, own: own, place: nil).variables
    }

    private func suspects(in stage: Stage, _ policy: SandboxPolicy) -> [Suspect] {
        commands(of: stage).flatMap { command -> [Suspect] in
            let path = command.variables["PATH"] ?? ""
            return ShellWords.required(in: command.run).filter { program in
                (PlanPrograms.isName(program) || Self.isPlainPath(program)) && !command.run.contains("\(program)()")
                    && !Self.folders(of: program, path).contains { Self.isShown(program, in: $0, path, policy) }
            }.map { Suspect(need: need($0, command), variables: command.variables) }
        }
    }

    private func need(_ program: String, _ command: Command) -> MissingNeed {
        let path = command.variables["PATH"] ?? ""
        if let folder = Self.folders(of: program, path).first {
            return MissingNeed(program: program, user: command.user, folder: folder, isHidden: true)
        }
        let own = environment.environment(place: nil).variables["PATH"] ?? ""
        let home = environment.home ?? ""
        let usual = ["\(home)/.local/bin", "\(home)/.cargo/bin", "\(home)/go/bin", "/usr/local/bin", "/opt/bin"]
        return MissingNeed(
            program: program, user: command.user,
            folder: Self.folders(of: program, own).first
                ?? Self.folders(of: program, usual.joined(separator: ":")).first)
    }

    /// Whether a job sees a program in a folder of its `PATH`, also if that is a link.
    private static func isShown(_ program: String, in folder: String, _ path: String, _ policy: SandboxPolicy) -> Bool {
        let file = program.hasPrefix("/") ? program : "\(folder)/\(program)"
        let target = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
        return policy.shows(folder, path: path) && policy.shows(target, path: path)
    }

    /// Whether a word is an absolute path without anything that a shell or a template replaces.
    private static func isPlainPath(_ word: String) -> Bool {
        word.hasPrefix("/") && !word.contains { "$*?[]{}~ ".contains($0) }
    }

    /// Returns the folders of a `PATH` that hold a program.
    private static func folders(of program: String, _ path: String) -> [String] {
        if program.hasPrefix("/") {
            let isThere = FileManager.default.isExecutableFile(atPath: program)
            return isThere ? [(program as NSString).deletingLastPathComponent] : []
        }
        return path.split(separator: ":").map(String.init).filter { folder in
            folder.hasPrefix("/") && PlanPrograms.isFound(program, folder)
        }
    }

    private static func plain(_ path: String) -> String {
        path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    // MARK: Slot

    private func isMissing(_ suspect: Suspect, in tree: String, _ policy: SandboxPolicy) async throws -> Bool {
        let logs = state.logs
        try await blocking { try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true) }
        let outcome = await ProcessRunner(marker: "\(state.path):\(plan.name)-baseline").run(
            ProcessRequest(
                command: .arguments(["/bin/sh", "-c", "command -v -- \"$1\"", "sh", suspect.need.program]),
                directory: tree, environment: suspect.variables,
                output: .combined("\(logs)/\(plan.name)-programs.log"), timeout: Self.timeout,
                outputLimit: 1 << 20,
                sandbox: policy.sandbox(writable: [tree], network: nil, path: suspect.variables["PATH"]),
                limits: .standard))
        try Task.checkCancellation()
        guard case .exited(let status) = outcome.ending else { return false }
        return status != 0
    }
}

extension [MissingNeed] {
    /// The needs in order, each once.
    fileprivate var uniqued: [MissingNeed] {
        var seen: Set<MissingNeed> = []
        return filter { seen.insert($0).inserted }
    }
}
