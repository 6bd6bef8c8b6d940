import Model

enum StageKeys {
    static let name = Key.required(
        "name", .text("a name", check: nameProblem),
        meaning: "Name of the stage. The task at its end is called `stage-<name>`.")
    static let scope = own("scope", ScopeKeys.kind, meaning: "Files of the stage.")
    static let decompose = own("decompose", DecomposeKeys.kind, meaning: "How the files are cut into tasks.")
    static let workers = Key.optional(
        "workers", OwnWorkersKeys.kind, otherwise: "from the plan", meaning: "Workers of the stage.")
    static let verify = Key.optional(
        "verify", VerifyKeys.ofStages, otherwise: "from the plan, key by key",
        meaning: "Commands that decide whether work is good.")
    static let guards = own("guards", GuardKeys.kind, meaning: "Rules on the diff of an attempt.")
    static let setup = Key.optional(
        "setup", SetupKeys.steps.asIn("setup"), otherwise: "from the plan", meaning: "Steps that prepare a slot.")

    static let kind = Kind<StageDraft>.mapping(keys: [name, scope, decompose, setup, workers, verify, guards]) {
        fields throws(Fields.Incomplete) in
        StageDraft(
            name: try fields.value(name),
            rules: RulesDraft(
                scope: fields.written(scope), decompose: fields.written(decompose),
                ladder: fields.node(of: workers) == nil ? nil : fields.written(workers) ?? [],
                verify: fields.written(verify), guards: fields.written(guards), setup: fields.written(setup)),
            place: fields.place, namePlace: fields.place(of: name))
    }

    private static func own(_ name: String, _ kind: Kind<MappingDraft>, meaning: String) -> Key<MappingDraft> {
        .optional(name, kind.asIn(name), otherwise: "from the plan, key by key", meaning: meaning)
    }

    /// The name becomes part of task names, which allow no other characters.
    @Sendable private static func nameProblem(_ name: String) -> TextProblem? {
        let hint = "use letters, digits, '.', '_' and '-', and start with a letter or a digit, as in 'add-shim'"
        let scalars = Array(name.unicodeScalars)
        let bad = scalars.firstIndex { scalar in
            !(scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "._-".unicodeScalars.contains(scalar)))
        }
        if let bad {
            return TextProblem(offset: bad, message: "a stage's name cannot contain '\(scalars[bad])'", hint: hint)
        }
        if name.count > 60 { return TextProblem(message: "a stage's name has at most 60 characters") }
        if let first = scalars.first, "._-".unicodeScalars.contains(first) {
            return TextProblem(message: "a stage's name cannot start with '\(first)'", hint: hint)
        }
        return BranchName.partProblem(with: name)
    }
}

/// The rules that a plan sets at its top and that a stage may override.
struct RulesDraft: Sendable {
    var scope: MappingDraft?
    var decompose: MappingDraft?
    /// nil without the key.
    var ladder: [RungDraft]?
    var verify: MappingDraft?
    var guards: MappingDraft?
    /// nil without the key.
    var setup: [SetupStep]?

    /// Returns the rules, with the plan's rules for the missing keys.
    func inheriting(_ plan: RulesDraft) -> RulesDraft {
        RulesDraft(
            scope: Self.merged(scope, with: plan.scope),
            decompose: Self.merged(decompose, with: plan.decompose) { DecomposeKeys.merged($0, with: $1) },
            ladder: ladder ?? plan.ladder, verify: Self.merged(verify, with: plan.verify),
            guards: Self.merged(guards, with: plan.guards), setup: setup ?? plan.setup)
    }

    static func merged(
        _ own: MappingDraft?, with plan: MappingDraft?,
        by merge: (MappingDraft, MappingDraft) -> MappingDraft = { $0.inheriting($1) }
    ) -> MappingDraft? {
        guard let own else { return plan }
        return plan.map { merge(own, $0) } ?? own
    }
}

/// A stage, before its workers are looked up.
struct StageDraft: Sendable {
    var name: String
    var rules: RulesDraft
    var place: Place
    var namePlace: Place
}
