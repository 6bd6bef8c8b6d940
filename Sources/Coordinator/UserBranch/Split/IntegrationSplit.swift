package import Executors
import Foundation
package import Git
import Jobs
package import Model
package import Store

/// The division of a plan's integration branch into branches for reviewers, each of which passes the landing checks.
package struct IntegrationSplit: Sendable {
    let repository: Repository
    let plan: Plan
    let state: StateFolder
    let check: TreeCheck

    /// - Parameters:
    ///   - environment: the program's environment. The plan selects the variables that checks see.
    ///   - executors: those of the user's configuration, for checks that name one.
    package init(
        repository: Repository, plan: Plan, state: StateFolder, environment: [String: String], executors: ExecutorSet
    ) {
        self.repository = repository
        self.plan = plan
        self.state = state
        check = TreeCheck(
            repository: repository, plan: plan, state: state, environment: BaseEnvironment(coordinator: environment),
            executors: executors)
    }

    /// What to divide, and how.
    package struct Request: Sendable {
        package var rule: SplitRule
        /// The branch that the work goes to, without `refs/heads/`.
        package var target: String
        /// The commit to start from; nil for the tip of the target.
        package var base: ObjectID?
        /// Whether the rules of GitLab hold.
        package var isGitLab: Bool

        package init(rule: SplitRule, target: String, base: ObjectID? = nil, isGitLab: Bool = false) {
            self.rule = rule
            self.target = target
            self.base = base
            self.isGitLab = isGitLab
        }
    }

    /// Divides the branch, checks each part and points a branch at it.
    ///
    /// - Parameter told: called with what has been done so far, for people.
    /// - Returns: the branches, also stored for the next time.
    /// - Throws: `LandError`, `GitError`; `StoreError.locked` if a run is active.
    package func split(_ request: Request, _ told: @Sendable (String) -> Void) async throws -> RequestBook {
        guard let tip = try repository.branchTip(plan.integration) else {
            throw LandError.noIntegration(branch: plan.integration)
        }
        guard let base = try request.base ?? repository.branchTip(request.target) else {
            throw LandError.noSuchBranch(request.target)
        }
        guard let fork = try repository.mergeBase(base, tip) else {
            throw CoordinatorError.integrationUnrelated(branch: plan.integration, base: request.target)
        }
        try state.make()
        let lock = try RunLock(folder: state.path, plan: plan.name)
        let store = try EventStore(path: state.store)
        let old = try RequestShelf(state, plan: plan.name).load()
        let work = Work(request: request, base: base, fork: fork, tip: tip, old: old)
        let branches = try await checked(work, store, told)
        try verifyUnion(branches, work)
        let book = try record(branches, work)
        lock.release()
        return book
    }

    /// The commits that a division starts from.
    private struct Work: Sendable {
        var request: Request
        var base: ObjectID
        var fork: ObjectID
        var tip: ObjectID
        var old: RequestBook?
    }

    /// A division whose branches have passed.
    private struct Division: Sendable {
        var pieces: [SplitPiece]
        var cut: BranchCut
        var branches: [SplitBuild.Branch]
        /// Remarks by part.
        var remarks: [Int: String] = [:]
    }

    /// Names the checks, so that a later division knows which trees have passed them.
    private var checksKey: String {
        var key = SHA256Key("split")
        key.add(plan.stages.last?.verify.landing.flatMap { [$0.name, $0.run] } ?? [])
        return key.text
    }

    // MARK: Division

    private func checked(_ work: Work, _ store: EventStore, _ told: @Sendable (String) -> Void) async throws -> Division
    {
        let pieces = try pieces(work, store, keepsWhole: false)
        var green = greenTrees(work)
        var cut = BranchCut(pieces.map { .init(key: $0.key, needs: $0.needs) })
        var remarks: [Int: String] = [:]
        while true {
            let branches: [SplitBuild.Branch]
            do {
                branches = try build(pieces, cut, work)
            } catch is CommitTransplant.Conflict {
                break
            }
            guard let red = try await firstRed(branches, cut, store, &green, told) else {
                return Division(pieces: pieces, cut: cut, branches: branches, remarks: remarks)
            }
            // Alone it is red, so it needs something that no dependency tells: all that does not need it goes below.
            guard remarks[red.part] == nil else { break }
            remarks[red.part] = "stacked, because without the others \(red.failure)"
            cut.stackOnAll(red.part)
        }
        return try await inOrder(work, store, &green, told)
    }

    /// Makes one stack in the order in which the commits landed, whose trees have passed in this order.
    private func inOrder(
        _ work: Work, _ store: EventStore, _ green: inout Set<ObjectID>, _ told: @Sendable (String) -> Void
    ) async throws -> Division {
        told("the parts pass the checks only in the order in which they landed: one stack")
        let pieces = try pieces(work, store, keepsWhole: true)
        let cut = BranchCut(inOrder: pieces.map { .init(key: $0.key, needs: $0.needs) })
        let branches: [SplitBuild.Branch]
        do {
            branches = try build(pieces, cut, work)
        } catch let conflict as CommitTransplant.Conflict {
            throw LandError.conflicts(
                branch: work.request.target, integration: plan.integration, paths: conflict.paths)
        }
        if let red = try await firstRed(branches, cut, store, &green, told) {
            throw LandError.red(branch: work.request.target, failure: red.failure, logs: red.logs)
        }
        return Division(pieces: pieces, cut: cut, branches: branches)
    }

    private func pieces(_ work: Work, _ store: EventStore, keepsWhole: Bool) throws -> [SplitPiece] {
        let commits = try repository.commits(from: work.fork, to: work.tip)
        let tasks = try store.read { view in try view.allTasks(ofPlan: plan.name) }
        let owners = try repository.codeOwners(at: work.base, isGitLab: work.request.isGitLab)
        if work.request.rule == .owner, owners == nil { throw LandError.noOwners(commit: work.base.short) }
        return try SplitPieces(
            repository: repository, rule: work.request.rule, owners: owners, tasks: tasks,
            stages: plan.stages.map(\.name), keepsWhole: keepsWhole
        ).make(of: commits)
    }

    private func build(_ pieces: [SplitPiece], _ cut: BranchCut, _ work: Work) throws -> [SplitBuild.Branch] {
        var known: [SplitBuild.Known: ObjectID] = [:]
        for request in plan.commit?.isSigned == true ? work.old?.requests ?? [] : [] {
            var next = try repository.branchTip(request.branch)
            while let id = next, let record = try? repository.commit(id), let parent = record.parents.first,
                id != work.old?.base, known.count < Self.mostKnown
            {
                let message = CommitTransplant.message(of: record, tree: record.tree)
                let key = SplitBuild.Known(parent: parent, tree: record.tree, message: message)
                next = known[key] == nil ? parent : nil
                known[key] = id
            }
        }
        return try SplitBuild(repository: repository, plan: plan, pieces: pieces, known: known).make(cut, on: work.base)
    }

    /// Maximum commits of an earlier division that are looked at.
    private static let mostKnown = 20_000

    // MARK: Checks

    private struct Red {
        var part: Int
        var failure: String
        var logs: String
    }

    /// The trees that passed these checks in an earlier division.
    private func greenTrees(_ work: Work) -> Set<ObjectID> {
        guard let old = work.old, old.checks == checksKey else { return [] }
        return Set(old.requests.map(\.tree))
    }

    /// Runs the landing checks on the branches in the order of their stacks, up to the first that fails.
    private func firstRed(
        _ branches: [SplitBuild.Branch], _ cut: BranchCut, _ store: EventStore, _ green: inout Set<ObjectID>,
        _ told: @Sendable (String) -> Void
    ) async throws -> Red? {
        for (number, branch) in branches.enumerated() where !branch.steps.isEmpty && !green.contains(branch.tree) {
            told("checking branch \(number + 1) of \(branches.count): \(cut.parts[branch.part].key)")
            let (results, logs) = try await check.judge([branch.commit], store, isWhole: false)
            if let failure = Failure(kind: .landingCheck, of: results) {
                return Red(part: branch.part, failure: failure.summary, logs: logs)
            }
            green.insert(branch.tree)
        }
        return nil
    }

    /// - Throws: `splitDiffers` unless all branches together are the integration branch on the base.
    private func verifyUnion(_ division: Division, _ work: Work) throws {
        let whole = try repository.merge(
            ancestor: repository.treeOf(work.fork), ours: repository.treeOf(work.base),
            theirs: repository.treeOf(work.tip))
        guard case .clean(let expected) = whole else {
            guard case .conflicts(let paths) = whole else { return }
            throw LandError.conflicts(branch: work.request.target, integration: plan.integration, paths: paths)
        }
        let base = try repository.treeOf(work.base)
        let tops = division.branches.filter { branch in
            !division.cut.parts.contains { $0.parent == branch.part }
        }
        let union = try tops.reduce(base) { union, branch -> ObjectID in
            switch try repository.merge(ancestor: base, ours: union, theirs: branch.tree) {
            case .clean(let tree): return tree
            case .conflicts(let paths): throw LandError.splitDiffers(paths: paths)
            }
        }
        guard union == expected else {
            throw LandError.splitDiffers(
                paths: try repository.diff(from: expected, to: union, counting: false).map(\.path))
        }
    }

    // MARK: Branches

    private func record(_ division: Division, _ work: Work) throws -> RequestBook {
        var book = RequestBook(
            plan: plan.name, rule: work.request.rule, target: work.request.target, base: work.base, tip: work.tip,
            checks: checksKey)
        book.remote = work.old?.remote
        book.limits = work.old?.limits ?? RequestLimits()
        var names = BranchSlugs(prefix: BranchNames.requests(ofPlan: plan.name))
        // A part keeps its name however the stacks change.
        let branchNames = division.cut.parts.map { names.name(for: $0.key) }
        let transplant = CommitTransplant(repository: repository, plan: plan)
        for branch in division.branches {
            let part = division.cut.parts[branch.part]
            let pieces = part.pieces.map { division.pieces[$0] }
            var request = BranchRequest(
                name: part.key, branch: branchNames[branch.part], parent: part.parent.map { branchNames[$0] },
                owners: pieces.flatMap(\.owners).unique, tasks: pieces.compactMap(\.task).unique,
                files: pieces.flatMap(\.paths).unique.sorted(), commit: branch.commit, tree: branch.tree)
            request.isMerged = branch.steps.isEmpty
            for piece in pieces { for path in piece.paths { request.taskOf[path] = piece.task } }
            request.remarks = pieces.compactMap(\.crossing) + [division.remarks[branch.part]].compactMap { $0 }
            if let old = work.old?.requests.first(where: { $0.branch == request.branch }) {
                (request.pushed, request.request, request.told) = (old.pushed, old.request, old.told)
            }
            try transplant.keepNotes(branch.steps)
            try point(request.branch, to: branch.commit)
            book.requests.append(request)
        }
        // A pull request whose part is gone stays in the book, so that a person hears of it.
        let kept = Set(book.requests.map(\.branch))
        book.requests += (work.old?.requests ?? []).filter { !kept.contains($0.branch) && $0.request != nil }.map {
            old in
            var old = old
            old.isMerged = true
            return old
        }
        for old in work.old?.requests ?? [] where !kept.contains(old.branch) && old.request == nil {
            try point(old.branch, to: nil)
        }
        try RequestShelf(state, plan: plan.name).save(book)
        return book
    }

    private func point(_ branch: String, to commit: ObjectID?) throws {
        let old = try repository.branchTip(branch)
        guard old != commit else { return }
        if let path = repository.checkedOutPath(ofBranch: branch) {
            throw LandError.checkoutInUse(branch: branch, path: path, integration: plan.integration)
        }
        try repository.compareAndSwap(
            reference: "refs/heads/\(branch)", from: old, to: commit, reason: "orchestrate: split \(plan.integration)")
        CrashPoint.moved.pass()
    }
}

/// Names of branches, made of the names of parts.
struct BranchSlugs {
    let prefix: String
    private var taken: Set<String> = []

    init(prefix: String) { self.prefix = prefix }

    /// Maximum bytes of a name without its number.
    private static let longest = 60

    mutating func name(for key: String) -> String {
        let words = key.lowercased().unicodeScalars.map { scalar -> Character in
            ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
        }
        let text = String(words).split(separator: "-").joined(separator: "-").prefix(Self.longest)
        let base = text.isEmpty ? "part" : String(text)
        var name = base
        var number = 1
        while !taken.insert(name).inserted {
            number += 1
            name = "\(base)-\(number)"
        }
        return prefix + name
    }
}

extension Array where Element: Hashable {
    /// The elements without repetitions, in the order of their first occurrence.
    fileprivate var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Repository {
    /// Returns the owners that a commit's `CODEOWNERS` names; nil without such a file.
    package func codeOwners(at commit: ObjectID, isGitLab: Bool) throws(GitError) -> CodeOwners? {
        let tree = try treeOf(commit)
        for dialect in isGitLab ? [CodeOwners.Dialect.gitLab, .gitHub] : [.gitHub, .gitLab] {
            for path in CodeOwners.places(dialect) {
                guard let entry = try entry(path, inTree: tree) else { continue }
                return CodeOwners(String(decoding: try blob(entry.id), as: UTF8.self), dialect: dialect)
            }
        }
        return nil
    }
}
