import Foundation
package import Model

/// A job's mail, as the job itself reads and writes it. It uses only files of the job folder, so it works in a sandbox.
package struct JobMailbox: Sendable {
    package let folder: JobFolder

    /// - Parameter folder: the folder named by `ORCHESTRATE_JOB`.
    package init(_ folder: JobFolder) { self.folder = folder }

    /// Sends a message.
    /// - Returns: the file's name; the answer has it as its `ref`.
    @discardableResult
    package func send(_ mail: OutgoingMail) throws(JobsError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(mail) else { throw .file(folder.outbox, .write(EINVAL)) }
        let name = "\(Self.stamp()).json"
        try MailDirectory(folder.outbox).write(name, Array(bytes))
        return name
    }

    /// Requests a run of the task's checks on the slot in its current state.
    /// - Returns: the request's file name; the answer has it as its `ref`.
    package func requestChecks() throws(JobsError) -> String {
        let name = "check-\(Self.stamp()).json"
        try MailDirectory(folder.outbox).write(name, Array("{}".utf8))
        return name
    }

    /// Requests the messages that contain all of some words.
    /// - Returns: the request's file name; the answer has it as its `ref`.
    package func requestSearch(_ words: String) throws(JobsError) -> String {
        let name = "search-\(Self.stamp()).txt"
        try MailDirectory(folder.outbox).write(name, Array(words.utf8))
        return name
    }

    /// Proposes to split the task of the job.
    /// - Returns: the request's file name; the answer has it as its `ref`.
    package func requestSplit(_ proposal: SplitProposal) throws(JobsError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(proposal) else { throw .file(folder.outbox, .write(EINVAL)) }
        let name = "split-\(Self.stamp()).json"
        try MailDirectory(folder.outbox).write(name, Array(bytes))
        return name
    }

    /// Returns the mail that has not been marked as read.
    package func unread() throws(JobsError) -> [IncomingMail] { try mail(in: MailDirectory(folder.inbox)) }

    /// Returns the mail that has been marked as read.
    package func read() throws(JobsError) -> [IncomingMail] {
        guard let directory = try MailDirectory(folder.inbox).child(Self.readFolder) else { return [] }
        return try mail(in: directory)
    }

    package func markRead(_ mail: [IncomingMail]) throws(JobsError) {
        let directory = try MailDirectory(folder.inbox)
        for one in mail { try directory.move(one.fileName, into: Self.readFolder) }
    }

    /// Waits for unread mail by looking twenty times a second.
    /// - Parameters:
    ///   - seconds: the longest wait. Matching mail that is already there is returned at once.
    ///   - wanted: whether a piece of mail is waited for.
    /// - Returns: the matching mail; empty if the time is over.
    package func wait(
        seconds: Double, for wanted: (IncomingMail) -> Bool
    ) async throws -> [IncomingMail] {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            let found = try unread().filter(wanted)
            if !found.isEmpty || ContinuousClock.now >= end { return found }
            try await Task.sleep(for: Self.pause)
        }
    }

    private static let pause = Duration.milliseconds(50)
    private static let readFolder = "read"
    /// Directory entries read per look.
    private static let mostListed = 2 * Inbox.mostFiles
    /// Bytes. The coordinator writes small files here, but the job could have added anything.
    private static let largestFile = 4 << 20

    private func mail(in directory: MailDirectory) throws(JobsError) -> [IncomingMail] {
        let decoder = JSONDecoder()
        var found: [IncomingMail] = []
        for name in try directory.names(limit: Self.mostListed) where name.hasSuffix(".json") {
            guard let bytes = try directory.read(name, limit: Self.largestFile) else { continue }
            if let mail = try? decoder.decode(IncomingMail.self, from: Data(bytes)) { found.append(mail) }
        }
        return found
    }

    /// Returns a file name that sorts by time and is unique across processes.
    private static func stamp() -> String {
        let micros = Int(Date().timeIntervalSince1970 * 1e6)
        return "\(micros)-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    }
}
