/// What the page shows, and the commands that it gives.
package protocol PageSource: Sendable {
    /// The whole run as JSON. It is asked for again and again, so it is made anew only after a change.
    func overview() async throws -> String
    /// One task as JSON: why it is in its state, its log, its prompt and its diff.
    func task(_ name: String) async throws -> String
    /// The review queue as JSON: groups of equal edits, with the changes of their examples.
    func review() async throws -> String
    /// The figures of the run, for a monitoring system.
    func metrics() async throws -> (contentType: String, text: String)
    /// Gives a command to the run, as the verbs do.
    func send(_ command: PageCommand) async throws -> PageAnswer
}

/// A button of the page.
package struct PageCommand: Decodable, Sendable, Equatable {
    package enum Verb: String, Decodable, Sendable {
        case pause, `continue`, approve, retry, skip, prioritise, review
    }

    package var verb: Verb
    /// The task; nil for the whole run, or with a class.
    package var task: String?
    /// The class of failures.
    package var failures: String?
    /// A note for the prompt.
    package var note: String?
    /// A decision about what has landed, with the verb `review`.
    package var review: Review?

    package struct Review: Decodable, Sendable, Equatable {
        /// A group, or a commit.
        package var name: String
        /// `approve`, `reject`, `skip` or `undo`.
        package var decision: String
        /// The reason of a rejection.
        package var text: String?
    }
}

package struct PageAnswer: Encodable, Sendable, Equatable {
    package var isAccepted: Bool
    package var text: String

    package init(isAccepted: Bool, text: String) {
        self.isAccepted = isAccepted
        self.text = text
    }
}
