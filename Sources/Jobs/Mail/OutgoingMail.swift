import Foundation
package import Model

/// A message in a job's outbox; docs/messages.md describes the format for authors of workers.
///
/// It names no sender and no time. The coordinator adds both and trusts no other source.
package struct OutgoingMail: Codable, Sendable, Equatable {
    package var kind: Message.Kind
    /// `everyone`, `dependents`, `human`, or a task by its name or by the path of one of its files.
    package var to: String
    package var body: String
    /// Paths from the root of the checkout.
    package var files: [String]
    /// Number of the message that this one refers to; nil for the first of an exchange.
    package var thread: Int?
    /// For a question, the seconds without an answer after which the attempt ends as blocked. Nil if the job continues
    /// without an answer.
    package var waitSeconds: Double?

    /// Bytes kept of a body.
    package static let largestBody = 16 << 10
    /// Paths that one message may name.
    package static let mostFiles = 64
    /// Bytes of the largest file that is read.
    package static let largestFile = 1 << 20
    private static let longestWait: Double = 7 * 24 * 3600

    package init(
        kind: Message.Kind, to: String = "everyone", body: String, files: [String] = [], thread: Int? = nil,
        waitSeconds: Double? = nil
    ) {
        self.kind = kind
        self.to = to
        self.body = body
        self.files = files
        self.thread = thread
        self.waitSeconds = waitSeconds
    }

    private enum CodingKeys: String, CodingKey {
        case kind, to, body, files, thread
        case waitSeconds = "wait_seconds"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        kind = try container.decode(Message.Kind.self, forKey: .kind)
        to = try container.decodeIfPresent(String.self, forKey: .to) ?? (kind == .question ? "human" : "everyone")
        body = try container.decode(String.self, forKey: .body)
        files = try container.decodeIfPresent([String].self, forKey: .files) ?? []
        thread = try container.decodeIfPresent(Int.self, forKey: .thread)
        waitSeconds = try container.decodeIfPresent(Double.self, forKey: .waitSeconds)
    }

    /// Parses a file of an outbox and cuts what exceeds the limits.
    ///
    /// - Parameter redaction: the values that must not leave the job.
    /// - Returns: the message, with a note for people if something was left out; or the reason why it is malformed.
    package static func parse(
        _ bytes: [UInt8], _ redaction: Redaction = .none
    ) -> Result<(mail: OutgoingMail, note: String?), Malformed> {
        guard var mail = try? JSONDecoder().decode(OutgoingMail.self, from: Data(bytes)) else {
            return .failure(Malformed(reason: "is not a message of the form that docs/messages.md describes"))
        }
        var notes: [String] = []
        mail.body = OutsideText.lines(redaction.text(mail.body))
        if mail.body.utf8.count > largestBody {
            notes.append("a body of \(mail.body.utf8.count) bytes was cut to \(largestBody)")
            mail.body = cut(mail.body, to: largestBody) + "\n[cut]"
        }
        guard !mail.body.allSatisfy(\.isWhitespace) else { return .failure(Malformed(reason: "has no text")) }
        let paths = mail.files.prefix(mostFiles).map(redaction.text).compactMap(plainPath)
        if paths.count < mail.files.count { notes.append("\(mail.files.count - paths.count) paths were left out") }
        mail.files = paths
        if let wait = mail.waitSeconds { mail.waitSeconds = wait > 0 ? min(wait, longestWait) : nil }
        if mail.kind != .question { mail.waitSeconds = nil }
        return .success((mail, notes.isEmpty ? nil : notes.joined(separator: "; ")))
    }

    package struct Malformed: Error, Equatable {
        package var reason: String
    }

    /// Cuts text to a number of bytes, between two characters.
    package static func cut(_ text: String, to bytes: Int) -> String {
        var end = text.utf8.index(text.startIndex, offsetBy: bytes, limitedBy: text.endIndex) ?? text.endIndex
        while end > text.startIndex, end.samePosition(in: text) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }

    /// Returns the path without `.` components; nil if it leads out of the checkout.
    static func plainPath(_ path: String) -> String? {
        guard path.utf8.count <= 4096, !path.hasPrefix("/"), OutsideText.line(path) == path else { return nil }
        let parts = path.split(separator: "/").filter { $0 != "." }
        guard !parts.isEmpty, !parts.contains("..") else { return nil }
        return parts.joined(separator: "/")
    }
}
