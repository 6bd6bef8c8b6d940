import Foundation
package import Model

/// A message as a job writes it into its outbox; docs/messages.md describes it for authors of workers.
///
/// It names no sender and no time: the coordinator knows both, and believes no other.
package struct OutgoingMail: Codable, Sendable, Equatable {
    package var kind: Message.Kind
    /// `everyone`, `dependents`, `human`, or a task by its name or by the path of one of its files.
    package var to: String
    package var body: String
    /// Paths from the root of the checkout.
    package var files: [String]
    /// Number of the message that it is about; nil for the first of an exchange.
    package var thread: Int?
    /// Of a question: seconds after which the attempt is to end as blocked; nil if the job goes on without an answer.
    package var waitSeconds: Double?

    /// Bytes of a body that are kept.
    package static let largestBody = 16 << 10
    /// Paths that one message may name.
    package static let mostFiles = 64
    /// Bytes of a file of the outbox that is read at all.
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

    /// Reads a file of an outbox; what is too much of it is cut away.
    ///
    /// - Returns: the message, with a note for people if something was left out; a sentence where it is none.
    package static func parse(_ bytes: [UInt8]) -> Result<(mail: OutgoingMail, note: String?), Malformed> {
        guard var mail = try? JSONDecoder().decode(OutgoingMail.self, from: Data(bytes)) else {
            return .failure(Malformed(reason: "is no message as docs/messages.md describes it"))
        }
        var notes: [String] = []
        mail.body = legible(mail.body)
        if mail.body.utf8.count > largestBody {
            notes.append("a body of \(mail.body.utf8.count) bytes was cut to \(largestBody)")
            mail.body = cut(mail.body, to: largestBody) + "\n[cut]"
        }
        guard !mail.body.allSatisfy(\.isWhitespace) else { return .failure(Malformed(reason: "has no text")) }
        let paths = mail.files.prefix(mostFiles).compactMap(plainPath)
        if paths.count < mail.files.count { notes.append("\(mail.files.count - paths.count) paths were left out") }
        mail.files = paths
        if let wait = mail.waitSeconds { mail.waitSeconds = wait > 0 ? min(wait, longestWait) : nil }
        if mail.kind != .question { mail.waitSeconds = nil }
        return .success((mail, notes.isEmpty ? nil : notes.joined(separator: "; ")))
    }

    package struct Malformed: Error, Equatable {
        package var reason: String
    }

    /// Text without control characters, which would do things to the terminal of whoever reads it.
    package static func legible(_ text: String) -> String {
        let kept = text.unicodeScalars.filter { scalar in
            scalar == "\n" || scalar == "\t"
                || !(scalar.properties.generalCategory == .control || scalar.properties.isBidiControl)
        }
        return String(String.UnicodeScalarView(kept))
    }

    package static func cut(_ text: String, to bytes: Int) -> String {
        var end = text.utf8.index(text.startIndex, offsetBy: bytes, limitedBy: text.endIndex) ?? text.endIndex
        while end > text.startIndex, end.samePosition(in: text) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }

    /// A path that stays inside the checkout, without `.` in it; nil for any other.
    private static func plainPath(_ path: String) -> String? {
        guard path.utf8.count <= 4096, !path.hasPrefix("/"), legible(path) == path, !path.contains("\n") else {
            return nil
        }
        let parts = path.split(separator: "/").filter { $0 != "." }
        guard !parts.isEmpty, !parts.contains("..") else { return nil }
        return parts.joined(separator: "/")
    }
}
