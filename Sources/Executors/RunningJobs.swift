import Foundation
import Jobs
package import Model
import Synchronization

/// The jobs on one executor. While there are any, it asks for all of them at once, again and again.
package final class RunningJobs: Sendable {
    /// What the caller of a job is told while it runs.
    package struct Listener: Sendable {
        /// Returns the files for the inbox that the job does not have yet.
        package var outgoing: @Sendable () -> [String: [UInt8]]
        /// Called when these files are in the inbox.
        package var delivered: @Sendable ([String]) -> Void
        /// Stores new files of the outbox, and returns the names of the stored files.
        package var incoming: @Sendable ([String: [UInt8]]) -> [String]
        package var news: @Sendable ([JobNews]) -> Void
        /// Called while the executor has not started the job.
        package var queued: @Sendable () -> Void = {}

        package init(
            outgoing: @escaping @Sendable () -> [String: [UInt8]],
            delivered: @escaping @Sendable ([String]) -> Void,
            incoming: @escaping @Sendable ([String: [UInt8]]) -> [String],
            news: @escaping @Sendable ([JobNews]) -> Void
        ) {
            self.outgoing = outgoing
            self.delivered = delivered
            self.incoming = incoming
            self.news = news
        }

        /// For a job that has no mail.
        package static let silent = Listener(
            outgoing: { [:] }, delivered: { _ in }, incoming: { _ in [] }, news: { _ in })
    }

    /// How a job ended, as far as the executor knows.
    package enum Ending: Sendable, Equatable {
        case ended
        case lost(reason: String)
        case failed(Failure.Kind, reason: String)
        case cancelled
    }

    private struct Job {
        let listener: Listener
        var newsRead = 0
        var stored: [String] = []
        /// The time during which this machine sleeps does not count as silence of the other one.
        var lastAnswer = SuspendingClock.now
        var ending: Ending?
        var waiter: CheckedContinuation<Ending, Never>?
    }

    package let executor: any Executor
    private let jobs = Mutex<[Ticket: Job]>([:])
    /// Machines that are being asked.
    private let asked = Mutex<Set<String>>([])
    /// Asks while there are jobs; nil if there are none.
    private let asking = Mutex<Task<Void, Never>?>(nil)
    private let pause: Duration

    /// - Parameter pause: between two requests to a machine.
    package init(_ executor: any Executor, pause: Duration = .milliseconds(500)) {
        self.executor = executor
        self.pause = pause
    }

    /// Waits until a job has ended, was lost, or the calling task is cancelled.
    package func follow(_ ticket: Ticket, _ listener: Listener) async -> Ending {
        jobs.withLock { $0[ticket] = Job(listener: listener) }
        startAsking()
        let ending = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known = jobs.withLock { jobs -> Ending? in
                    if let ending = jobs[ticket]?.ending { return ending }
                    jobs[ticket]?.waiter = continuation
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            end(ticket, .cancelled)
        }
        jobs.withLock { $0[ticket] = nil }
        return ending
    }

    private func end(_ ticket: Ticket, _ ending: Ending) {
        let waiter = jobs.withLock { jobs -> CheckedContinuation<Ending, Never>? in
            guard jobs[ticket]?.ending == nil else { return nil }
            jobs[ticket]?.ending = ending
            defer { jobs[ticket]?.waiter = nil }
            return jobs[ticket]?.waiter
        }
        waiter?.resume(returning: ending)
    }

    /// Asks the machines as long as there are jobs. One that answers slowly keeps no other from being asked.
    private func startAsking() {
        asking.withLock { asking in
            guard asking == nil else { return }
            asking = Task { await askAll() }
        }
    }

    private func askAll() async {
        await withDiscardingTaskGroup { group in
            repeat {
                try? await Task.sleep(for: pause)
                for machine in takeMachines() { group.addTask { await self.ask(machine) } }
            } while !stopsAsking()
        }
    }

    /// Whether no job is left to ask for. The next job then starts the asking again.
    private func stopsAsking() -> Bool {
        asking.withLock { asking in
            guard jobs.withLock(\.isEmpty) else { return false }
            asking = nil
            return true
        }
    }

    /// Returns the machines with open jobs that are not being asked.
    private func takeMachines() -> [String] {
        let machines = jobs.withLock { Set($0.filter { $0.value.ending == nil }.map(\.key.machine)) }
        return asked.withLock { asked in machines.filter { asked.insert($0).inserted } }
    }

    /// Asks a machine once for all its jobs.
    private func ask(_ machine: String) async {
        defer { asked.withLock { _ = $0.remove(machine) } }
        let open = jobs.withLock { $0.filter { $0.key.machine == machine && $0.value.ending == nil } }
        guard !open.isEmpty else { return }
        var sent: [Ticket: [String]] = [:]
        let exchanges = open.map { ticket, job in
            let inbox = job.listener.outgoing()
            sent[ticket] = Array(inbox.keys)
            return Exchange(ticket: ticket, newsRead: job.newsRead, stored: job.stored, inbox: inbox)
        }
        let answers = await executor.exchange(exchanges)
        for (ticket, answer) in answers {
            guard let job = open[ticket] else { continue }
            take(answer, of: ticket, job, sent: sent[ticket] ?? [])
        }
    }

    private func take(_ answer: Exchanged, of ticket: Ticket, _ job: Job, sent: [String]) {
        if case .unknown(let reason) = answer.state {
            let silence = SuspendingClock.now - job.lastAnswer
            guard silence > .seconds(executor.settings.lease) else { return }
            end(ticket, .lost(reason: "\(reason); no answer for \(Int(silence / .seconds(1))) s"))
            return
        }
        if !sent.isEmpty { job.listener.delivered(sent) }
        let lines = answer.news.split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONDecoder().decode(JobNews.self, from: Data($0))
        }
        if !lines.isEmpty { job.listener.news(lines) }
        let stored = answer.outbox.isEmpty ? [] : job.listener.incoming(answer.outbox)
        jobs.withLock { jobs in
            jobs[ticket]?.newsRead += answer.news.count
            jobs[ticket]?.stored = stored
            jobs[ticket]?.lastAnswer = .now
        }
        switch answer.state {
        // What it wrote last is asked for before the end counts.
        case .ended where answer.news.isEmpty && answer.outbox.isEmpty: end(ticket, .ended)
        case .lost(let reason): end(ticket, .lost(reason: reason))
        case .failed(let kind, let reason): end(ticket, .failed(kind, reason: reason))
        case .queued: job.listener.queued()
        case .ended, .running, .unknown: break
        }
    }
}
