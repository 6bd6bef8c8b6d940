import Jobs
import Model
import Prompts
import Synchronization

extension MessageDesk {
    /// Begins to carry the mail of a job that is about to start.
    func open(_ folder: JobFolder, _ key: JobKey, hooks: Hooks) {
        let job = LiveJob(folder: folder, outbox: try? Outbox(folder), inbox: try? Inbox(folder), hooks: hooks)
        state.withLock { $0.jobs[key] = job }
    }

    /// Looks into the outbox for the last time, after the job has ended.
    /// - Returns: the question that the attempt is blocked by, if it waited for one to the end.
    func close(_ key: JobKey) -> Message? {
        state.withLock { state in
            collect(key, isLast: true, &state)
            guard let job = state.jobs.removeValue(forKey: key) else { return nil }
            let now = ContinuousClock.now
            // A job may give up a moment before the coordinator does.
            let over = job.waiting.filter { $0.value - now < Self.slack }.keys.min()
            return over.flatMap { id in state.questions[id] }
        }
    }

    /// How much sooner than the limit a job that waits may end.
    private static let slack = Duration.seconds(1)

    /// What is in the outbox of a job that an earlier coordinator left behind.
    func takeUp(_ key: JobKey) {
        let folder = folder(of: key)
        let none = Hooks(blocked: {}, check: { _ in })
        state.withLock { state in
            guard let outbox = try? Outbox(folder) else { return }
            state.jobs[key] = LiveJob(folder: folder, outbox: outbox, inbox: nil, hooks: none)
            collect(key, isLast: true, &state)
            state.jobs[key] = nil
        }
    }

    /// Looks into the outboxes of all jobs at work once. Costs some microseconds a job while there is nothing.
    func sweep() {
        let blocked = state.withLock { state -> [@Sendable () -> Void] in
            let now = ContinuousClock.now
            var blocked: [@Sendable () -> Void] = []
            for key in Array(state.jobs.keys) {
                collect(key, isLast: false, &state)
                if let job = state.jobs[key], job.waiting.contains(where: { $0.value <= now }) {
                    blocked.append(job.hooks.blocked)
                }
            }
            return blocked
        }
        for hook in blocked { hook() }
    }

    /// Sweeps until it is cancelled, often enough that nobody waits for a second.
    func keepSweeping() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(100))
            await blocking {
                self.sweep()
                self.takeAnswers()
            }
        }
    }

    /// Puts what came of a job's request for checks into its inbox, if it still runs.
    func answerCheck(_ name: String, _ key: JobKey, passed: Bool, _ text: String) {
        let mail = IncomingMail("check", text, passed: passed, ref: name, time: .now)
        state.withLock { state in
            _ = try? state.jobs[key]?.inbox?.deliver(mail)
            state.jobs[key]?.outbox?.finish(name)
            state.jobs[key]?.checking.remove(name)
        }
    }

    /// Whether a job has asked for something that it has not been given yet: an answer, or what its checks say.
    func isWaited(by key: JobKey) -> Bool {
        state.withLock { state in
            guard let job = state.jobs[key] else { return false }
            return !job.waiting.isEmpty || !job.checking.isEmpty
        }
    }

    private func collect(_ key: JobKey, isLast: Bool, _ state: inout State) {
        guard var outbox = state.jobs[key]?.outbox else { return }
        let origins = state.origins
        let arrivals = outbox.collect(isLast: isLast) { name in
            origins.contains(.init(task: key.task, attempt: key.attempt, file: name))
        }
        for arrival in arrivals {
            switch arrival.content {
            case .check:
                if state.jobs[key]?.checking.insert(arrival.name).inserted == true {
                    state.jobs[key]?.hooks.check(arrival.name)
                }
            case .search(let words):
                let mail = IncomingMail(
                    "search", found(words, key.task, state), passed: nil, ref: arrival.name, time: .now)
                _ = try? state.jobs[key]?.inbox?.deliver(mail)
                outbox.finish(arrival.name)
            case .mail(let mail):
                if let objection = take(mail, arrival.name, key, &state) {
                    outbox.refuse(arrival.name, because: objection)
                }
            }
        }
        // While the job runs the same thing may be refused over and over; the person hears of it once, at the end.
        if isLast {
            let refusals = outbox.takeRefusals()
            if !refusals.isEmpty { warn(of: refusals, key, &state) }
        }
        state.jobs[key]?.outbox = outbox
    }

    private static let mostFound = 20

    /// The latest messages for a task that hold all words, as text.
    private func found(_ words: String, _ task: TaskID, _ state: State) -> String {
        let terms = words.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
        let messages = state.messages.reversed().lazy.filter { message in
            let text = (message.body + " " + message.files.joined(separator: " ")).lowercased()
            return self.concerns(message, task, state) && terms.allSatisfy { text.contains($0) }
        }
        let lines = messages.prefix(Self.mostFound).map { message in
            "[\(message.id)] \(message.kind.rawValue) from \(self.sender(of: message)?.rawValue ?? "coordinator or human")\n"
                + DataFence.barred(message.body)
        }
        return lines.isEmpty ? "no message holds these words" : Array(lines).joined(separator: "\n")
    }

    private func warn(of refusals: [String], _ key: JobKey, _ state: inout State) {
        let body = "attempt \(key.attempt) at \(key.task): " + refusals.joined(separator: "; ")
        guard !state.messages.contains(where: { $0.body == body && $0.sender == .coordinator }) else { return }
        inbox.putSoon(
            .message(
                .init(
                    Message(
                        id: state.nextID(), kind: .warning, sender: .coordinator, audience: .human, body: body,
                        time: .now))))
    }

    /// Stamps a message with who sent it and when, and puts it into the log.
    /// - Returns: why it is refused, if it is.
    private func take(_ mail: OutgoingMail, _ file: String, _ key: JobKey, _ state: inout State) -> String? {
        guard let audience = audience(mail.to, state) else { return "a message was for nobody this run knows" }
        if let thread = mail.thread, thread < 1 || thread > state.lastID {
            return "a message was about one that does not exist"
        }
        if mail.kind == .answer {
            guard let asked = mail.thread.flatMap({ state.questions[$0] }), asked.audience != .human,
                concerns(asked, key.task, state)
            else { return "an answer was to a question that was not asked of its sender" }
        }
        let message = Message(
            id: state.nextID(), kind: mail.kind, sender: .task(key.task), audience: audience, body: mail.body,
            files: mail.files, thread: mail.thread, time: .now)
        let origin = Fact.Posted.Origin(task: key.task, attempt: key.attempt, file: file)
        state.origins.insert(origin)
        state.origin[message.id] = origin
        if message.kind == .question {
            state.questions[message.id] = message
            if let wait = mail.waitSeconds { state.jobs[key]?.waiting[message.id] = .now + .seconds(wait) }
        }
        inbox.put(.message(.init(message, origin: origin, wait: mail.waitSeconds)))
        return nil
    }

    private func audience(_ word: String, _ state: State) -> Message.Audience? {
        switch word {
        case "everyone": .everyone
        case "dependents": .dependents
        case "human": .human
        default:
            state.tasks[TaskID(word)].map { .task($0.id) } ?? state.owners[word].map { .task($0) }
        }
    }
}

extension MessageDesk {
    /// Looks into the outboxes of the attempts whose end the log does not tell: their messages are not lost.
    func takeUp(after events: [LoggedEvent]) {
        var open: Set<JobKey> = []
        for event in events {
            switch event.body {
            case .decision(.start(let start)): open.insert(.init(task: start.task, attempt: start.attempt))
            case .fact(.foundDone(let fact)): open.remove(.init(task: fact.task, attempt: fact.attempt))
            case .fact(.attemptVerified(let fact)): open.remove(.init(task: fact.task, attempt: fact.attempt))
            case .fact(.attemptFailed(let fact)): open.remove(.init(task: fact.task, attempt: fact.attempt))
            default: break
            }
        }
        for key in open.sorted(by: { ($0.task, $0.attempt) < ($1.task, $1.attempt) }) { takeUp(key) }
        takeAnswers()
    }
}
