import Model

enum BaseKeys {
    static let ref = Key.required(
        "ref", .text("a branch, tag or commit", check: PlanKeys.revisionProblem),
        meaning: "Branch, tag or commit that the migration starts from.")
    static let follow = Key.optional(
        "follow", .flag, default: false,
        meaning:
            "Move the integration branch onto new commits of the base during the run, once they pass the landing checks."
    )

    static let kind = Kind<BaseDraft>.mapping(keys: [ref, follow]) { fields throws(Fields.Incomplete) in
        BaseDraft(ref: try fields.value(ref), rules: BaseRules(follows: try fields.value(follow)))
    }.or(ref.kind.map { ref, _ in BaseDraft(ref: ref, rules: BaseRules()) })
}

/// The base of a migration.
struct BaseDraft: Sendable {
    var ref: String
    var rules: BaseRules
}
