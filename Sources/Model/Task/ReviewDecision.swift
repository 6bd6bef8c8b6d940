/// What a person decided about landed commits, after reading them.
package struct ReviewDecision: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case approve
        /// The commits are reverted, and their tasks are done again with the text in their prompts.
        case reject
        case comment
        /// Decide later.
        case skip
        /// Take the last decision back.
        case undo

        /// The decision as the predicate of a sentence.
        package var words: String {
            switch self {
            case .approve: "approved"
            case .reject: "rejected"
            case .comment: "commented"
            case .skip: "skipped"
            case .undo: "open again"
            }
        }
    }

    package var kind: Kind
    package var tasks: [TaskID]
    /// The reason or the comment; may be empty.
    package var text: String
    /// Name and address, as in Git's configuration.
    package var person: String

    package init(kind: Kind, tasks: [TaskID], text: String = "", person: String) {
        self.kind = kind
        self.tasks = tasks
        self.text = text
        self.person = person
    }
}
