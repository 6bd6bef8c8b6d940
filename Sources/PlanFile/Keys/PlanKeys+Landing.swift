import Model

enum LandingKeys {
    static let policy = Key.optional(
        "policy", Kind<LandingRules.Policy>.choice(), default: "auto",
        "How many tasks one verdict lands: `serial` one after the other; `batch` several at once, taken apart where they "
            + "fail; `speculative` each on the one before it, side by side; `auto` as many as the verify slots call for."
    )
    static let maxBatch = Key.optional(
        "max_batch", .positive, default: .integer(LandingRules.defaultMaxBatch), "Most tasks that one verdict may land."
    )
    static let verifySlots = Key.optional(
        "verify_slots", .positive, otherwise: "`workers.max_parallel`", "Candidates checked at the same time.")
    static let everyCommit = Key.optional(
        "every_commit", .flag, otherwise: "`true`, with `policy: batch` `false`",
        "The tree of every single commit has to pass, not only the tree of the last of those that land together.")

    static let kind = Kind<LandingRules>.mapping(keys: [policy, maxBatch, verifySlots, everyCommit]) {
        fields throws(Fields.Incomplete) in
        let rules = LandingRules(
            policy: try fields.value(policy), maxBatch: try fields.value(maxBatch),
            verifySlots: fields.written(verifySlots), everyCommit: fields.written(everyCommit))
        if rules.policy == .batch, rules.everyCommit {
            fields.context.findings.error(
                "'landing.policy: batch' lands several commits on one verdict, which 'landing.every_commit' rules out",
                at: fields.place(of: everyCommit), hint: "leave one of them out")
        }
        return rules
    }
}
