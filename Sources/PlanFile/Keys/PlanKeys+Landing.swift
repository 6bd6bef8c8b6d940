import Model

enum LandingKeys {
    static let policy = Key.optional(
        "policy", Kind<LandingRules.Policy>.choice(), default: "auto",
        meaning:
            "How many tasks land on one verdict. `serial`: one at a time. `batch`: several together, split if they fail. "
            + "`speculative`: each is checked on top of the one before it, in parallel. `auto`: depends on the load of "
            + "the verify slots."
    )
    static let maxBatch = Key.optional(
        "max_batch", .positive, default: .integer(LandingRules.defaultMaxBatch),
        meaning: "Maximum tasks that one verdict may land."
    )
    static let verifySlots = Key.optional(
        "verify_slots", .parallel, otherwise: "`workers.max_parallel`, or fewer if the landing checks are long",
        meaning: "Candidates checked at the same time.")
    static let everyCommit = Key.optional(
        "every_commit", .flag, otherwise: "`true`; `false` with `policy: batch`",
        meaning: "Require the tree of every commit to pass, not only the tree of the last commit of a batch.")

    static let kind = Kind<LandingRules>.mapping(keys: [policy, maxBatch, verifySlots, everyCommit]) {
        fields throws(Fields.Incomplete) in
        let rules = LandingRules(
            policy: try fields.value(policy), maxBatch: try fields.value(maxBatch),
            verifySlots: fields.written(verifySlots), everyCommit: fields.written(everyCommit))
        if rules.policy == .batch, rules.everyCommit {
            fields.context.findings.error(
                "'landing.policy: batch' and 'landing.every_commit: true' exclude each other",
                at: fields.place(of: everyCommit), hint: "remove one of them")
        }
        return rules
    }
}
