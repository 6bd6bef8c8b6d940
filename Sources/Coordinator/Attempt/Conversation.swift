import Foundation
import Jobs
import Model

/// The stored conversation of a task with one worker, for the next attempt.
struct Conversation {
    /// Path of the worker's home directory, where its program stores what it needs to resume.
    let home: String
    private let record: String

    /// The session's name and usage, as the worker reported them.
    struct Record: Codable, Equatable {
        /// The name that the worker's program gave the session.
        var session: String
        /// The total of all attempts.
        var usage: Usage?
    }

    /// Bytes. Programs name sessions by UUIDs or similar; any other text is never put into a command.
    private static let longestSession = 128
    private static let largestRecord = 1 << 16

    /// - Parameter folder: path of the task's folder, which contains the attempts' job folders.
    init(in folder: String, worker: String) {
        home = "\(folder)/home-\(worker)"
        record = "\(folder)/conversation-\(worker).json"
    }

    func makeHome() throws {
        try FileManager.default.createDirectory(
            atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Returns the stored session; nil if no session can be resumed.
    func last() -> Record? {
        guard let bytes = try? UntrustedFile.read(record, limit: Self.largestRecord),
            let record = try? JSONDecoder().decode(Record.self, from: Data(bytes)), Self.isName(record.session)
        else { return nil }
        return record
    }

    /// Stores the session's name and usage.
    ///
    /// - Parameters:
    ///   - session: the session's name; nil if the worker reported none.
    ///   - usage: the usage of this attempt alone.
    ///   - before: the record that the attempt resumed; nil for a new session.
    func keep(session: String?, usage: Usage?, after before: Record?) {
        guard let session = session ?? before?.session, Self.isName(session) else { return }
        let sum = (usage ?? Usage()) + (before?.usage ?? Usage())
        guard let data = try? JSONEncoder().encode(Record(session: session, usage: sum)) else { return }
        unlink(record)
        try? UntrustedFile.create(record, Array(data))
    }

    /// Returns whether a text is a plain name, which is safe as an argument of any command.
    static func isName(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, first != UInt8(ascii: "-"), bytes.count <= longestSession else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }
}
