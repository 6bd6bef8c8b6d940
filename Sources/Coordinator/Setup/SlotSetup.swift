import Foundation
import Git
import Jobs
import Model
import Store
import Synchronization

/// The set-up of a plan's slots. It makes each template once, and lends it to all slots that need it.
///
/// What a slot gets depends on its commit: a step runs again for a commit in which one of its inputs differs. The files
/// are made in a slot of their own, in which no worker runs, and are copied from there.
final class SlotSetup: Sendable {
    /// What the templates depend on, step by step.
    struct Chain: Sendable {
        /// The key before the first step, and after each one.
        var keys: [String]
        var steps: [SetupStep]
        var submodules: [Submodule]

        var key: String { keys[keys.count - 1] }
        /// Whether the slot gets anything.
        var isEmpty: Bool

        /// Whether a later template may begin with the outputs of a step: a step after it has other inputs than now, or
        /// runs once in each run.
        func isStart(_ step: Int) -> Bool {
            let rest = steps.dropFirst(step + 1)
            return rest.contains { !$0.inputs.isEmpty }
                || !rest.isEmpty && steps.prefix(step + 1).allSatisfy { !$0.inputs.isEmpty }
        }
    }

    /// A template, and the steps that ran to make it.
    struct Made: Sendable {
        var template: SlotTemplate
        var ran: [CheckResult]
    }

    private struct ChainName: Hashable {
        var commit: ObjectID
        var rules: SetupRules
    }

    private struct State {
        var chains: [ChainName: Chain] = [:]
        var templates: [String: SlotTemplate] = [:]
        /// Keys, the last used one at the end.
        var order: [String] = []
        var inUse: [String: Int] = [:]
        var running: [String: Task<Made, any Error>] = [:]
    }

    let repository: Repository
    let build: SetupBuild
    private let plan: Plan
    private let copied: SlotTemplate?
    private let folder: String
    private let generation: String
    private let state = Mutex(State())

    /// Templates kept on the disk that no slot is being set up from.
    private static let mostKept = 8
    private static let mostChains = 10_000

    /// Opens the set-up of a plan. Blocks.
    ///
    /// - Parameter run: a run that begins: the files to copy are read again, and steps without inputs run again. nil to
    ///   go on with what is there.
    /// - Throws: `CoordinatorError.nothingToCopy`.
    init(
        _ plan: Plan, of repository: Repository, state: StateFolder, environment: BaseEnvironment,
        beginning run: RunID? = nil
    ) throws {
        self.plan = plan
        self.repository = repository
        folder = Self.place(of: plan, in: state)
        let files = CopiedFiles(globs: plan.setup.copy, repository: repository, folder: "\(folder)/copied")
        if !plan.setup.isEmpty || plan.stages.contains(where: { !$0.setup.isEmpty }) {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            if run != nil || files.template == nil { try files.read() }
            if let run { try Data(run.rawValue.utf8).write(to: URL(fileURLWithPath: "\(folder)/generation")) }
        }
        copied = files.template
        generation = (try? String(contentsOfFile: "\(folder)/generation", encoding: .utf8)) ?? ""
        build = SetupBuild(
            repository: repository, environment: environment.knowing(CopiedFiles.secrets(in: copied)),
            sandbox: try SandboxPolicy(plan, of: repository, state: state, environment: environment),
            runner: ProcessRunner(marker: "\(state.path):\(plan.name)-setup"), folder: folder,
            logs: "\(state.logs)/\(plan.name)-setup")
    }

    private static func place(of plan: Plan, in state: StateFolder) -> String { "\(state.slots)/\(plan.name)/setup" }

    /// Returns an environment that knows the secrets in the files that a plan copies, so that no log shows them.
    static func environment(_ environment: BaseEnvironment, of plan: Plan, in state: StateFolder) -> BaseEnvironment {
        if plan.setup.copy.isEmpty { return environment }
        return environment.knowing(CopiedFiles.secrets(in: SlotTemplate(at: "\(place(of: plan, in: state))/copied")))
    }

    /// The set-up of the plan; a stage may have another.
    var rules: SetupRules { plan.setup }

    // MARK: Start of a run

    /// Makes the templates of a commit for all stages.
    ///
    /// - Returns: a note for each step that ran.
    /// - Throws: `SetupFailure`.
    func prepare(at commit: ObjectID) async throws -> [String] {
        var notes: [String] = []
        for rules in [plan.setup] + plan.stages.map(\.setup) {
            let ran = try await lend(commit, by: rules) { made in made?.ran ?? [] }
            notes += ran.map { "\($0.name) took \(String(format: "%.1f", $0.seconds)) s" }
        }
        let missing = try await chain(of: commit, plan.setup).submodules.filter { $0.source == nil }
        notes += missing.map {
            "submodule '\($0.path)' is empty in the slots: your checkout does not have \($0.commit.short); run 'git "
                + "submodule update --init --recursive'"
        }
        await removeUnknown()
        return notes
    }

    /// Removes the templates of earlier runs that this one does not use.
    private func removeUnknown() async {
        let keys = state.withLock { state in state.chains.values.flatMap(\.keys) }
        let (folder, known) = (folder, Set(keys.map { String($0.prefix(Self.shown)) }))
        await blocking {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            where name.prefix(Self.shown).count == Self.shown && !known.contains(name) {
                _ = try? Folder.remove(at: "\(folder)/\(name)")
            }
        }
    }

    /// Digits of a key that the name of a template's folder has.
    private static let shown = 24

    // MARK: Keys

    /// Returns the key of the ignored files that a slot has at a commit; empty without such files. Verdicts depend on it.
    func key(of commit: ObjectID, _ rules: SetupRules) async throws -> String {
        let chain = try await chain(of: commit, rules)
        return chain.isEmpty ? "" : chain.key
    }

    private func chain(of commit: ObjectID, _ rules: SetupRules) async throws -> Chain {
        let name = ChainName(commit: commit, rules: rules)
        if let known = state.withLock({ $0.chains[name] }) { return known }
        let chain = try await blocking { try self.makeChain(of: commit, rules) }
        state.withLock { state in
            if state.chains.count > Self.mostChains { state.chains = [:] }
            state.chains[name] = chain
        }
        return chain
    }

    private func makeChain(of commit: ObjectID, _ rules: SetupRules) throws -> Chain {
        let tree = try repository.treeOf(commit)
        let submodules = try repository.submodules(inTree: tree)
        var digest = SHA256Key("slot")
        digest.add([copied?.key ?? ""])
        digest.add(submodules.map { "\($0.path) \($0.commit) \($0.source != nil)" })
        var chain = Chain(
            keys: [digest.text], steps: rules.steps, submodules: submodules,
            isEmpty: rules.steps.isEmpty && copied == nil && submodules.allSatisfy { $0.source == nil })
        if rules.steps.isEmpty { return chain }
        let files = rules.steps.contains { !$0.inputs.isEmpty } ? try repository.files(inTree: tree).entries : []
        for step in rules.steps {
            digest.add(build.fields(of: step))
            if step.inputs.isEmpty { digest.add([generation]) }
            let globs = try GlobSet(step.inputs)
            digest.add(files.filter { globs.matches($0.path) }.map { "\($0.path) \($0.mode) \($0.id)" })
            chain.keys.append(digest.text)
        }
        return chain
    }

    // MARK: Templates

    /// Lends the template of a commit to the body; nil if slots get nothing beside the commit.
    /// - Throws: `SetupFailure`, and what the body throws.
    func lend<Result: Sendable>(
        _ commit: ObjectID, by rules: SetupRules, _ body: (Made?) async throws -> Result
    ) async throws -> Result {
        let chain = try await chain(of: commit, rules)
        if chain.isEmpty { return try await body(nil) }
        state.withLock { $0.inUse[chain.key, default: 0] += 1 }
        defer { state.withLock { $0.inUse[chain.key, default: 1] -= 1 } }
        return try await body(try await template(chain, for: commit))
    }

    /// Whether what a slot gets at a commit is there already.
    func isMade(for commit: ObjectID, by rules: SetupRules) async throws -> Bool {
        let chain = try await chain(of: commit, rules)
        return chain.isEmpty || opened(chain.key) != nil
    }

    private func template(_ chain: Chain, for commit: ObjectID) async throws -> Made {
        while true {
            if let known = opened(chain.key) { return Made(template: known, ran: []) }
            let (work, isOwner) = state.withLock { state -> (Task<Made, any Error>, Bool) in
                if let running = state.running[chain.key] { return (running, false) }
                let work = Task { try await self.make(chain, for: commit) }
                state.running[chain.key] = work
                return (work, true)
            }
            do {
                let made = try await withTaskCancellationHandler {
                    try await work.value
                } onCancel: {
                    if isOwner { work.cancel() }
                }
                return isOwner ? made : Made(template: made.template, ran: [])
            } catch is CancellationError {
                // Another caller may have been cancelled while this one still waits.
                try Task.checkCancellation()
            }
        }
    }

    private func opened(_ key: String) -> SlotTemplate? {
        let path = path(of: key)
        return state.withLock { state in
            guard let found = state.templates[key] ?? SlotTemplate(at: path), found.key == key else { return nil }
            state.templates[key] = found
            state.order.removeAll { $0 == key }
            state.order.append(key)
            return found
        }
    }

    private func make(_ chain: Chain, for commit: ObjectID) async throws -> Made {
        defer { state.withLock { $0.running[chain.key] = nil } }
        if let known = opened(chain.key) { return Made(template: known, ran: []) }
        let start = chain.keys.indices.dropLast().last { opened(chain.keys[$0]) != nil }
        let job = SetupBuild.Order(
            chain: chain, commit: commit, done: start ?? 0,
            template: start.flatMap { opened(chain.keys[$0]) } ?? copied,
            isFresh: start == nil
        ) { self.path(of: $0) }
        let made = try await build.run(job)
        _ = opened(chain.key)
        await removeOld()
        return made
    }

    private func path(of key: String) -> String { "\(folder)/\(key.prefix(Self.shown))" }

    /// Removes the templates that were not used for the longest time.
    private func removeOld() async {
        let old = state.withLock { state -> [String] in
            let idle = state.order.filter { state.inUse[$0, default: 0] == 0 }
            let old = Array(idle.dropLast(Self.mostKept))
            for key in old {
                state.templates[key] = nil
                state.order.removeAll { $0 == key }
            }
            return old
        }
        for key in old {
            let path = path(of: key)
            _ = try? await blocking { () throws(GitError) in try Folder.remove(at: path) }
        }
    }
}
