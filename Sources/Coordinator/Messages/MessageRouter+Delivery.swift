import Jobs
import Model
import Synchronization

extension MessageRouter {
    /// Delivers stored messages to the running jobs, and moves the messages' files away.
    ///
    /// Blocks if the events contain messages.
    func deliver(_ events: [LoggedEvent]) {
        var given: [Attempt.ID: [Int]] = [:]
        for event in events {
            guard case .fact(.message(let posted)) = event.body else { continue }
            finish(posted.origin)
            for attempt in deliver(posted.message) { given[attempt, default: []].append(posted.message.id) }
            lessons?.add(posted.message)
        }
        for (attempt, messages) in given {
            inbox.putSoon(
                .messagesGiven(
                    .init(task: attempt.task, attempt: attempt.number, messages: messages, way: .inbox)))
        }
    }

    private func finish(_ origin: Fact.Posted.Origin?) {
        guard let origin else { return }
        if origin.task == Self.person { return finishAnswer(origin.file) }
        let attempt = Attempt.ID(task: origin.task, number: origin.attempt)
        let live = state.withLock { $0.jobs[attempt]?.mail }
        (live ?? JobMail(folder(of: attempt), redaction, isOver: true)).finish(origin.file)
    }

    /// The delivery of a message to one inbox.
    private struct Delivery {
        let attempt: Attempt.ID
        let mail: JobMail
        /// The job's own file that started the thread.
        let ref: String?
    }

    /// Delivers a message to the running attempts that it is for.
    /// - Returns: the attempts that have it now.
    private func deliver(_ message: Message) -> [Attempt.ID] {
        let open = state.withLock { state in
            if message.kind == .answer {
                for attempt in Array(state.jobs.keys) { state.jobs[attempt]?.end(message.thread) }
            }
            guard message.audience != .human else { return [Delivery]() }
            let question = state.originOf[message.thread]
            return state.jobs.map { attempt, job in
                let isOwn = question?.task == attempt.task && question?.attempt == attempt.number
                return Delivery(attempt: attempt, mail: job.mail, ref: isOwn ? question?.file : nil)
            }
        }
        return open.filter { delivery in
            guard message.sendingTask != delivery.attempt.task, concerns(message, delivery.attempt.task) else {
                return false
            }
            return delivery.mail.deliver(IncomingMail(message, ref: delivery.ref))
        }.map(\.attempt)
    }
}
