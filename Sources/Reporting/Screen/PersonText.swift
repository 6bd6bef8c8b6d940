import Model

/// What waits for a person, with the command to type.
enum PersonText {
    static func question(_ message: Message) -> String {
        "\(MessageText.line(message.body)); orchestrate answer \(message.id) TEXT"
    }

    static func approval(of task: TaskID) -> String {
        "orchestrate review \(task) shows the diff; orchestrate continue \(task) approves it"
    }
}
