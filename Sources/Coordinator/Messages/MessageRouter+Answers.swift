import Foundation
import Jobs
import Model
import Synchronization

/// A person's answer to a question, stored in the state folder for the coordinator.
package struct WrittenAnswer: Codable, Sendable, Equatable {
    /// Number of the question.
    package var question: Int
    package var text: String

    package init(question: Int, text: String) {
        self.question = question
        self.text = text
    }

    /// Writes the answer for the plan's coordinator, which reads it now or when it next runs.
    /// - Parameter folder: the path that `StateFolder.answers(to:)` returns.
    package func put(into folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let name = "\(Int(Date().timeIntervalSince1970 * 1e6))-\(ProcessInfo.processInfo.processIdentifier).json"
        try MailDirectory(folder).write(name, Array(try JSONEncoder().encode(self)))
    }

    /// Returns the numbers of the questions that are answered in a folder.
    static func questions(answeredIn folder: String) -> Set<Int> {
        guard let directory = try? MailDirectory(folder), let names = try? directory.names(limit: 1000) else {
            return []
        }
        let answers = names.compactMap { try? directory.read($0, limit: OutgoingMail.largestFile) }
        return Set(answers.compactMap { try? JSONDecoder().decode(Self.self, from: Data($0)).question })
    }
}

extension MessageRouter {
    /// The task name in the origin of people's answers. No task can have this name.
    static let person = TaskID("")

    /// Reads people's answers. Blocks. Without answers, it costs one failed system call.
    func takeAnswers() {
        guard let directory = try? MailDirectory(answersFolder), let names = try? directory.names(limit: 1000) else {
            return
        }
        for name in names where !["taken", "refused"].contains(name) {
            let origin = Fact.Posted.Origin(task: Self.person, attempt: 0, file: name)
            guard !state.withLock({ $0.origins.contains(origin) }) else { continue }
            let bytes = try? directory.read(name, limit: OutgoingMail.largestFile)
            let answer = bytes.flatMap { try? JSONDecoder().decode(WrittenAnswer.self, from: Data($0)) }
            if let answer, take(answer, origin) { continue }
            _ = try? directory.move(name, into: "refused")
        }
    }

    /// - Returns: false if there is no such question.
    private func take(_ answer: WrittenAnswer, _ origin: Fact.Posted.Origin) -> Bool {
        state.withLock { state in
            guard let question = state.questions[answer.question] else { return false }
            guard state.origins.insert(origin).inserted else { return true }
            let message = Message(
                id: state.nextID(), kind: .answer, sender: .human,
                audience: question.sendingTask.map { .task($0) } ?? .everyone, body: OutsideText.lines(answer.text),
                thread: question.id, time: .now)
            inbox.put(.message(.init(message, origin: origin)))
            return true
        }
    }

    /// Moves an answer's file away, once the answer is in the log. Blocks.
    func finishAnswer(_ file: String) { _ = try? MailDirectory(answersFolder).move(file, into: "taken") }
}
