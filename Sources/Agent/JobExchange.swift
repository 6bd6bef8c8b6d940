package import Jobs

/// The agent's connection to the coordinator and to other tasks.
package protocol JobExchange: Sendable {
    /// - Returns: a name to which an answer refers.
    func send(_ mail: OutgoingMail) throws -> String
    /// Requests a run of the task's checks.
    func requestChecks() throws -> String
    func unread() throws -> [IncomingMail]
    func markRead(_ mail: [IncomingMail]) throws
    /// Waits for mail of a kind that refers to `ref`. Returns nil after the time is over.
    func answer(to ref: String, kind: String, seconds: Double) async throws -> IncomingMail?
}

extension JobMailbox: JobExchange {
    package func answer(to ref: String, kind: String, seconds: Double) async throws -> IncomingMail? {
        try await wait(seconds: seconds) { $0.ref == ref && $0.kind == kind }.first
    }
}
