/// What the last turn of a task that was split begins with.
package struct LastTurn: Codable, Sendable, Equatable {
    package struct Part: Codable, Sendable, Equatable {
        package var task: TaskID
        package var files: [String]
        /// Settled, unless a person has begun the part anew.
        package var state: TaskState
        /// Its commit on the integration branch, if it has one.
        package var commit: ObjectID?
        /// Why it failed; empty otherwise.
        package var reason: String

        package init(task: TaskID, files: [String], state: TaskState, commit: ObjectID? = nil, reason: String = "") {
            self.task = task
            self.files = files
            self.state = state
            self.commit = commit
            self.reason = reason
        }
    }

    /// In the order of the proposal.
    package var parts: [Part]
    /// What the worker that proposed the split left for this turn; may be empty.
    package var collate: String

    package init(parts: [Part], collate: String) {
        self.parts = parts
        self.collate = collate
    }

    package var areAllDone: Bool { parts.allSatisfy(\.state.isDone) }
}
