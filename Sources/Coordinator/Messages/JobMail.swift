import Jobs
import Synchronization

/// The mail folders of one job. Its calls block, and run one after the other.
final class JobMail: Sendable {
    struct Folders: Sendable {
        /// nil where something else has been put in its place.
        var outbox: Outbox?
        /// nil where nothing is delivered any more, or something else has been put in its place.
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

    /// Returns whether the mail lies in the inbox now.
    @discardableResult
    func deliver(_ mail: IncomingMail) -> Bool { use { (try? $0.inbox?.deliver(mail)) ?? false } }

    /// Moves a file of the outbox out of the way: its fact is stored.
    func finish(_ name: String) { use { $0.outbox?.finish(name) } }
}
