import Foundation
import Git
import Jobs
package import Model
import Store
import Verification

/// The execution of one order on this machine, by the same code that runs attempts and checks of a local run.
package struct JobRun: Sendable {
    private let folder: OrderFolder
    private let root: String
    private let environment: [String: String]
    private let version: String

    /// - Parameters:
    ///   - folder: absolute path of the folder of the order.
    ///   - root: absolute path of the folder in which this machine keeps objects and slots.
    ///   - environment: the program's environment.
    ///   - version: the version of this program.
    package init(folder: String, root: String, environment: [String: String], version: String) {
        self.folder = OrderFolder(folder)
        self.root = root
        self.environment = environment
        self.version = version
    }

    /// Another process carries the order out.
    package struct AlreadyRunning: Error {}

    /// Carries the order out, unless it has a result already, and writes the result into its folder.
    ///
    /// Cancelling the task ends the worker and its checks; the result then says so. The references of the order are
    /// gone afterwards.
    ///
    /// - Throws: `AlreadyRunning`; what prevents a result from being written.
    package func run() async throws -> JobResult {
        guard let lock = try FileLock.take(folder.lock) else { throw AlreadyRunning() }
        defer { withExtendedLifetime(lock) {} }
        if let known = try folder.readResult() { return known }
        let start = ContinuousClock.now
        let order = try folder.readOrder()
        let ending = await ending(of: order)
        // What is left only keeps objects, and goes with the folder of the order.
        try? await blocking { try forget() }
        let result = JobResult(
            token: order.token, ending: ending, host: ProcessInfo.processInfo.hostName,
            seconds: (ContinuousClock.now - start) / .seconds(1))
        try folder.write(result)
        return result
    }

    private func ending(of order: JobOrder) async -> JobResult.Ending {
        do {
            guard order.version == JobOrder.currentVersion, order.program == version else {
                return .broken(
                    reason: "the order is of orchestrate \(order.program), and this is \(version); "
                        + "'orchestrate executors install' brings the right one")
            }
            let repository = try await blocking { try self.repository(for: order) }
            let place = try await blocking { try JobPlaceLease(root: root, order: order, environment: environment) }
            await place.begin(marker(of: order))
            defer { place.end() }
            return try await carryOut(order, in: place, repository)
        } catch is CancellationError {
            return .cancelled
        } catch let error as GitError {
            return .broken(reason: error.message)
        } catch {
            return .broken(reason: "\(error)")
        }
    }

    /// Names the processes of an order on this machine.
    private func marker(of order: JobOrder) -> String { "\(folder.path):\(order.token)" }

    /// Deletes the references of the order. Blocks.
    package func forget() throws {
        let order = try folder.readOrder()
        let path = "\(root)/repositories/\(order.repository).git"
        guard FileManager.default.fileExists(atPath: path) else { return }
        try Repository(at: path, environment: environment).deleteReferences(
            below: order.references, reason: "\(order.run)")
    }

    // MARK: The base

    /// Fetches the base of the order, so that it is there when the order is carried out. Blocks.
    package func fetchBase() throws { _ = try repository(for: folder.readOrder()) }

    /// Opens this machine's copy of the target repository, and fetches the base into it.
    private func repository(for order: JobOrder) throws -> Repository {
        let repositories = "\(root)/repositories"
        try FileManager.default.createDirectory(
            atPath: repositories, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let gate = try FileLock.wait("\(repositories)/\(order.repository).lock")
        defer { withExtendedLifetime(gate) {} }
        let repository = try Repository.bare(
            at: "\(repositories)/\(order.repository).git", environment: environment)
        switch order.source {
        case .bundle: break
        case .url(let source), .folder(let source):
            // The commits that the run made are in the bundle.
            if !repository.holds(order.runBase) { try repository.fetch(order.runBase.hex, from: source) }
        }
        if !repository.holds(order.base) { try repository.fetch(order.baseReference, from: folder.base) }
        try keep([order.base, order.runBase], in: repository, reason: "\(order.run)")
        return repository
    }

    /// Keeps commits with references. Later bundles leave out what these keep.
    private func keep(_ bases: [ObjectID], in repository: Repository, reason: String) throws {
        let kept = try Set(repository.values(below: JobBase.prefix))
        let new = bases.filter { !kept.contains($0) && repository.holds($0) }
        for commit in Set(new) {
            try repository.compareAndSwap(
                reference: JobBase.reference(commit), from: nil, to: commit, reason: reason)
        }
        // What lands builds on what has landed, so the newest base of a run keeps those before it.
        guard let newest = bases.first, new.contains(newest) else { return }
        for commit in kept.subtracting(bases) where try repository.isAncestor(commit, of: newest) {
            try repository.compareAndSwap(
                reference: JobBase.reference(commit), from: commit, to: nil, reason: reason)
        }
    }

    // MARK: The work

    private func carryOut(
        _ order: JobOrder, in place: JobPlaceLease, _ repository: Repository
    ) async throws -> JobResult.Ending {
        let inbox = FactInbox()
        let news = try NewsFile(folder.news)
        let relay = JobMailRelay()
        let order = order.moved(to: order.folders.indices.map { folder.copy($0) })
        let context = try await blocking {
            try self.context(for: order, in: place, repository, inbox: inbox, news: news, mail: relay)
        }
        let ending: JobResult.Ending
        switch order.work {
        case .attempt(let work):
            var attempt = Attempt(task: work.task, number: work.number, rung: work.rung, base: order.base)
            attempt.lastTurn = order.lastTurn
            let run = AttemptRun(attempt, in: context)
            let fact = await self.fact(of: run, inbox, news, relay)
            if let commit = fact?.work {
                let folder = folder
                try await blocking {
                    try repository.writeResult(commit, base: order.base, into: folder.bundle, of: order)
                }
            }
            ending = fact.map { .attempt($0) } ?? .cancelled
        case .checks(let checks): ending = try await turns(of: checks, for: order, in: context, repository)
        }
        await context.slots.clear(at: order.base)
        return ending
    }

    /// Carries the attempt out, and writes what it reports meanwhile.
    private func fact(
        of run: AttemptRun, _ inbox: FactInbox, _ news: NewsFile, _ relay: JobMailRelay
    ) async -> Fact? {
        var run = run
        let sweeping = Task { await relay.keepSweeping() }
        let reporting = Task {
            while let facts = try? await inbox.takeAll() { facts.forEach { news.add(.fact($0)) } }
        }
        let fact = await run.run()
        sweeping.cancel()
        inbox.fail(CancellationError())
        await reporting.value
        await sweeping.value
        return fact
    }

    private func turns(
        of checks: JobOrder.CheckOrder, for order: JobOrder, in context: WorkContext, _ repository: Repository
    ) async throws -> JobResult.Ending {
        let logs = folder.files(of: order)
        try await blocking { try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true) }
        let check = CommitCheck(
            checks: context.checks.setup.checks(context.plan.verify), slots: context.slots.landing, run: order.run,
            task: checks.task, logs: logs, keepGoing: checks.keepGoing)
        let tree = try await blocking { () throws(GitError) in try repository.treeOf(order.base) }
        return try await check.turns(of: checks.checks, on: .init(commit: order.base, tree: tree))
    }

    private func context(
        for order: JobOrder, in place: JobPlaceLease, _ repository: Repository, inbox: FactInbox, news: NewsFile,
        mail: JobMailRelay
    ) throws -> WorkContext {
        let (plan, state) = (order.plan, place.state)
        let own = SlotSetup.environment(
            BaseEnvironment(coordinator: environment.merging(order.environment) { $1 }), of: plan, in: state)
        let hidden = [root, folder.path]
        let jobs = JobServices(
            runner: ProcessRunner(marker: marker(of: order)), environment: own,
            sandbox: try SandboxPolicy(plan, of: repository, state: state, environment: own, hidden: hidden),
            redaction: own.redaction(of: plan, slots: "\(state.slots)/\(plan.name)"))
        let known = if case .checks(let checks) = order.work { KnownFailures(checks.known) } else { KnownFailures.none }
        let checks = try RunChecks(
            plan, CheckSetup(services: jobs, cache: VerdictCache(answers: false), known: known))
        let slots = RunSlots(
            numbers: place.number, plan, folder: "\(state.slots)/\(plan.name)", target: repository,
            setup: try SlotSetup(
                plan, of: repository, state: state, environment: own,
                beginning: place.beginsRun(order.run, plan: plan.name) ? order.run : nil))
        let graph = BaseGraph(repository: repository, base: order.runBase, cachePath: state.graphCache)
        return WorkContext(
            run: order.run, plan: plan, base: order.runBase, inbox: inbox, observer: NewsObserver(news: news),
            git: Blocking(try RunRepository(repository, run: order.run, plan: plan, graph: graph, order: order)),
            jobs: jobs, checks: checks, slots: slots, mail: mail, jobsFolder: folder.jobs,
            prompts: SentJobFolder(folder: folder.job(of: order)))
    }
}

/// The job folder that came with an order.
private struct SentJobFolder: JobFolderSource {
    /// nil for work that is no attempt, which asks for none.
    let folder: JobFolder?

    private struct NoFolder: Error {}

    func folder(of attempt: Attempt, isResumed: Bool, rules: [String]) async throws -> JobFolder {
        guard let folder else { throw NoFolder() }
        return folder
    }
}

/// The names of the references that keep the bases of orders on a machine.
package enum JobBase {
    package static let prefix = "refs/orchestrate-base/"

    package static func reference(_ commit: ObjectID) -> String { prefix + commit.hex }

    /// Returns the bases that a repository keeps; none if it does not exist.
    package static func kept(in path: String, environment: [String: String]) -> [ObjectID] {
        guard FileManager.default.fileExists(atPath: path),
            let repository = try? Repository(at: path, environment: environment)
        else { return [] }
        return (try? repository.values(below: prefix)) ?? []
    }
}

extension Fact {
    /// The commit of the work that the attempt's end names; nil for none.
    var work: ObjectID? {
        switch self {
        case .attemptVerified(let fact): fact.commit
        case .attemptFailed(let fact): fact.unreviewed?.commit
        default: nil
        }
    }
}

extension Repository {
    /// Writes the commit of the work into a bundle that the coordinator reads.
    fileprivate func writeResult(
        _ commit: ObjectID, base: ObjectID, into path: String, of order: JobOrder
    ) throws(GitError) {
        let reference = JobOrder.resultReference(token: order.token)
        try compareAndSwap(
            reference: reference, from: value(of: reference), to: commit, reason: "\(order.run)")
        try bundle(reference, into: path, without: [base])
    }
}
