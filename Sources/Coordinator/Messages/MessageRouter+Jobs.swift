import Jobs
import Model
import Synchronization

extension MessageRouter {
    /// Starts to route the messages of a job that is about to start. Blocks.
    func open(_ folder: JobFolder, for attempt: Attempt.ID, hooks: JobHooks) {
        let job = LiveJob(mail: JobMail(folder, redaction), hooks: hooks)
        state.withLock { $0.jobs[attempt] = job }
    }

    /// Reads the outbox for the last time, after the job has ended. Blocks.
    /// - Returns: the question that blocked the attempt; nil if its time was not used up.
    func close(_ attempt: Attempt.ID) -> Message? {
        collect(attempt, isLast: true)
        return state.withLock { state in
            guard let job = state.jobs.removeValue(forKey: attempt) else { return nil }
            let now = ContinuousClock.now
            // A job may give up a moment before the coordinator does.
            let over = job.waiting.filter { $0.value - now < Self.slack }.keys.min()
            return over.flatMap { id in state.questions[id] }
        }
    }

    /// Tolerance by which a waiting job may end before its limit.
    private static let slack = Duration.seconds(1)

    /// Reads the outbox of a job that an earlier coordinator has left. Blocks.
    func takeUp(_ attempt: Attempt.ID) {
        let none = JobHooks(blocked: {}, check: { _ in }, split: {})
        let job = LiveJob(mail: JobMail(folder(of: attempt), redaction, isOver: true), hooks: none)
        state.withLock { $0.jobs[attempt] = job }
        collect(attempt, isLast: true)
        state.withLock { $0.jobs[attempt] = nil }
    }

    /// Reads the outboxes of all running jobs once. Blocks. Without messages, it costs some microseconds per job.
    func sweep() {
        for attempt in state.withLock({ Array($0.jobs.keys) }) { collect(attempt, isLast: false) }
        answerForSilentTasks()
        let blocked = state.withLock { state in
            let now = ContinuousClock.now
            return state.jobs.values.filter { $0.waiting.contains { $0.value <= now } }.map(\.hooks.blocked)
        }
        for hook in blocked { hook() }
    }

    /// Answers the questions to tasks that will not answer themselves, so that nobody waits in vain.
    private func answerForSilentTasks() {
        let open = state.withLock { state in
            let running = Set(state.jobs.keys.map(\.task))
            return state.jobs.flatMap { attempt, job in
                job.asked.filter { !running.contains($0.value) }.map {
                    (asker: attempt, question: $0.key, task: $0.value)
                }
            }
        }
        for (asker, question, task) in open {
            guard let reason = register.silence(of: task, towards: asker.task) else { continue }
            state.withLock { $0.jobs[asker]?.asked[question] = nil }
            let body =
                "Nobody can answer question \(question): task \(task) \(reason). Ask the person in charge instead."
            let fact = compose(.answer, from: .coordinator, to: .task(asker.task), body: body, thread: question)
            if let fact { inbox.put(fact) }
        }
    }

    /// Reads outboxes and people's answers every 100 ms until cancelled.
    func keepSweeping() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(100))
            await blocking {
                self.sweep()
                self.takeAnswers()
            }
        }
    }

    /// Delivers the result of requested checks to a job, if it still runs. Blocks.
    func answerCheck(_ name: String, of attempt: Attempt.ID, passed: Bool, text: String) {
        let job = state.withLock { state in
            state.jobs[attempt]?.checking.remove(name)
            return state.jobs[attempt]?.mail
        }
        job?.deliver(IncomingMail("check", text, passed: passed, ref: name, time: .now))
        job?.finish(name)
    }

    /// Returns whether a job waits for an answer, for the result of its checks, or for the decision about a split.
    func isWaited(by attempt: Attempt.ID) -> Bool {
        state.withLock { state in
            guard let job = state.jobs[attempt] else { return false }
            return !job.waiting.isEmpty || !job.checking.isEmpty || !job.splitting.isEmpty
        }
    }

    private func collect(_ attempt: Attempt.ID, isLast: Bool) {
        guard let mail = state.withLock({ $0.jobs[attempt]?.mail }) else { return }
        mail.use { folders in
            let arrivals = folders.outbox?.collect(isLast: isLast) { name in
                let origin = Fact.Posted.Origin(task: attempt.task, attempt: attempt.number, file: name)
                return state.withLock { $0.origins.contains(origin) }
            }
            for arrival in arrivals ?? [] { take(arrival, from: attempt, isLast: isLast, &folders) }
            // A running job may repeat a refused message, so the person gets one warning, at the end.
            guard isLast, let refusals = folders.outbox?.takeRefusals(), !refusals.isEmpty else { return }
            warn(of: refusals, at: attempt)
        }
    }

    private func take(
        _ arrival: Outbox.Arrival, from attempt: Attempt.ID, isLast: Bool, _ folders: inout JobMail.Folders
    ) {
        switch arrival.content {
        case .check:
            let hook = state.withLock { state in
                let isNew = state.jobs[attempt]?.checking.insert(arrival.name).inserted == true
                return isNew ? state.jobs[attempt]?.hooks.check : nil
            }
            hook?(arrival.name)
        case .search(let words):
            let mail = IncomingMail(
                "search", found(words, for: attempt.task), passed: nil, ref: arrival.name, time: .now)
            _ = try? folders.inbox?.deliver(mail)
            folders.outbox?.finish(arrival.name)
        case .split(let bytes):
            takeSplit(bytes, file: arrival.name, from: attempt, isLast: isLast, &folders)
        case .mail(let mail):
            if repeats(mail, file: arrival.name, from: attempt, &folders) { return }
            if let objection = take(mail, file: arrival.name, from: attempt) {
                folders.outbox?.refuse(arrival.name, because: objection)
                // Whoever waits for an answer is told at once that none will come.
                guard mail.kind == .question else { return }
                let answer = "Nobody can answer this question: \(objection). Ask the person in charge instead."
                _ = try? folders.inbox?.deliver(
                    IncomingMail("answer", answer, passed: nil, ref: arrival.name, time: .now))
            }
        }
    }

    private func warn(of refusals: [String], at attempt: Attempt.ID) {
        let body = "attempt \(attempt.number) at \(attempt.task): " + refusals.joined(separator: "; ")
        guard let fact = compose(.warning, from: .coordinator, to: .human, body: body) else { return }
        inbox.putSoon(fact)
    }

    /// Matches a message with the same question of an earlier attempt at the task. That attempt was interrupted, and a
    /// person should not be asked twice.
    /// - Returns: false for any other message.
    private func repeats(
        _ mail: OutgoingMail, file: String, from attempt: Attempt.ID, _ folders: inout JobMail.Folders
    ) -> Bool {
        guard mail.kind == .question, let audience = audience(mail.to) else { return false }
        let known: Message?? = state.withLock { state in
            let question = state.questions.values.first { question in
                question.sender == .task(attempt.task) && question.body == mail.body && question.audience == audience
                    && state.originOf[question.id].map { $0.attempt < attempt.number } ?? true
            }
            guard let question else { return nil }
            let answer = state.mail.answer(to: question.id)
            state.originOf[question.id] = .init(task: attempt.task, attempt: attempt.number, file: file)
            if answer == nil { state.jobs[attempt]?.ask(question, wait: mail.waitSeconds) }
            return .some(answer)
        }
        guard let known else { return false }
        if let answer = known { _ = try? folders.inbox?.deliver(IncomingMail(answer, ref: file)) }
        folders.outbox?.finish(file)
        return true
    }

    /// Adds the sender and the time to a message, and logs it.
    /// - Returns: the reason for a refusal; nil if the message is accepted.
    private func take(_ mail: OutgoingMail, file: String, from attempt: Attempt.ID) -> String? {
        guard let audience = audience(mail.to) else { return "unknown recipient" }
        if mail.kind == .question, audience == .task(attempt.task) { return "it is a question to its own sender" }
        let question = mail.thread.flatMap { thread in state.withLock { $0.questions[thread] } }
        if mail.kind == .answer {
            guard let question, question.audience != .human, concerns(question, attempt.task) else {
                return "an answer to a question that its sender was not asked"
            }
        }
        let origin = Fact.Posted.Origin(task: attempt.task, attempt: attempt.number, file: file)
        return state.withLock { state in
            if let thread = mail.thread, thread < 1 || thread > state.lastID {
                return "a message refers to one that does not exist"
            }
            guard state.origins.insert(origin).inserted else { return nil }
            let message = Message(
                id: state.nextID(), kind: mail.kind, sender: .task(attempt.task), audience: audience, body: mail.body,
                files: mail.files, thread: mail.thread, time: .now)
            state.originOf[message.id] = origin
            if message.kind == .question {
                state.questions[message.id] = message
                state.jobs[attempt]?.ask(message, wait: mail.waitSeconds)
            }
            // Under the lock, so that messages are stored in the order of their numbers.
            inbox.put(.message(.init(message, origin: origin, wait: mail.waitSeconds)))
            return nil
        }
    }

    private func audience(_ word: String) -> Message.Audience? {
        switch word {
        case "everyone": .everyone
        case "dependents": .dependents
        case "human": .human
        default: register[TaskID(word)].map { .task($0.id) } ?? register.owner(of: word).map { .task($0) }
        }
    }
}

extension MessageRouter {
    /// Reads the messages of attempts without an end in the log, and people's answers, so that none is lost. Blocks.
    func takeUp(after events: [LoggedEvent]) {
        var open: Set<Attempt.ID> = []
        for event in events {
            switch event.body {
            case .decision(.start(let start)): open.insert(.init(task: start.task, number: start.attempt))
            case .fact(.foundDone(let fact)): open.remove(.init(task: fact.task, number: fact.attempt))
            case .fact(.attemptVerified(let fact)): open.remove(.init(task: fact.task, number: fact.attempt))
            case .fact(.attemptFailed(let fact)): open.remove(.init(task: fact.task, number: fact.attempt))
            case .fact(.attemptSplit(let fact)): open.remove(.init(task: fact.task, number: fact.attempt))
            default: break
            }
        }
        for attempt in open.sorted(by: { ($0.task, $0.number) < ($1.task, $1.number) }) { takeUp(attempt) }
        takeAnswers()
    }
}
