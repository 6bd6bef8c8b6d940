package import Jobs

/// What the agent can say to the world outside of its checkout.
package protocol JobExchange: Sendable {
    /// - Returns: a name by which an answer refers to it.
    func send(_ mail: OutgoingMail) throws -> String
    /// Asks for the task's checks.
    func requestChecks() throws -> String
    func unread() throws -> [IncomingMail]
    func markRead(_ mail: [IncomingMail]) throws
    /// Waits for mail of that kind which refers to `ref`; nil once the time is over.
    func answer(to ref: String, kind: String, seconds: Double) async throws -> IncomingMail?
}

extension JobMailbox: JobExchange {
    package func answer(to ref: String, kind: String, seconds: Double) async throws -> IncomingMail? {
        try await wait(seconds: seconds) { $0.ref == ref && $0.kind == kind }.first
    }
}
