import Foundation

/// The mail of a job as the job itself sees it: files of its folder and nothing else, so that it works in a sandbox.
package struct JobMailbox: Sendable {
    package let folder: JobFolder

    /// - Parameter folder: that `ORCHESTRATE_JOB` names.
    package init(_ folder: JobFolder) { self.folder = folder }

    /// Sends a message.
    /// - Returns: the file's name, which an answer has as its `ref`.
    @discardableResult
    package func send(_ mail: OutgoingMail) throws(JobsError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(mail) else { throw .file(folder.outbox, .write(EINVAL)) }
        let name = "\(Self.stamp()).json"
        try MailDirectory(folder.outbox).write(name, Array(bytes))
        return name
    }

    /// Asks for the task's checks to be run on the slot as it is.
    /// - Returns: the request's name, which its answer has as its `ref`.
    package func requestChecks() throws(JobsError) -> String {
        let name = "check-\(Self.stamp()).json"
        try MailDirectory(folder.outbox).write(name, Array("{}".utf8))
        return name
    }

    /// Asks for messages that hold all of some words.
    /// - Returns: the request's name, which its answer has as its `ref`.
    package func requestSearch(_ words: String) throws(JobsError) -> String {
        let name = "search-\(Self.stamp()).txt"
        try MailDirectory(folder.outbox).write(name, Array(words.utf8))
        return name
    }

    /// What has come and has not been read.
    package func unread() throws(JobsError) -> [IncomingMail] { try mail(in: MailDirectory(folder.inbox)) }

    /// What has been read before.
    package func read() throws(JobsError) -> [IncomingMail] {
        guard let directory = try MailDirectory(folder.inbox).child(Self.readFolder) else { return [] }
        return try mail(in: directory)
    }

    package func markRead(_ mail: [IncomingMail]) throws(JobsError) {
        let directory = try MailDirectory(folder.inbox)
        for one in mail { try directory.move(one.fileName, into: Self.readFolder) }
    }

    /// Waits for unread mail, looking a few times a second.
    /// - Parameters:
    ///   - seconds: how long; mail that is there already is returned at once.
    ///   - wanted: what to wait for.
    /// - Returns: nothing if the time is over.
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
    /// Names of the inbox that are looked at in one go.
    private static let listed = 2 * Inbox.mostFiles
    /// A file of the inbox is the coordinator's own, but the job could have put anything there.
    private static let largestFile = 4 << 20

    private func mail(in directory: MailDirectory) throws(JobsError) -> [IncomingMail] {
        let decoder = JSONDecoder()
        var found: [IncomingMail] = []
        for name in try directory.names(limit: Self.listed) where name.hasSuffix(".json") {
            guard let bytes = try directory.read(name, limit: Self.largestFile) else { continue }
            if let mail = try? decoder.decode(IncomingMail.self, from: Data(bytes)) { found.append(mail) }
        }
        return found
    }

    /// Sorts by time, and is no other process's.
    private static func stamp() -> String {
        let micros = Int(Date().timeIntervalSince1970 * 1e6)
        return "\(micros)-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    }
}

extension JobFolder {
    /// What `job.json` says.
    package func readDescription() throws -> JobDescription {
        guard let bytes = try UntrustedFile.read(description, limit: 16 << 20) else {
            throw JobsError.file(description, .open(ENOENT))
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(JobDescription.self, from: Data(bytes))
    }
}
