import Jobs
import Synchronization

/// The mail folders of one job. Its calls block, and run one at a time.
final class JobMail: Sendable {
    struct Folders: Sendable {
        /// nil if the folder was replaced by something else.
        var outbox: Outbox?
        /// nil if the job has ended, or the folder was replaced by something else.
        var inbox: Inbox?
    }

    private let folders: Mutex<Folders>

    /// - Parameters:
    ///   - redaction: the values that must not leave the job.
    ///   - isOver: the job has ended, so nothing is delivered to it.
    init(_ job: JobFolder, _ redaction: Redaction, isOver: Bool = false) {
        folders = Mutex(Folders(outbox: try? Outbox(job, redaction), inbox: isOver ? nil : try? Inbox(job)))
    }

    func use<Result: Sendable>(_ body: (inout Folders) -> Result) -> Result { folders.withLock { body(&$0) } }

    /// Delivers a message. Returns whether it is in the inbox now.
    @discardableResult
    func deliver(_ mail: IncomingMail) -> Bool { use { (try? $0.inbox?.deliver(mail)) ?? false } }

    /// Moves a file out of the outbox, once its fact is stored.
    func finish(_ name: String) { use { $0.outbox?.finish(name) } }
}
