package import Model

/// A place where attempts run, away from the coordinator's own slots: other processes, machines, a cluster.
///
/// An executor never starts an attempt a second time by itself; the coordinator owns retries. Each call may be repeated
/// after a fault: a job that was submitted already is not submitted again.
package protocol Executor: Sendable {
    var settings: ExecutorSettings { get }

    /// Waits for room, then hands a job over.
    /// - Parameter waiting: called once if no machine answers, with the reason.
    func submit(
        _ job: Submission, waiting: @escaping @Sendable (String) -> Void
    ) async throws(ExecutorFault) -> Ticket
    /// Brings messages to running jobs and gets what they have written since the last call. One request for each
    /// machine answers for all its jobs.
    func exchange(_ jobs: [Exchange]) async -> [Ticket: Exchanged]
    /// Brings the files of an ended job.
    /// - Parameter folder: absolute path of an existing folder, which receives `result.bundle` and the job folders.
    func fetch(_ ticket: Ticket, into folder: String) async throws(ExecutorFault) -> JobResult
    /// Ends a job, and returns when none of its processes is left.
    func cancel(_ ticket: Ticket) async throws(ExecutorFault)
    /// Deletes the files of a job that has ended or was cancelled, and frees its room.
    func remove(_ ticket: Ticket) async
    /// Ends the jobs that a killed coordinator of the same run has left.
    /// - Returns: a note for each machine that could not be asked.
    func endLeftovers(of run: RunID, repository: String) async -> [String]
    /// Asks each machine for its version and its room.
    func check() async -> [MachineReport]
    /// Ends connections that are kept open.
    func close() async
}

/// A job to hand over.
package struct Submission: Sendable {
    package var order: JobOrder
    /// Absolute path of the job folder with prompt and mail; nil for checks.
    package var folder: String?
    /// What it needs; missing figures are those of the executor.
    package var resources: JobResources
    /// Writes a bundle of the base to a path; `known` are the commits that the machine has already.
    package var writeBase: @Sendable (_ path: String, _ known: [ObjectID]) async throws -> Void

    package init(
        order: JobOrder, folder: String?, resources: JobResources = JobResources(),
        writeBase: @escaping @Sendable (_ path: String, _ known: [ObjectID]) async throws -> Void
    ) {
        self.order = order
        self.folder = folder
        self.resources = resources
        self.writeBase = writeBase
    }
}

/// A job that was handed over.
package struct Ticket: Sendable, Hashable, Codable {
    /// Names the job on the machine: made from run, work and token, so that a repeated submission is seen.
    package var job: String
    package var machine: String

    package init(job: String, machine: String) {
        self.job = job
        self.machine = machine
    }

    /// Returns the name of an order's job, usable as a file name and a label.
    package static func name(of order: JobOrder) -> String {
        let text = "\(order.run) \(order.attempt.map { "\($0.task.id) \($0.number)" } ?? order.base.hex)"
        return "\(runPrefix(order.run, repository: order.repository))\(StableHash.hex(text))-\(order.token.prefix(8))"
    }

    /// Begins the names of all jobs of a run.
    package static func runPrefix(_ run: RunID, repository: String) -> String {
        "o\(StableHash.hex("\(repository) \(run)"))-"
    }
}

/// What goes to a running job, and what the caller has of it already.
package struct Exchange: Sendable, Codable, Equatable {
    package var ticket: Ticket
    /// Bytes of the file of news that the caller has.
    package var newsRead: Int
    /// Names of outbox files that the caller has stored.
    package var stored: [String]
    /// Files for the inbox, by name.
    package var inbox: [String: [UInt8]]

    package init(ticket: Ticket, newsRead: Int = 0, stored: [String] = [], inbox: [String: [UInt8]] = [:]) {
        self.ticket = ticket
        self.newsRead = newsRead
        self.stored = stored
        self.inbox = inbox
    }
}

/// What came from a job.
package struct Exchanged: Sendable, Codable, Equatable {
    package var state: State
    package var news: [UInt8]
    /// Files of the outbox, by name.
    package var outbox: [String: [UInt8]]

    package enum State: Sendable, Codable, Equatable {
        /// Accepted by the engine and not started yet.
        case queued(reason: String)
        case running
        /// A result is there.
        case ended
        /// It will have no result: its process, its node or its files are gone.
        case lost(reason: String)
        /// It will have no result, and the attempt is to blame: it used too much memory, room or time.
        case failed(Failure.Kind, reason: String)
        /// The machine did not answer; the job may be running.
        case unknown(reason: String)
    }

    package init(state: State, news: [UInt8] = [], outbox: [String: [UInt8]] = [:]) {
        self.state = state
        self.news = news
        self.outbox = outbox
    }
}

/// What a machine says about itself.
package struct MachineReport: Sendable, Equatable {
    package var machine: String
    package var slots: Int
    /// Bytes that are free where it keeps files; nil if it could not be asked.
    package var free: Int?
    /// nil if jobs can run there.
    package var fault: ExecutorFault?
}

/// Why an executor did not do what it was asked for.
package enum ExecutorFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The way to the machine failed. Nothing is known about the job.
    case unreachable(machine: String, detail: String)
    /// The machine refused; asking again does not help.
    case refused(machine: String, reason: String)

    package var description: String {
        switch self {
        case .unreachable(let machine, let detail): "\(machine) cannot be reached: \(detail)"
        case .refused(let machine, let reason): "\(machine): \(reason)"
        }
    }
}
