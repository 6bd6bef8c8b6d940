import Foundation
import Git
import Jobs
import Model
import Verification

/// Runs the steps of a set-up in a slot of their own.
struct SetupBuild: Sendable {
    let repository: Repository
    let environment: BaseEnvironment
    let sandbox: SandboxPolicy
    let runner: ProcessRunner
    let logs: String
    private let slots: SlotPool
    private let paths: SlotPaths

    /// Bytes of a step's output that are kept.
    private static let outputKept = 4 << 20
    /// Lines of a failed step's output that are shown.
    private static let shownLines = 30
    /// Paths that are shown.
    private static let shownPaths = 20

    /// A template to make.
    struct Order: Sendable {
        var chain: SlotSetup.Chain
        var commit: ObjectID
        /// Number of steps whose outputs the template has.
        var done: Int
        /// What to begin with; nil for nothing.
        var template: SlotTemplate?
        /// Whether the submodules are still missing.
        var isFresh: Bool
        /// Returns the folder of a template by its key.
        var path: @Sendable (String) -> String
    }

    init(
        repository: Repository, environment: BaseEnvironment, sandbox: SandboxPolicy, runner: ProcessRunner,
        folder: String, logs: String
    ) {
        self.repository = repository
        self.environment = environment
        self.sandbox = sandbox
        self.runner = runner
        self.logs = logs
        paths = SlotPaths(folder: folder)
        slots = SlotPool(folder: "\(folder)/build", target: repository, numbers: 0..<1)
    }

    /// Everything that the outputs of a step depend on, besides its inputs.
    func fields(of step: SetupStep) -> [String] {
        let variables = environment.environment(own: step.environment, place: nil).variables
        let own = Set(step.environment.map { String($0.prefix { $0 != "=" }) }).union(["PATH"])
        return [step.run, "\(step.network.map { "\($0)" } ?? "")"] + step.cache
            + own.sorted().map { "\($0)=\(variables[$0] ?? "")" }
    }

    /// Runs the steps that are left, and makes the template.
    /// - Throws: `SetupFailure`.
    func run(_ order: Order) async throws -> SlotSetup.Made {
        try await slots.withSlot { slot in
            _ = await runner.sweep()
            try await slot.place(order.commit, order.template)
            if order.isFresh { try await checkOutSubmodules(of: order.chain, in: slot) }
            var ran: [CheckResult] = []
            let own = Set(order.chain.submodules.filter { $0.source != nil }.map(\.path))
            var extra = own.filter { path in !own.contains { path.hasPrefix("\($0)/") } }.union(
                order.template?.ownedPaths ?? [])
            for (number, step) in order.chain.steps.enumerated().dropFirst(order.done) {
                try Task.checkCancellation()
                ran.append(try await run(step, order.commit, in: slot))
                extra.formUnion(try await refuseVisible(after: step, besides: extra, order.commit, in: slot))
                if order.chain.isStart(number) {
                    let template = try await make(order.chain.keys[number + 1], order, extra, slot)
                    try await slot.place(order.commit, template)
                }
            }
            return SlotSetup.Made(template: try await make(order.chain.key, order, extra, slot), ran: ran)
        }
    }

    private func make(
        _ key: String, _ order: Order, _ extra: Set<String>, _ slot: SlotLease
    ) async throws -> SlotTemplate {
        try await slot.makeTemplate(
            TemplateRequest(key: key, folder: order.path(key), including: extra.sorted()))
    }

    private func checkOutSubmodules(of chain: SlotSetup.Chain, in slot: SlotLease) async throws {
        let (repository, tree) = (repository, slot.treePath)
        try await blocking { () throws(GitError) in
            for module in chain.submodules { try repository.checkOut(module, into: "\(tree)/\(module.path)") }
        }
    }

    private func run(_ step: SetupStep, _ commit: ObjectID, in slot: SlotLease) async throws -> CheckResult {
        let log = "\(logs)/\(Self.fileName(step.name)).log"
        let (logs, home, paths) = (logs, environment.home, paths)
        let caches = step.cache.map { $0.hasPrefix("~/") ? (home ?? "") + $0.dropFirst() : $0 }
        try await blocking {
            for folder in [logs] + caches {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            if FileManager.default.fileExists(atPath: log) { try FileManager.default.removeItem(atPath: log) }
        }
        let environment = environment.environment(own: step.environment, place: nil)
        let command = try CommandTemplate(step.run).expand(files: [], task: TaskID(""), job: nil).joined(
            separator: "\n")
        let outcome = await runner.run(
            ProcessRequest(
                command: .shell(command), directory: slot.treePath, environment: environment.variables,
                output: .combined(log), timeout: step.timeout, outputLimit: Self.outputKept * 16,
                sandbox: sandbox.sandbox(
                    writable: [slot.treePath] + caches, network: step.network?.filledIn(from: environment.variables),
                    path: environment.variables["PATH"]),
                limits: .standard))
        if outcome.ending == .cancelled { throw CancellationError() }
        try await blocking { try LogTrimmer.trim(log, to: Self.outputKept, secrets: environment.secrets) }
        guard outcome.succeeded else {
            let detail = await blocking { paths.relative(Self.end(of: log)) }
            throw SetupFailure(
                step: step.name, command: step.run, summary: Self.words(outcome, step), detail: detail, log: log,
                seconds: outcome.seconds, status: outcome.status, commit: commit)
        }
        return CheckResult(
            name: SetupFailure.checkName(step.name), command: step.run, outcome: .passed, status: 0,
            seconds: outcome.seconds, digest: "")
    }

    private static func words(_ outcome: ProcessOutcome, _ step: SetupStep) -> String {
        switch outcome.ending {
        case .exited(let status): "failed with exit status \(status)"
        case .signalled(let signal): "was ended by signal \(signal)"
        case .timedOut: "did not end within \(Int(step.timeout)) s"
        case .couldNotStart(let reason): "could not start: \(reason)"
        case .cancelled, .outputLimit, .idle, .limit: "was ended because it exceeded a limit"
        }
    }

    private static func end(of log: String) -> String {
        let bytes = (try? UntrustedFile.read(log, limit: outputKept * 2)) ?? []
        let lines = OutsideText.lines(String(decoding: bytes, as: UTF8.self)).split(separator: "\n")
        return lines.suffix(shownLines).joined(separator: "\n")
    }

    private static func fileName(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(60))
    }

    /// Finds what the commit's rules do not ignore.
    ///
    /// - Returns: the paths that the user's own rules ignore.
    /// - Throws: `SetupFailure` if a step has left anything else, or has changed a file of the commit.
    private func refuseVisible(
        after step: SetupStep, besides known: Set<String>, _ commit: ObjectID, in slot: SlotLease
    ) async throws -> Set<String> {
        let capture = try await slot.capture(including: [])
        let changes = capture.changes.filter { change in
            !known.contains { change.path == $0 || change.path.hasPrefix("\($0)/") }
        }
        let added = changes.filter { $0.status == .added }.map(\.path)
        let (repository, parents) = (repository, Array(Set(added.flatMap(Self.parents))))
        let ignored = try await blocking { () throws(GitError) in
            try repository.ignored(among: (added + parents).sorted())
        }
        var roots: Set<String> = []
        for path in added {
            let root = (Self.parents(of: path) + [path]).first { ignored.contains($0) }
            if let root { roots.insert(root.hasSuffix("/") ? String(root.dropLast()) : root) }
        }
        let open = added.filter { path in !roots.contains { path == $0 || path.hasPrefix("\($0)/") } }
        let changed = changes.filter { $0.status != .added }.map(\.path)
        if open.isEmpty, changed.isEmpty { return roots }
        throw Self.refusal(of: step, new: open, changed: changed, commit)
    }

    private static func refusal(
        of step: SetupStep, new: [String], changed: [String], _ commit: ObjectID
    ) -> SetupFailure {
        var hints: [String] = []
        if !new.isEmpty { hints.append("add the new files to .gitignore and commit that, or end the step with 'rm'") }
        if !changed.isEmpty {
            let paths = changed.prefix(3).map(\.debugDescription).joined(separator: " ")
            hints.append("end the step with 'git checkout -- \(paths)' to discard changes of the commit's files")
        }
        let paths = new.map { "\($0)  (new)" } + changed.map { "\($0)  (changed)" }
        let more = paths.count > shownPaths ? ["and \(paths.count - shownPaths) more"] : []
        return SetupFailure(
            step: step.name, command: step.run, summary: "left files that Git does not ignore",
            detail: (paths.prefix(shownPaths) + more).joined(separator: "\n"), log: "",
            hint: hints.joined(separator: "; "), commit: commit)
    }

    /// The folders above a path, the topmost first, each with a slash at its end.
    private static func parents(of path: String) -> [String] {
        let parts = path.split(separator: "/").dropLast()
        return parts.indices.map { parts[...$0].joined(separator: "/") + "/" }
    }
}
