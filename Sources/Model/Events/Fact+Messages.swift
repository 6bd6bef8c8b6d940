extension Fact {
    /// A message as the coordinator received it.
    package struct Posted: Codable, Sendable, Equatable {
        /// The file of a job's outbox that contained the message, by which a second delivery is recognised.
        package struct Origin: Codable, Sendable, Hashable {
            package var task: TaskID
            package var attempt: Int
            package var file: String

            package init(task: TaskID, attempt: Int, file: String) {
                self.task = task
                self.attempt = attempt
                self.file = file
            }
        }

        package var message: Message
        /// nil if no job sent it.
        package var origin: Origin?
        /// Seconds that the sender waits for an answer before its attempt ends as blocked; nil if it does not wait.
        package var wait: Double?

        package init(_ message: Message, origin: Origin? = nil, wait: Double? = nil) {
            self.message = message
            self.origin = origin
            self.wait = wait
        }
    }

    package struct MessagesGiven: Codable, Sendable, Equatable {
        package enum Way: String, Codable, Sendable {
            case prompt
            case inbox
        }

        package var task: TaskID
        package var attempt: Int
        /// Numbers of the messages.
        package var messages: [Int]
        package var way: Way

        package init(task: TaskID, attempt: Int, messages: [Int], way: Way) {
            self.task = task
            self.attempt = attempt
            self.messages = messages
            self.way = way
        }
    }

    package struct TasksAdded: Codable, Sendable, Equatable {
        /// In order of work, with names that no task of the run had before.
        package var tasks: [MigrationTask]
        /// The task whose landing made them necessary.
        package var cause: TaskID
        package var reason: String

        package init(tasks: [MigrationTask], cause: TaskID, reason: String) {
            self.tasks = tasks
            self.cause = cause
            self.reason = reason
        }
    }
}
