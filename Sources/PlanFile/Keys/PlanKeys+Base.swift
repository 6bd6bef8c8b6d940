import Model

enum BaseKeys {
    static let ref = Key.required(
        "ref", .text("a branch, tag or commit", check: PlanKeys.revisionProblem), "As `base` without a mapping.")
    static let follow = Key.optional(
        "follow", .flag, default: false,
        "Put the integration branch onto new commits of the base while the run goes on, once it has passed there.")

    static let kind = Kind<BaseDraft>.mapping(keys: [ref, follow]) { fields throws(Fields.Incomplete) in
        BaseDraft(ref: try fields.value(ref), rules: BaseRules(follows: try fields.value(follow)))
    }.or(ref.kind.map { ref, _ in BaseDraft(ref: ref, rules: BaseRules()) })
}

/// Where a migration starts from.
struct BaseDraft: Sendable {
    var ref: String
    var rules: BaseRules
}
