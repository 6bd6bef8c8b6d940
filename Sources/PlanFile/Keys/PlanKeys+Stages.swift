import Model

enum StageKeys {
    static let name = Key.required(
        "name", .text("a name", check: nameProblem), "The stage's name; that of its end is `stage-<name>`.")
    static let scope = own("scope", ScopeKeys.kind, "The files that the stage is about.")
    static let decompose = own("decompose", DecomposeKeys.kind, "How they are cut into tasks.")
    static let workers = Key.optional("workers", OwnWorkersKeys.kind, otherwise: "as in the plan", "Who does the work.")
    static let verify = Key.optional(
        "verify", VerifyKeys.ofStages, otherwise: "as in the plan, key by key",
        "The commands that decide whether work is good.")
    static let guards = own("guards", GuardKeys.kind, "Rules on the diff of an attempt.")

    static let kind = Kind<StageDraft>.mapping(keys: [name, scope, decompose, workers, verify, guards]) {
        fields throws(Fields.Incomplete) in
        StageDraft(
            name: try fields.value(name),
            rules: RulesDraft(
                scope: fields.written(scope), decompose: fields.written(decompose),
                ladder: fields.node(of: workers) == nil ? nil : fields.written(workers) ?? [],
                verify: fields.written(verify), guards: fields.written(guards)),
            place: fields.place, namePlace: fields.place(of: name))
    }

    private static func own(_ name: String, _ kind: Kind<Written>, _ meaning: String) -> Key<Written> {
        .optional(name, kind.asIn(name), otherwise: "as in the plan, key by key", meaning)
    }

    /// The name becomes part of names of tasks, which keep no other characters.
    @Sendable private static func nameProblem(_ name: String) -> TextProblem? {
        let hint = "letters, digits, '.', '_' and '-', a letter or a digit first, as in 'add-shim'"
        let scalars = Array(name.unicodeScalars)
        let bad = scalars.firstIndex { scalar in
            !(scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "._-".unicodeScalars.contains(scalar)))
        }
        if let bad {
            return TextProblem(offset: bad, message: "a stage's name cannot hold '\(scalars[bad])'", hint: hint)
        }
        if name.count > 60 { return TextProblem(message: "a stage's name has at most 60 characters") }
        if let first = scalars.first, "._-".unicodeScalars.contains(first) {
            return TextProblem(message: "a stage's name cannot start with '\(first)'", hint: hint)
        }
        return BranchName.partProblem(with: name)
    }
}

/// The rules that a plan has at its top, and that each stage may have of its own.
struct RulesDraft: Sendable {
    var scope: Written?
    var decompose: Written?
    /// nil if there is none.
    var ladder: [RungDraft]?
    var verify: Written?
    var guards: Written?

    /// With the plan's rules for what the stage does not say, key by key.
    func inheriting(_ plan: RulesDraft) -> RulesDraft {
        RulesDraft(
            scope: Self.merged(scope, plan.scope),
            decompose: Self.merged(decompose, plan.decompose, DecomposeKeys.merged),
            ladder: ladder ?? plan.ladder, verify: Self.merged(verify, plan.verify),
            guards: Self.merged(guards, plan.guards))
    }

    static func merged(
        _ own: Written?, _ plan: Written?, _ merge: (Written, Written) -> Written = { $0.inheriting($1) }
    ) -> Written? {
        guard let own else { return plan }
        return plan.map { merge(own, $0) } ?? own
    }
}

/// A stage whose workers have not been looked up.
struct StageDraft: Sendable {
    var name: String
    var rules: RulesDraft
    var place: Place
    var namePlace: Place
}
