import Model

extension PlanResolver {
    /// The maximum number of stages. It bounds the time that a hostile plan takes.
    static let maximumStages = 100

    /// Returns the stages of a plan. A scaffold becomes three stages.
    ///
    /// - Parameter ladder: the plan's own ladder, with its workers.
    mutating func stages(of draft: PlanDraft, ladder: [Rung]) -> [Stage] {
        let only = StageDraft(
            name: Stage.onlyName, rules: draft.rules, place: draft.places.plan, namePlace: draft.places.plan)
        let named = draft.stages
        if let named, named.count > Self.maximumStages {
            findings.error(
                "the plan has \(named.count) stages; the maximum is \(Self.maximumStages)",
                at: draft.places.stages)
            return []
        }
        let written = named ?? [only]
        let drafts = written.flatMap { expanded($0, of: draft, isNamed: named != nil) }
        refuseSameNames(drafts)
        var stages: [Stage] = []
        for (stage, ownLadder) in drafts {
            var found = ladder
            if let ownLadder {
                found = ownLadder.compactMap { rung($0, in: draft.workers) }
            } else if named != nil, draft.rules.ladder == nil {
                findings.error(
                    "stage '\(stage.name)' has no workers", at: stage.place,
                    hint: "write workers.ladder in the stage, or at the top of the plan for all stages")
            }
            let reviewers = doneReviewers(of: stage.rules.verify, in: draft)
            let places = PlanPlaces.Stage(stage)
            if var stage = self.stage(stage, ladder: found) {
                stagePlaces.append(places)
                stage.verify = stage.verify.asking(reviewers)
                stage.setup.copy = draft.copy
                stages.append(stage)
            }
        }
        if !findings.hasErrors {
            for ((draft, _), stage) in zip(drafts, stages) {
                refuseUnmeasured(draft, stage)
                warn(about: draft, stage, isOnly: drafts.count == 1)
            }
        }
        return stages
    }

    private typealias Expanded = (stage: StageDraft, ladder: [RungDraft]?)

    /// Returns the stage with its inherited rules, or the three stages of a scaffold, each with its own ladder if it
    /// has one.
    private func expanded(_ stage: StageDraft, of plan: PlanDraft, isNamed: Bool) -> [Expanded] {
        var whole = stage
        whole.rules = stage.rules.inheriting(plan.rules)
        let own = isNamed ? stage.rules.ladder : nil
        guard let decompose = whole.rules.decompose else { return [(whole, own)] }
        let fields = Fields(decompose, context: context.below("decompose"))
        guard fields.written(DecomposeKeys.strategy) == .scaffold,
            let scaffold = fields.written(DecomposeKeys.scaffold)
        else { return [(whole, own)] }
        let prefix = isNamed ? "\(stage.name)-" : ""
        var migrate = whole
        migrate.name = prefix + "migrate"
        migrate.rules.decompose = with(.dependencyTree, list: nil, in: decompose)
        return [
            (single(scaffold.add, name: "\(prefix)scaffold", in: whole), scaffold.add.ladder ?? own),
            (migrate, own),
            (single(scaffold.remove, name: "\(prefix)cleanup", in: whole), scaffold.remove.ladder ?? own),
        ]
    }

    /// Returns a stage with one listed task.
    private func single(_ task: ScaffoldDraft.Task, name: String, in whole: StageDraft) -> StageDraft {
        var stage = whole
        stage.name = name
        stage.place = task.place
        stage.rules.decompose = whole.rules.decompose.map { with(.list, list: .written([task.task]), in: $0) }
        stage.rules.verify = RulesDraft.merged(task.verify, with: whole.rules.verify)
        return stage
    }

    private func with(
        _ strategy: DecomposeRules.Strategy, list: TaskSource?, in decompose: MappingDraft
    ) -> MappingDraft {
        var changed = decompose
        for key in [DecomposeKeys.tasks.name, DecomposeKeys.scaffold.name] {
            changed.nodes[key] = nil
            changed.values[key] = nil
        }
        changed.values[DecomposeKeys.strategy.name] = strategy
        if let list {
            changed.values[DecomposeKeys.tasks.name] = list
            changed.nodes[DecomposeKeys.tasks.name] = decompose.nodes[DecomposeKeys.scaffold.name]
        }
        return changed
    }

    private func refuseSameNames(_ drafts: [Expanded]) {
        var seen: Set<String> = []
        for (stage, _) in drafts where !seen.insert(stage.name.lowercased()).inserted {
            findings.error(
                "two stages are called '\(stage.name)'", at: stage.namePlace,
                hint: "give each its own name; upper and lower case count as the same")
        }
    }

    private var context: ReadingContext { ReadingContext(findings: findings, unsupported: .plan) }

    /// Returns nil if a part could not be read. That has been reported.
    func stage(_ draft: StageDraft, ladder: [Rung]) -> Stage? {
        func fields(_ written: MappingDraft?, _ name: String) -> Fields {
            Fields(written ?? MappingDraft(place: draft.place), context: context.below(name))
        }
        do throws(Fields.Incomplete) {
            return Stage(
                name: draft.name, scope: try ScopeKeys.scope(of: fields(draft.rules.scope, "scope")),
                decompose: try DecomposeKeys.rules(of: fields(draft.rules.decompose, "decompose")), ladder: ladder,
                verify: try VerifyKeys.rules(of: fields(draft.rules.verify, "verify")),
                guards: try GuardKeys.rules(of: fields(draft.rules.guards, "guards")),
                setup: SetupRules(steps: draft.rules.setup ?? []))
        } catch {
            return nil
        }
    }

    /// Refuses a limit on coverage that no check measures.
    private func refuseUnmeasured(_ draft: StageDraft, _ stage: Stage) {
        guard stage.guards.coverage != nil, !stage.verify.task.contains(where: { $0.coverage != nil }) else { return }
        findings.error(
            "'guards.coverage' needs a check that measures it", at: draft.rules.guards?.place ?? draft.place,
            hint: "write 'coverage: coverage.xml' at the check under verify.task that writes this report")
    }

    // MARK: Warnings

    private func warn(about draft: StageDraft, _ stage: Stage, isOnly: Bool) {
        let place = draft.rules.verify?.place ?? draft.place
        let name = isOnly ? "" : "stage '\(stage.name)': "
        let verify = stage.verify
        for check in verify.landing where check.isTrivial {
            findings.warning(
                "\(name)landing check '\(check.name)' does nothing: every tree passes it", at: place,
                hint: "write the project's tests under verify.landing")
        }
        if !verify.knowsDone, verify.task.isEmpty, verify.landing.isEmpty {
            findings.warning(
                "\(name)no checks are defined: nothing would be verified", at: place,
                hint: "write the project's tests under verify.landing")
        } else if !verify.knowsDone {
            findings.warning(
                "\(name)no done check: every task is given to a worker, migrated or not", at: place,
                hint: "write a command under verify.done that fails for a file that is not migrated, or a reviewer")
        }
        if verify.landing.isEmpty, verify.knowsDone || !verify.task.isEmpty {
            findings.warning(
                "\(name)no landing check: what lands was checked for its own files only, not as a whole tree",
                at: place,
                hint: "write the project's tests under verify.landing")
        }
        // A check of a listed task may judge something other than its files.
        guard stage.decompose.strategy == .dependencyTree, let written = draft.rules.verify else { return }
        let checks = written.values[VerifyKeys.done.name] as? [CheckDraft] ?? []
        for check in checks where !check.speaksOfFiles {
            findings.warning(
                "the check uses neither {file} nor {files}: its result is the same for every task", at: check.runPlace,
                hint: "'grep -q old {file}' judges one file")
        }
    }
}

extension VerifyRules {
    /// Returns the rules with reviewers among the done checks.
    func asking(_ reviewers: [Reviewer]) -> VerifyRules {
        var rules = self
        rules.doneReviewers = reviewers
        return rules
    }
}

extension Plan {
    /// Adds the landing checks that do not always run whole to those at the end.
    mutating func checkWholeAtTheEnd() {
        for check in stages.flatMap(\.verify.landing) where check.affected != nil {
            guard !verify.final.contains(where: { $0.run == check.run || $0.run == check.wholeCommand }) else {
                continue
            }
            var whole = check
            if verify.final.contains(where: { $0.name == check.name }) { whole.name += ", whole" }
            verify.final.append(whole)
        }
    }
}
