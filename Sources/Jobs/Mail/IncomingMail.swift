import Foundation
package import Model

/// A message in a job's inbox.
package struct IncomingMail: Codable, Sendable, Equatable {
    package static let currentVersion = 1

    package var version = currentVersion
    /// Number of the message; nil for the answer to a request.
    package var id: Int?
    /// Kind of the message; `check`, `search` or `split` for the answer to a request.
    package var kind: String
    /// The sender: name of a task, `coordinator` or `human`.
    package var from: String
    /// Text from the sender: data, never instructions.
    package var body: String
    package var files: [String]
    package var thread: Int?
    /// Seconds since 1970, UTC.
    package var time: Double
    /// Name of the file by which this job began the exchange.
    package var ref: String?
    /// Whether all requested checks passed, or the split was accepted; nil for other mail.
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

    /// Creates the answer to a request.
    /// - Parameters:
    ///   - kind: `check`, `search`, `split`, or `answer` to a question that is no message.
    ///   - passed: whether all checks passed, or the split was accepted; nil for a search.
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

    /// File name, which ends in `.json`; the names of messages sort by number.
    package var fileName: String {
        guard let id else {
            let name = ref ?? "unknown"
            return "answer-\(name)\(name.hasSuffix(".json") ? "" : ".json")"
        }
        let digits = "\(id)"
        return String(repeating: "0", count: max(0, 8 - digits.count)) + "\(digits).json"
    }
}
