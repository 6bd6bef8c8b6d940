import Foundation

/// A job's inbox as the coordinator fills it.
package struct Inbox: Sendable {
    /// Files that one attempt is given; a run that has more to say has it searched.
    package static let mostFiles = 1000

    private let directory: MailDirectory
    private var count = 0

    /// - Throws: where something else has been put in the inbox's place.
    package init(_ folder: JobFolder) throws(JobsError) { directory = try MailDirectory(folder.inbox) }

    /// - Returns: whether it lies there now; a full inbox takes no more.
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
