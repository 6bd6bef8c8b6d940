import Executors
import Foundation
import Git
import Jobs
import Model

/// One job on an executor: how it is handed over, ended, and its files brought.
struct RemoteJob {
    let jobs: RunningJobs
    let repository: Repository
    /// Tells people what went wrong and was dealt with.
    let note: @Sendable (String) -> Void
    let token = Self.newToken()

    private var executor: any Executor { jobs.executor }

    init(on jobs: RunningJobs, repository: Repository, note: @escaping @Sendable (String) -> Void) {
        self.jobs = jobs
        self.repository = repository
        self.note = note
    }

    private static func newToken() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Hands an order over.
    /// - Parameter folder: absolute path of the job folder; nil for checks.
    func submit(_ order: JobOrder, folder: String? = nil, needs: JobResources?) async throws -> Ticket {
        let (repository, reference) = (repository, order.baseReference)
        // The reference keeps the base from `git gc`, and names it in bundles. The end of the run removes it.
        try await blocking { () throws(GitError) in
            guard try repository.value(of: reference) == nil else { return }
            do throws(GitError) {
                try repository.compareAndSwap(reference: reference, from: nil, to: order.base, reason: "\(order.run)")
            } catch {
                // Another job with the same base may have made it meanwhile.
                guard try repository.value(of: reference) == order.base else { throw error }
            }
        }
        let submission = Submission(order: order, folder: folder, resources: needs ?? JobResources()) { path, known in
            try await blocking { () throws(GitError) in
                try repository.bundle(reference, into: path, without: known)
            }
        }
        return try await executor.submit(submission, waiting: note)
    }

    /// Waits for the end of a job.
    func follow(_ ticket: Ticket, _ listener: RunningJobs.Listener = .silent) async -> RunningJobs.Ending {
        await jobs.follow(ticket, listener)
    }

    /// Ends what may still run. A machine that does not answer is asked again when the next run begins; whatever it
    /// makes of the job is never fetched.
    /// - Parameter work: names the work, for people.
    func end(_ ticket: Ticket, _ work: String) async {
        // Not in this task, which may be cancelled: the machine must be asked all the same.
        let fault = await Task { () -> ExecutorFault? in
            do throws(ExecutorFault) {
                try await executor.cancel(ticket)
                return nil
            } catch {
                return error
            }
        }.value
        if let fault { note("\(work) may still run: \(fault)") }
    }

    /// Deletes the files of a job on its machine.
    func remove(_ ticket: Ticket) async {
        // Not in this task, which may be cancelled: the machine must be asked all the same.
        await Task { await executor.remove(ticket) }.value
    }

    /// The result is one of another order.
    struct Foreign: Error, CustomStringConvertible {
        var machine: String
        var description: String { "the result on \(machine) is of another order" }
    }

    /// Brings the result and the files of an ended job.
    ///
    /// - Parameters:
    ///   - folder: absolute path of a folder, created if missing.
    ///   - work: names the work, for people.
    /// - Throws: `Foreign` for a result with another token.
    func fetch(_ ticket: Ticket, into folder: String, _ work: String) async throws -> JobResult {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let result = try await executor.fetch(ticket, into: folder)
        guard result.version == JobResult.currentVersion, result.token == token else {
            note("a result of \(ticket.machine) for \(work) was refused: its token is that of another order")
            throw Foreign(machine: ticket.machine)
        }
        return result
    }

    /// Moves the logs of a job to where those of local work are. They are only for people.
    static func keepLogs(from source: String, in target: String) {
        let files = FileManager.default
        for path in files.enumerator(atPath: source)?.compactMap({ $0 as? String }) ?? [] {
            let destination = "\(target)/\(path)"
            var isFolder: ObjCBool = false
            guard files.fileExists(atPath: "\(source)/\(path)", isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            try? files.createDirectory(
                atPath: (destination as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            unlink(destination)
            try? files.moveItem(atPath: "\(source)/\(path)", toPath: destination)
        }
    }
}
