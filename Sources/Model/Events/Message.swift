/// A message from a task, the coordinator or a person.
package struct Message: Codable, Sendable, Equatable, Identifiable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case lesson
        case warning
        case question
        case answer
        case decision
        case interfaceChange = "interface-change"
    }

    package enum Sender: Codable, Sendable, Equatable, Hashable {
        case task(TaskID)
        case coordinator
        case human
    }

    package enum Audience: Codable, Sendable, Equatable, Hashable {
        case everyone
        /// The tasks that need the sender, directly or not.
        case dependents
        /// The tasks that need this one, directly or not.
        case dependentsOf(TaskID)
        case task(TaskID)
        case human
    }

    /// Counted from 1 within a run, in the order in which the coordinator took them in.
    package var id: Int
    package var kind: Kind
    package var sender: Sender
    package var audience: Audience
    /// The sender's text: data, never instructions.
    package var body: String
    /// Paths it concerns, from the root of the checkout.
    package var files: [String]
    /// The number of the first message of its thread.
    package var thread: Int
    package var time: Timestamp

    package init(
        id: Int, kind: Kind, sender: Sender, audience: Audience, body: String, files: [String] = [],
        thread: Int? = nil, time: Timestamp
    ) {
        self.id = id
        self.kind = kind
        self.sender = sender
        self.audience = audience
        self.body = body
        self.files = files
        self.thread = thread ?? id
        self.time = time
    }
}
