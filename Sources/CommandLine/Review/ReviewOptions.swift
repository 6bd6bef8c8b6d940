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

    @Option(
        name: .customLong("all-like"),
        help: ArgumentHelp("Show the group of this commit, with all its commits.", valueName: "commit"))
    var allLike: String?
    @Option(
        name: .long,
        help: ArgumentHelp("With --all-like, decide about all of them: approve, reject, comment, skip or undo."))
    var decide: ReviewDecision.Kind?

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
        /// Whether it is about all commits in the group of the named one.
        var isAboutGroup = false
    }

    func validate() throws { _ = try request() }

    /// - Returns: nil without a decision.
    /// - Throws: `ValidationError` for two decisions, or for one that lacks its text.
    func request() throws -> Request? {
        let named: [(ReviewDecision.Kind, String?)] = [
            (.approve, approve), (.reject, reject), (.comment, comment), (.skip, skip), (.undo, undo),
        ]
        var requests = named.compactMap { kind, name in name.map { Request(kind: kind, name: $0) } }
        if let decide {
            guard let allLike else { throw ValidationError("--decide needs --all-like COMMIT.") }
            requests.append(Request(kind: decide, name: allLike, isAboutGroup: true))
        }
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
            throw ValidationError("A rejection needs --reason TEXT: the next attempt gets it.")
        }
        if request.kind == .comment, request.text.isEmpty { throw ValidationError("A comment needs --text TEXT.") }
        return request
    }
}

extension ReviewDecision.Kind: ExpressibleByArgument {}
