import Decomposition
import DependencyGraph
import Foundation
import Git
import Jobs
import Model
import Store

/// What will hurt in a run of a plan, although nothing refuses it. Each note has a hint that names a key or a command.
struct PlanAdvice {
    let plan: Plan
    let repository: Repository
    let state: StateFolder
    let environment: BaseEnvironment

    /// Seconds of landing checks in a whole run that a person should know of before it starts.
    private static let longChecking = 3600.0

    func notes() throws -> [String] {
        let isMade = FileManager.default.fileExists(atPath: state.path)
        let graph = try RepositoryGraph.load(
            from: repository, commit: repository.resolve(plan.base), cachePath: isMade ? state.graphCache : nil)
        let tasks = tasks(of: graph)
        let leftOut = Preflight(plan: plan, repository: repository, checkouts: nil).leftOut(graph, undecodable: [])
        return try leftOut + [budget, upstream(), slowChecks(of: tasks)].compactMap { $0 } + cutCycles(tasks)
            + hiddenFiles() + missingPrograms() + absentPrograms() + heldBackInSight()
    }

    private static func note(_ text: String, hint: String) -> String { "\(text)\n  hint: \(hint)" }

    // MARK: Budget

    /// An agent without a limit on what it may spend.
    private var budget: String? {
        let limits = plan.budget
        guard limits.usd == nil, limits.tokens == nil, limits.wall == nil, limits.requests == nil,
            limits.workerTime == nil
        else { return nil }
        let rungs = plan.stages.flatMap(\.ladder).filter { rung in
            rung.worker.isAgent && rung.budget == nil && rung.worker.limits.usd == nil
                && rung.worker.limits.tokens == nil
        }
        guard let agent = rungs.first?.worker.name else { return nil }
        return Self.note(
            "no budget: nothing limits what the agent '\(agent)' may spend", hint: "write 'budget: {usd: 20, wall: 2h}'"
        )
    }

    // MARK: Base

    /// A base branch that lacks commits of its upstream, as of the last fetch.
    private func upstream() throws -> String? {
        let base = plan.base.hasPrefix("refs/heads/") ? String(plan.base.dropFirst(11)) : plan.base
        guard let branch = base == "HEAD" ? repository.currentBranch : base,
            let upstream = try repository.upstream(ofBranch: branch), let tip = try repository.value(of: upstream),
            let own = try repository.branchTip(branch), let fork = try repository.mergeBase(own, tip), fork != tip
        else { return nil }
        let count = try repository.commits(from: fork, to: tip).count
        let name = upstream.hasPrefix("refs/remotes/") ? String(upstream.dropFirst(13)) : upstream
        return Self.note(
            "the base '\(branch)' is \(Count.text(count, "commit")) behind '\(name)'",
            hint: "'git pull' brings the branch up to date, 'base: \(name)' starts from there")
    }

    // MARK: Tasks

    /// Returns nil if a command lists tasks. It is not run here.
    private func tasks(of graph: RepositoryGraph) -> TaskList? {
        guard !plan.stages.contains(where: { if case .command? = $0.decompose.list { true } else { false } }) else {
            return nil
        }
        // What is wrong with the tasks has been reported as an error.
        return try? Decomposer(plan, packages: LanguageRegistry.packageRules).tasks(of: graph)
    }

    private func cutCycles(_ tasks: TaskList?) -> [String] {
        (tasks?.cutCycles ?? []).map { cut in
            Self.note(
                "\(Count.text(cut.files.count, "file")) around \(cut.files[0]) depend on each other and are cut into "
                    + "\(Count.text(cut.pieces, "task"))",
                hint:
                    "'decompose: {max_cycle: \(cut.files.count)}' keeps them in one task; 'orchestrate graph' shows them"
            )
        }
    }

    /// Landing checks that take long for so many tasks, from what they took in earlier runs.
    private func slowChecks(of tasks: TaskList?) throws -> String? {
        guard plan.landing.everyCommit, let tasks, FileManager.default.fileExists(atPath: state.store) else {
            return nil
        }
        let known = try StoreReader(path: state.store).read { try $0.verdicts(limit: VerdictRecord.most) }
            .filter { $0.verdict.isClean && $0.verdict.result.outcome == .passed }
        var total = 0.0
        for (number, stage) in plan.stages.enumerated() {
            let count = Double(tasks.tasks.count { $0.stage == number && !$0.isGate })
            for check in stage.verify.landing {
                // The newest comes first.
                let last = known.first { $0.verdict.result.command == check.run }
                total += count * (last?.verdict.result.seconds ?? 0)
            }
        }
        total /= Double(max(1, plan.verifySlotCount))
        guard total > Self.longChecking else { return nil }
        let hours = (total / 360).rounded() / 10
        return Self.note(
            "the landing checks of \(Count.text(tasks.tasks.count, "task")) take about \(hours) hours, by what they took before",
            hint: "'landing: {policy: batch}' checks several tasks at once, and 'orchestrate simulate' compares")
    }

    // MARK: Commands

    /// Programs and files of a command that are on this machine, and that the sandbox hides.
    private func hiddenFiles() throws -> [String] {
        guard plan.sandbox.mode == .on else { return [] }
        let policy = try SandboxPolicy(plan, of: repository, state: state, environment: environment)
        let checkout = repository.workingDirectory
        return commands().flatMap { command in
            ShellWords(command.run).words.filter { word in
                word.hasPrefix("/") && FileManager.default.fileExists(atPath: word)
                    && checkout.map { word != $0 && !word.hasPrefix("\($0)/") } ?? true
                    && !policy.shows(word, path: command.path)
            }.map { word in
                Self.note(
                    "\(command.name) names \(word), which the sandbox hides",
                    hint: "write 'sandbox: {read: [\((word as NSString).deletingLastPathComponent)]}'")
            }
        }.uniqued
    }

    /// Bytes of a plan that is searched.
    private static let largestPlan = 1 << 20

    /// Checks that are held back, and stand in a plan that every worker has in its checkout.
    private func heldBackInSight() throws -> [String] {
        let heldBack = plan.stages.flatMap(\.verify.holdout)
        guard !heldBack.isEmpty, let tree = try? repository.treeOf(repository.resolve(plan.base)) else { return [] }
        let plans = try repository.files(inTree: tree).entries.filter {
            $0.path.hasSuffix(".yaml") || $0.path.hasSuffix(".yml")
        }
        return try plans.compactMap { file in
            guard let bytes = try repository.bytes(of: file.id, limit: Self.largestPlan) else { return nil }
            let text = String(decoding: bytes, as: UTF8.self)
            // A file of commands over several lines is indented, so one line of each has to do.
            let seen = heldBack.first { check in
                text.contains("holdout") && text.contains(check.run.split(separator: "\n").first ?? "")
            }
            return seen.map {
                Self.note(
                    "the check '\($0.name)' is held back, and workers can read it in \(file.path)",
                    hint: "keep the plan outside of the repository, or out of its commits")
            }
        }
    }

    /// Programs of the checkout that are in no commit of the base and that nothing in the command makes.
    private func missingPrograms() throws -> [String] {
        guard let tree = try? repository.treeOf(repository.resolve(plan.base)) else { return [] }
        let started = commands().flatMap { command -> [(name: String, program: String)] in
            let words = ShellWords(command.run)
            let first = words.programs.prefix(1).filter { $0.contains("/") }
            return (first + Self.scripts(in: words)).map { (command.name, $0) }
        }
        return try started.compactMap { name, program -> String? in
            guard !program.hasPrefix("/"), !program.contains(where: { "{}$*?~".contains($0) }) else { return nil }
            let path = program.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
            guard !path.isEmpty, !path.hasPrefix(".."), try repository.entry(path, inTree: tree) == nil,
                // Such a path has a note of its own.
                try repository.ignoredPaths(among: [path]).isEmpty
            else { return nil }
            return Self.note(
                "\(name) starts '\(path)', which is in no commit: a slot does not have it",
                hint: "commit it, have the check make it, or name a program that is in PATH")
        }.uniqued
    }

    /// The scripts that a command gives to an interpreter, until it changes the folder that they are relative to.
    private static func scripts(in words: ShellWords) -> [String] {
        let interpreters: Set<String> = [
            "sh", "bash", "dash", "zsh", "python", "python3", "node", "ruby", "perl", "php",
        ]
        let atTop = words.words.prefix { $0 != "cd" && $0 != "pushd" }
        return zip(atTop, atTop.dropFirst()).compactMap { program, script in
            interpreters.contains(program) && !script.hasPrefix("-") && script.contains { "./".contains($0) }
                && !script.contains(" ") ? script : nil
        }
    }

    /// Programs of this machine that are not there. A step of the set-up may make them.
    private func absentPrograms() throws -> [String] {
        guard plan.stages.allSatisfy({ $0.setup.steps.isEmpty }) else { return [] }
        let needs = try NeededPrograms(plan: plan, repository: repository, state: state, environment: environment)
            .suspected()
        // A file that is there and hidden has a note of its own.
        return needs.filter { !$0.program.hasPrefix("/") || $0.folder == nil }.map { need in
            Self.note("\(need.user.words) needs the program '\(need.program)', which was not found", hint: need.hint)
        }
    }

    /// The commands of the plan, each with its name in sentences and the `PATH` that it gets.
    private func commands() -> [(name: String, run: String, path: String)] {
        func path(_ general: [String], _ own: [String]) -> String {
            environment.environment(general: general, own: own, place: nil).variables["PATH"] ?? ""
        }
        let whole = (plan.verify.baseline + plan.verify.final).map { check in
            ("check '\(check.name)'", check.run, path(plan.verify.environment, check.environment))
        }
        return whole
            + plan.stages.flatMap { stage in
                let rules = stage.verify
                let checks = (rules.done + rules.task + rules.landing).map { check in
                    ("check '\(check.name)'", check.run, path(rules.environment, check.environment))
                }
                let workers = stage.ladder.map { rung in
                    (
                        "worker '\(rung.worker.name)'", rung.worker.run,
                        path(plan.workers.environment, rung.worker.environment)
                    )
                }
                return checks + workers
            }
    }
}

extension [String] {
    /// The texts in order, each once.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
