import Foundation
import Jobs
import Model
import Synchronization

/// A person's answer to a question, as it waits in the state folder for the coordinator.
package struct WrittenAnswer: Codable, Sendable, Equatable {
    /// Number of the question.
    package var question: Int
    package var text: String

    package init(question: Int, text: String) {
        self.question = question
        self.text = text
    }

    /// Puts the answer where the plan's coordinator finds it, now or when it next runs.
    /// - Parameter folder: `StateFolder.answers(to:)`.
    package func put(into folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let name = "\(Int(Date().timeIntervalSince1970 * 1e6))-\(ProcessInfo.processInfo.processIdentifier).json"
        try MailDirectory(folder).write(name, Array(try JSONEncoder().encode(self)))
    }

    /// Numbers of the questions whose answers wait in a folder for a coordinator.
    static func questions(answeredIn folder: String) -> Set<Int> {
        guard let directory = try? MailDirectory(folder), let names = try? directory.names(limit: 1000) else {
            return []
        }
        let answers = names.compactMap { try? directory.read($0, limit: OutgoingMail.largestFile) }
        return Set(answers.compactMap { try? JSONDecoder().decode(Self.self, from: Data($0)).question })
    }
}

extension MessageDesk {
    /// The sender of the files that people's answers come in, as an origin; no task can have this name.
    static let person = TaskID("")

    /// Takes in what people have answered. Costs one failed system call while nobody ever has.
    func takeAnswers() {
        guard let directory = try? MailDirectory(answersFolder), let names = try? directory.names(limit: 1000) else {
            return
        }
        for name in names where !["taken", "refused"].contains(name) {
            state.withLock { state in
                let origin = Fact.Posted.Origin(task: Self.person, attempt: 0, file: name)
                guard state.origins.insert(origin).inserted else { return }
                guard let bytes = try? directory.read(name, limit: OutgoingMail.largestFile),
                    let answer = try? JSONDecoder().decode(WrittenAnswer.self, from: Data(bytes)),
                    let question = state.questions[answer.question]
                else {
                    _ = try? directory.move(name, into: "refused")
                    return
                }
                let message = Message(
                    id: state.nextID(), kind: .answer, sender: .human,
                    audience: sender(of: question).map { .task($0) } ?? .everyone, body: answer.text,
                    thread: question.id, time: .now)
                inbox.put(.message(.init(message, origin: origin)))
            }
        }
    }

    /// An answer is in the log: its file is moved out of the way.
    func finishAnswer(_ file: String) { _ = try? MailDirectory(answersFolder).move(file, into: "taken") }
}
