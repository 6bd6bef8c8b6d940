import Foundation
import Model

/// Looks up the repository and the workers of a plan, and checks the rules that involve more than one key.
struct PlanResolver {
    let findings: Findings
    /// Absolute path of the plan.
    let planPath: String
    private let workerFolders: [String]
    /// Problems in the files of workers.
    private(set) var workerDiagnostics: [Diagnostic] = []
    /// By position of the stage.
    var stagePlaces: [PlanPlaces.Stage] = []
    private var workers: [String: Worker?] = [:]
    /// Reviewers among the done checks, by place: stages share those of the plan.
    private var doneReviewers: [Place: Reviewer?] = [:]

    init(findings: Findings, planPath: String, workerFolders: [String]) {
        self.findings = findings
        self.planPath = planPath
        self.workerFolders = workerFolders
    }

    /// Returns nil if something is missing. A plan that is returned may still have problems. All problems have been
    /// reported.
    mutating func resolve(_ draft: PlanDraft, repository override: String?) -> Plan? {
        let repository = repository(of: draft, override: override)
        let ladder = (draft.rules.ladder ?? []).compactMap { rung($0, in: draft.workers) }
        let stages = stages(of: draft, ladder: ladder)
        let doneReviewers = doneReviewers(of: draft.rules.verify, in: draft)
        let top = StageDraft(name: Stage.onlyName, rules: draft.rules, place: draft.places.plan, namePlace: .wholeFile)
        guard let repository, let name = draft.name, let goal = draft.goal, let rules = stage(top, ladder: ladder)
        else {
            return nil
        }
        let review = draft.review.map { self.review($0, in: draft.workers) }
        var plan = Plan(
            name: name, goal: goal, repository: repository, base: draft.base.ref, baseRules: draft.base.rules,
            integration: draft.integration?.branch, integrationRules: draft.integration?.rules ?? IntegrationRules(),
            scope: rules.scope, decompose: rules.decompose,
            workers: WorkerRules(
                maxParallel: draft.workers.maxParallel ?? WorkerRules.defaultMaxParallel, ladder: ladder,
                environment: draft.workers.environment,
                conflictAttempts: draft.workers.conflictAttempts, approve: draft.workers.approve,
                order: draft.workers.order == .written ? nil : draft.workers.order, split: draft.workers.split),
            context: draft.context, verify: rules.verify.asking(doneReviewers), guards: rules.guards,
            landing: draft.landing,
            budget: draft.budget, checkpoints: draft.checkpoints, depends: draft.depends, stages: stages,
            sandbox: draft.sandbox.resolved(in: URL(fileURLWithPath: planPath).deletingLastPathComponent()),
            review: review, derive: draft.derive, playbook: playbook(of: draft),
            examples: draft.examples.isEmpty ? nil : draft.examples,
            setup: SetupRules(steps: rules.setup.steps, copy: draft.copy), notify: draft.notify,
            commit: draft.commit)
        plan.checkWholeAtTheEnd()
        plan.fillExecutors(draft.executor, draft.resources)
        if draft.workers.maxParallel == nil { plan.workers.isParallelOpen = true }
        for checkpoint in plan.checkpoints {
            guard case .stage(let name) = checkpoint.after, !stages.contains(where: { $0.name == name }) else {
                continue
            }
            findings.error(
                "a checkpoint names the unknown stage '\(SourceNode.shortened(name))'",
                at: draft.places.plan, hint: "the stages are \(stages.map(\.name).joined(separator: ", "))")
        }
        if plan.base == plan.integration || plan.base == "refs/heads/\(plan.integration)" {
            findings.error(
                "the integration branch is the base", at: draft.places.base,
                hint: "choose another name for 'integration', or leave it out: a run never moves your branches")
        }
        if plan.verify.allowBaselineFailures, plan.verify.baseline.isEmpty {
            findings.error(
                "'verify.allow_baseline_failures' needs 'verify.baseline'",
                at: draft.rules.verify?.nodes[VerifyKeys.allowBaselineFailures.name]?.place ?? draft.places.plan,
                hint: "list the failing checks under verify.baseline too")
        }
        warnOfUncountedBudgets(plan, at: draft.places.plan)
        return fillFolders(in: &plan, at: draft.places.plan) ? plan : nil
    }

    /// Where the parts of a resolved plan are.
    func places(of draft: PlanDraft) -> PlanPlaces {
        PlanPlaces(
            plan: draft.places.plan, repository: draft.places.repository, base: draft.places.base,
            integration: draft.places.integration, depends: draft.places.depends, stages: stagePlaces)
    }

    /// The absolute path of the playbook; nil without one.
    func playbookPath(of draft: PlanDraft) -> String? {
        let folder = URL(fileURLWithPath: planPath).deletingLastPathComponent()
        return draft.playbook.map { URL(fileURLWithPath: $0, relativeTo: folder).standardizedFileURL.path }
    }

    private func playbook(of draft: PlanDraft) -> String? {
        guard let written = draft.playbook, let path = playbookPath(of: draft) else { return nil }
        switch SourceFile.read(path, shown: written) {
        case .success(let text): return text
        case .failure(let refusal):
            findings.error(
                "the playbook '\(SourceNode.shortened(written))' cannot be read: \(refusal.diagnostic.message)",
                at: draft.places.playbook, hint: "the path is \(path)")
            return nil
        }
    }

    // MARK: Repository

    private func repository(of draft: PlanDraft, override: String?) -> String? {
        if let override {
            let path = URL(fileURLWithPath: override).standardizedFileURL.path
            guard let objection = objection(to: path) else { return path }
            findings.error(
                "the repository '\(SourceNode.shortened(override))' \(objection)", at: .wholeFile, hint: "check --repo")
            return nil
        }
        guard draft.namesRepository else {
            findings.error(
                "missing key 'repository'", at: draft.places.plan,
                hint: "name the target repository relative to this file, or give --repo PATH")
            return nil
        }
        guard let written = draft.repository else { return nil }
        let folder = URL(fileURLWithPath: planPath).deletingLastPathComponent()
        let path = URL(fileURLWithPath: written, relativeTo: folder).standardizedFileURL.path
        guard let objection = objection(to: path) else { return path }
        findings.error(
            "the repository '\(SourceNode.shortened(written))' \(objection)", at: draft.places.repository,
            hint: "the path is \(path)")
        return nil
    }

    private func objection(to folder: String) -> String? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else { return "does not exist" }
        return isFolder.boolValue ? nil : "is not a folder"
    }

    // MARK: Workers

    mutating func rung(_ draft: RungDraft, in rules: WorkersDraft) -> Rung? {
        var worker: Worker
        if let use = draft.use {
            let found = lookUp(use)
            switch (found, draft.run) {
            case (.found(let file), let run):
                worker = file
                worker.run = run ?? file.run
                // The folder's command for resuming does not fit another command.
                if run != nil { worker.resume = nil }
            case (.missing, let run?):
                worker = Worker(name: use, run: run)
            case (.missing, nil):
                // A worker with an unreadable `run` is not expected in a folder.
                if draft.runNode == nil { reportMissing(use, at: draft.usePlace) }
                return nil
            case (.broken, _): return nil
            }
        } else {
            guard let run = draft.run else { return nil }
            worker = Worker(name: "command", run: run)
        }
        worker.prompt = draft.prompt ?? worker.prompt
        worker.environment = Self.merged(worker.environment, draft.environment)
        worker.network = draft.network ?? worker.network
        worker.resources = (draft.limits ?? ResourceLimits()).completed(by: worker.resources)
        worker.limits.timeout = draft.timeout ?? rules.timeout ?? worker.limits.timeout
        worker.limits.idle = draft.idleTimeout ?? rules.idleTimeout ?? worker.limits.idle
        worker.events = draft.events ?? worker.events
        worker.noChange = draft.noChange ?? worker.noChange
        let node = draft.runNode ?? SourceNode(place: draft.usePlace, content: .list([]))
        PromptUse.check(worker.run, with: worker.prompt, at: node, in: findings)
        let rung = Rung(
            worker: worker, attempts: draft.attempts, budget: draft.budget, retry: draft.retry ?? rules.retry,
            executor: draft.executor, needs: draft.needs)
        warnOfUncountedBudget(rung, at: draft.usePlace)
        return rung
    }

    private mutating func review(_ draft: ReviewDraft, in rules: WorkersDraft) -> ReviewRules {
        var names = CheckNames(taken: draft.reviewers.compactMap(\.name))
        var reviewers: [Reviewer] = []
        for each in draft.reviewers {
            guard let worker = rung(each.rung, in: rules)?.worker else { continue }
            reviewers.append(
                Reviewer(
                    name: each.name ?? names.next(for: worker.name, otherwise: "reviewer"), worker: worker,
                    instructions: each.instructions))
        }
        return ReviewRules(reviewers: reviewers, needs: draft.needs)
    }

    /// The reviewers among the done checks of a section.
    mutating func doneReviewers(of verify: MappingDraft?, in plan: PlanDraft) -> [Reviewer] {
        let checks = verify?.values[VerifyKeys.done.name] as? [CheckDraft] ?? []
        return checks.compactMap { doneReviewer($0, in: plan) }
    }

    private mutating func doneReviewer(_ check: CheckDraft, in plan: PlanDraft) -> Reviewer? {
        guard let draft = check.reviewer else { return nil }
        if let known = doneReviewers[check.runPlace] { return known }
        var merged = draft
        if let named = plan.review?.reviewers.first(where: { $0.name != nil && $0.name == draft.rung.use }) {
            if merged.instructions.isEmpty { merged.instructions = named.instructions }
            merged.rung = named.rung
            merged.rung.run = draft.rung.run ?? named.rung.run
            merged.rung.runNode = draft.rung.runNode ?? named.rung.runNode
            merged.rung.timeout = draft.rung.timeout ?? named.rung.timeout
            merged.rung.prompt = draft.rung.prompt ?? named.rung.prompt
            merged.rung.environment = Self.merged(named.rung.environment, draft.rung.environment)
        }
        let reviewer = rung(merged.rung, in: plan.workers).map {
            Reviewer(name: check.check.name, worker: $0.worker, instructions: merged.instructions)
        }
        doneReviewers[check.runPlace] = .some(reviewer)
        return reviewer
    }

    private enum LookUp {
        case found(Worker)
        case broken
        case missing
    }

    private mutating func lookUp(_ name: String) -> LookUp {
        if let known = workers[name] { return known.map(LookUp.found) ?? .broken }
        for folder in workerFolders {
            let path = URL(fileURLWithPath: folder).appendingPathComponent(name)
                .appendingPathComponent(WorkerFile.name).path
            guard FileManager.default.fileExists(atPath: path) else { continue }
            switch WorkerFile.load(path) {
            case .success(let worker):
                workers[name] = worker
                return .found(worker)
            case .failure(let problems):
                workerDiagnostics += problems.diagnostics
                workers[name] = .some(nil)
                return .broken
            }
        }
        return .missing
    }

    private func reportMissing(_ name: String, at place: Place) {
        let known = workerFolders.flatMap { folder in
            (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        }
        let near = Suggestion.closest(to: name, among: known.sorted()).map { "did you mean '\($0)'? " } ?? ""
        let folders = workerFolders.isEmpty ? "no folder" : workerFolders.joined(separator: ", ")
        findings.error(
            "no worker '\(name)'", at: place,
            hint: "\(near)searched for \(WorkerFile.name) in \(folders); 'run' defines a worker in the plan")
    }

    /// Merges two lists of variables. The second one wins.
    private static func merged(_ first: [String], _ second: [String]) -> [String] {
        let names = Set(second.map { $0.prefix { $0 != "=" } })
        return first.filter { !names.contains($0.prefix { $0 != "=" }) } + second
    }
}
