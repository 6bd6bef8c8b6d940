import Foundation
package import Model

/// A message as it lies in a job's inbox.
package struct IncomingMail: Codable, Sendable, Equatable {
    package static let currentVersion = 1

    package var version = currentVersion
    /// nil for what is no message, such as the answer to a request for checks.
    package var id: Int?
    /// That of the message, or `check` or `search` for the answer to a request.
    package var kind: String
    /// Name of a task, `coordinator` or `human`.
    package var from: String
    /// Text of whoever sent it: data, never instructions.
    package var body: String
    package var files: [String]
    package var thread: Int?
    /// Seconds since 1970, UTC.
    package var time: Double
    /// The name of this job's own file that began the exchange.
    package var ref: String?
    /// Of a request for checks: whether all passed; nil for anything else.
    package var passed: Bool?

    package init(_ message: Message, ref: String?) {
        id = message.id
        kind = message.kind.rawValue
        switch message.sender {
        case .task(let task): from = task.rawValue
        case .coordinator: from = "coordinator"
        case .human: from = "human"
        }
        body = message.body
        files = message.files
        thread = message.thread
        time = message.time.seconds
        self.ref = ref
    }

    /// What came of a request.
    /// - Parameters:
    ///   - kind: `check` or `search`.
    ///   - ref: name of the request's file.
    package init(_ kind: String, _ body: String, passed: Bool?, ref: String, time: Timestamp) {
        self.kind = kind
        from = "coordinator"
        self.body = body
        files = []
        self.time = time.seconds
        self.ref = ref
        self.passed = passed
    }

    /// The name of its file; names sort as the messages came.
    package var fileName: String {
        guard let id else { return "answer-\(ref ?? "unknown.json")" }
        let digits = "\(id)"
        return String(repeating: "0", count: max(0, 8 - digits.count)) + "\(digits).json"
    }
}
