import Model

enum IntegrationKeys {
    static let branch = Key.required(
        "branch", .text("a branch name", check: problem),
        meaning: "Branch that collects landed tasks, without `refs/heads/`.")
    static let extend = Key.optional(
        "extend", .flag, default: false,
        meaning:
            "Land on top of a branch that exists already and that no run of this plan made. Without it, such a branch is "
            + "refused.")

    static let kind = Kind<IntegrationDraft>.mapping(keys: [branch, extend]) { fields throws(Fields.Incomplete) in
        IntegrationDraft(
            branch: try fields.value(branch), rules: IntegrationRules(extendsBranch: try fields.value(extend)))
    }.or(branch.kind.map { branch, _ in IntegrationDraft(branch: branch, rules: IntegrationRules()) })

    @Sendable private static func problem(_ text: String) -> TextProblem? {
        if text.hasPrefix("refs/") {
            return TextProblem(message: "expected a branch name without 'refs/'", hint: "remove 'refs/heads/'")
        }
        if text == BranchNames.tasks || text.hasPrefix("\(BranchNames.tasks)/") {
            return TextProblem(
                message: "branches under 'orchestrate-task' are reserved for tasks", hint: "choose another name")
        }
        return BranchName.problem(with: text)
    }
}

/// The integration branch of a migration.
struct IntegrationDraft: Sendable {
    var branch: String
    var rules: IntegrationRules
}
