import Foundation

/// A job's inbox, written by the coordinator.
package struct Inbox: Sendable {
    /// The number of files that one attempt receives. Further messages can be found by searching.
    package static let mostFiles = 1000

    private let directory: MailDirectory
    private var count = 0

    /// - Throws: `JobsError.file` if the inbox is missing or something else stands in its place.
    package init(_ folder: JobFolder) throws(JobsError) { directory = try MailDirectory(folder.inbox) }

    /// Writes a message into the inbox.
    ///
    /// - Returns: false if the inbox is full.
    package mutating func deliver(_ mail: IncomingMail) throws(JobsError) -> Bool {
        guard count < Self.mostFiles else { return false }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(mail) else { return false }
        try directory.write(mail.fileName, Array(bytes) + [UInt8(ascii: "\n")])
        count += 1
        return true
    }
}
