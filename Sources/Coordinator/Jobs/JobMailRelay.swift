import Foundation
import Jobs
import Model
import Synchronization

/// The mail of a job whose coordinator is elsewhere: its files come and go with the executor.
///
/// Only requests for checks are handled here, because they run on this machine.
final class JobMailRelay: JobMailRoutes {
    private struct LiveJob {
        let folder: JobFolder
        let hooks: JobHooks
        var seen: Set<String> = []
        /// Names of requests whose checks are not finished.
        var checking: Set<String> = []
        /// Names of questions and proposals that wait for an answer.
        var waiting: Set<String> = []
        var read: Set<String> = []
    }

    private let jobs = Mutex<[Attempt.ID: LiveJob]>([:])

    private static let mostListed = 20_000
    private static let largestFile = 1 << 20

    func open(_ folder: JobFolder, for attempt: Attempt.ID, hooks: JobHooks) {
        jobs.withLock { $0[attempt] = LiveJob(folder: folder, hooks: hooks) }
    }

    /// The coordinator knows which question blocked the attempt.
    func close(_ attempt: Attempt.ID) -> Message? {
        jobs.withLock { $0[attempt] = nil }
        return nil
    }

    func answerCheck(_ name: String, of attempt: Attempt.ID, passed: Bool, text: String) {
        let folder = jobs.withLock { jobs in
            jobs[attempt]?.checking.remove(name)
            return jobs[attempt]?.folder
        }
        guard let folder, var inbox = try? Inbox(folder) else { return }
        _ = try? inbox.deliver(IncomingMail("check", text, passed: passed, ref: name, time: .now))
        _ = try? MailDirectory(folder.outbox).move(name, into: Self.taken)
    }

    /// The folder of the outbox for files that have been handled.
    private static let taken = "taken"

    func isWaited(by attempt: Attempt.ID) -> Bool {
        jobs.withLock { jobs in jobs[attempt].map { !$0.checking.isEmpty || !$0.waiting.isEmpty } ?? false }
    }

    /// Looks for requests every 100 ms until cancelled.
    func keepSweeping() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(100))
            await blocking { self.sweep() }
        }
    }

    func sweep() {
        for (attempt, job) in jobs.withLock({ $0 }) {
            let requests = look(at: job)
            let new = jobs.withLock { jobs -> [String] in
                guard var known = jobs[attempt] else { return [] }
                known.seen.formUnion(requests.names)
                known.read.formUnion(requests.read)
                let new = requests.checks.filter {
                    known.checking.count < Outbox.mostRequests && !job.seen.contains($0)
                }
                known.checking.formUnion(new)
                known.waiting.formUnion(requests.questions)
                known.waiting.subtract(requests.answered)
                jobs[attempt] = known
                return new
            }
            new.forEach(job.hooks.check)
            if requests.isSplit { job.hooks.split() }
        }
    }

    private struct Found {
        var names: [String] = []
        var checks: [String] = []
        var questions: [String] = []
        var read: [String] = []
        var answered: [String] = []
        /// Whether the coordinator has accepted a split of the task.
        var isSplit = false
    }

    private func look(at job: LiveJob) -> Found {
        var found = Found()
        guard let outbox = try? MailDirectory(job.folder.outbox), let inbox = try? MailDirectory(job.folder.inbox)
        else {
            return found
        }
        for name in (try? outbox.names(limit: Self.mostListed)) ?? [] where !job.seen.contains(name) {
            found.names.append(name)
            if name.hasPrefix("check-") {
                found.checks.append(name)
            } else if name.hasPrefix("split-") {
                found.questions.append(name)
            } else if let bytes = try? outbox.read(name, limit: Self.largestFile),
                case .success(let (mail, _)) = OutgoingMail.parse(bytes), mail.kind == .question,
                mail.waitSeconds != nil
            {
                found.questions.append(name)
            }
        }
        for name in (try? inbox.names(limit: Self.mostListed)) ?? [] where !job.read.contains(name) {
            found.read.append(name)
            guard let bytes = try? inbox.read(name, limit: Self.largestFile),
                let mail = try? JSONDecoder().decode(IncomingMail.self, from: Data(bytes)), let ref = mail.ref
            else { continue }
            found.answered.append(ref)
            if mail.kind == "split", mail.passed == true { found.isSplit = true }
        }
        return found
    }
}
