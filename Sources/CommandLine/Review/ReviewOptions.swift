import ArgumentParser
import Model

/// The options by which a person decides about commits.
struct ReviewOptions: ParsableArguments {
    private static func help(_ text: String) -> ArgumentHelp { ArgumentHelp("\(text)", valueName: "group-or-commit") }

    @Option(name: .long, help: ReviewOptions.help("Approve a group or a commit.")) var approve: String?
    @Option(
        name: .long, help: ReviewOptions.help("Revert a commit or a group, and have it done again; needs --reason."))
    var reject: String?
    @Option(name: .long, help: ReviewOptions.help("Add a comment; needs --text.")) var comment: String?
    @Option(name: .long, help: ReviewOptions.help("Leave a group or a commit for later.")) var skip: String?
    @Option(name: .long, help: ReviewOptions.help("Take the last decision about a group or a commit back.")) var undo:
        String?

    @Option(name: .long, help: ArgumentHelp("Why it is rejected, for the next attempt.", valueName: "text"))
    var reason: String?
    @Option(name: .long, help: ArgumentHelp("The comment.", valueName: "text")) var text: String?
    @Flag(name: .long, help: "With --reject, revert also the later commits that change the same lines.")
    var together = false

    /// What a person wants to decide.
    struct Request {
        var kind: ReviewDecision.Kind
        /// A group, a commit or a task.
        var name: String
        var text = ""
        var isTogether = false
    }

    func validate() throws { _ = try request() }

    /// - Returns: nil without a decision.
    /// - Throws: `ValidationError` for two decisions, or for one that lacks its text.
    func request() throws -> Request? {
        let named: [(ReviewDecision.Kind, String?)] = [
            (.approve, approve), (.reject, reject), (.comment, comment), (.skip, skip), (.undo, undo),
        ]
        let requests = named.compactMap { kind, name in name.map { Request(kind: kind, name: $0) } }
        guard requests.count <= 1 else { throw ValidationError("Give one decision at a time.") }
        guard var request = requests.first else {
            if reason != nil || text != nil || together {
                throw ValidationError("--reason, --text and --together belong to a decision, such as --reject COMMIT.")
            }
            return nil
        }
        request.isTogether = together
        request.text = reason ?? text ?? ""
        if request.kind == .reject, request.text.isEmpty {
            throw ValidationError("--reject needs --reason TEXT: the next attempt gets it.")
        }
        if request.kind == .comment, request.text.isEmpty { throw ValidationError("--comment needs --text TEXT.") }
        return request
    }
}
