import Foundation
import Jobs
import Model

/// What is kept of a task's conversation with one worker, from one attempt to the next.
struct Conversation {
    /// The folder that is the worker's home, where its program keeps what it needs to go on.
    let home: String
    private let record: String

    /// What the worker told of it.
    struct Record: Codable, Equatable {
        /// The program's name of the conversation.
        var session: String
        /// In all its attempts.
        var usage: Usage?
    }

    /// Programs name conversations by UUIDs and the like; anything else is not put into a command.
    private static let longestSession = 128
    private static let largestRecord = 1 << 16

    /// - Parameter folder: of the task, in which each attempt has its job folder.
    init(in folder: String, worker: String) {
        home = "\(folder)/home-\(worker)"
        record = "\(folder)/conversation-\(worker).json"
    }

    func makeHome() throws {
        try FileManager.default.createDirectory(
            atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// nil where there was none, or none that can be gone on with.
    func last() -> Record? {
        guard let bytes = try? UntrustedFile.read(record, limit: Self.largestRecord),
            let record = try? JSONDecoder().decode(Record.self, from: Data(bytes)), Self.isName(record.session)
        else { return nil }
        return record
    }

    /// Keeps how far the conversation has come.
    ///
    /// - Parameters:
    ///   - session: nil if the worker named none.
    ///   - usage: of this attempt alone.
    ///   - before: the record that the attempt went on from, if it did.
    func keep(session: String?, usage: Usage?, after before: Record?) {
        guard let session = session ?? before?.session, Self.isName(session) else { return }
        let sum = (usage ?? Usage()) + (before?.usage ?? Usage())
        guard let data = try? JSONEncoder().encode(Record(session: session, usage: sum)) else { return }
        unlink(record)
        try? UntrustedFile.create(record, Array(data))
    }

    /// Whether it can be a name and nothing else, in whatever command it is put.
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
