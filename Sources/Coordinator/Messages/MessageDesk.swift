import Jobs
import Model
import Synchronization

/// Where all messages of a run pass: taken in from jobs, numbered, given to those they are for.
///
/// A message counts once its fact is stored; only then is its file moved away and anybody given it. So a coordinator
/// that is killed at any moment leaves either the file or the fact, and what is left twice is known by its origin.
final class MessageDesk: Sendable {
    struct JobKey: Hashable, Sendable {
        var task: TaskID
        var attempt: Int
    }

    /// A job whose mail is carried while it runs.
    struct LiveJob: Sendable {
        var folder: JobFolder
        var outbox: Outbox?
        var inbox: Inbox?
        /// Questions that the attempt waits for, and until when.
        var waiting: [Int: ContinuousClock.Instant] = [:]
        /// Requests for checks that are under way.
        var checking: Set<String> = []
        var hooks: Hooks
    }

    /// What the desk asks of who runs the job.
    struct Hooks: Sendable {
        /// A question has had no answer in time: the job is to end.
        var blocked: @Sendable () -> Void
        /// The job wants its checks run; the request's name goes into the answer.
        var check: @Sendable (String) -> Void
    }

    struct State: Sendable {
        /// By number, from 1.
        var messages: [Message] = []
        var origins: Set<Fact.Posted.Origin> = []
        /// Questions, stored or about to be.
        var questions: [Int: Message] = [:]
        var origin: [Int: Fact.Posted.Origin] = [:]
        var jobs: [JobKey: LiveJob] = [:]
        var neighbourhood: TaskNeighbourhood
        var tasks: [TaskID: MigrationTask]
        /// The task that a file belongs to.
        var owners: [String: TaskID] = [:]
        /// How each task has failed so far.
        var failures: [TaskID: Set<Failure.Kind>] = [:]
        /// Of tasks that have landed: paths and reason.
        var landed: [TaskID: (paths: [String], reason: String)] = [:]
        /// The order in which they landed.
        var landingOrder: [TaskID] = []
        var verified: [TaskID: (paths: [String], reason: String)] = [:]
        /// Numbers that have been given out; those that are not stored yet are among them.
        var lastID = 0

        init(_ tasks: [MigrationTask]) {
            neighbourhood = TaskNeighbourhood(tasks)
            self.tasks = Dictionary(tasks.map { ($0.id, $0) }) { first, _ in first }
            for task in tasks {
                for file in task.files where owners[file] == nil { owners[file] = task.id }
            }
        }

        mutating func nextID() -> Int {
            lastID += 1
            return lastID
        }
    }

    let run: RunID
    let rules: ContextRules
    let inbox: FactInbox
    let lessons: LessonsFile?
    let jobsFolder: String
    let answersFolder: String
    let state: Mutex<State>

    init(
        run: RunID, plan: Plan, tasks: [MigrationTask], inbox: FactInbox, jobsFolder: String, lessonsPath: String,
        answersFolder: String
    ) {
        self.answersFolder = answersFolder
        self.run = run
        rules = plan.context
        self.inbox = inbox
        self.jobsFolder = jobsFolder
        lessons = plan.context.share == .file ? LessonsFile(path: lessonsPath, plan: plan.name) : nil
        state = Mutex(State(tasks))
    }

    func task(_ id: TaskID) -> MigrationTask? { state.withLock { $0.tasks[id] } }

    /// Takes in a fact of the log, old or new.
    func remember(_ fact: Fact) {
        state.withLock { state in
            switch fact {
            case .message(let posted):
                let message = posted.message
                state.lastID = max(state.lastID, message.id)
                state.messages.append(message)
                if message.kind == .question { state.questions[message.id] = message }
                if let origin = posted.origin {
                    state.origins.insert(origin)
                    state.origin[message.id] = origin
                }
            case .tasksAdded(let added):
                state.neighbourhood.add(added.tasks)
                for task in added.tasks where state.tasks[task.id] == nil {
                    state.tasks[task.id] = task
                    for file in task.files where state.owners[file] == nil { state.owners[file] = task.id }
                }
            case .attemptFailed(let failed): state.failures[failed.task, default: []].insert(failed.failure.kind)
            case .candidateFailed(let failed):
                if let task = failed.task { state.failures[task, default: []].insert(failed.failure.kind) }
            case .attemptVerified(let verified):
                state.verified[verified.task] = (verified.changes.map(\.path), verified.reason)
            case .landed(let landed):
                for commit in landed.commits {
                    state.landed[commit.task] = state.verified.removeValue(forKey: commit.task) ?? ([], "")
                    state.landingOrder.append(commit.task)
                }
            default: break
            }
        }
    }

    /// A message of the coordinator itself or of a person, to be put into the log.
    /// - Returns: nil if exactly this was said before.
    func compose(
        _ kind: Message.Kind, from sender: Message.Sender, to audience: Message.Audience, _ body: String,
        files: [String] = [], thread: Int? = nil, time: Timestamp = .now
    ) -> Fact? {
        state.withLock { state in
            if sender == .coordinator, state.messages.contains(where: { $0.body == body && $0.audience == audience }) {
                return nil
            }
            return .message(
                .init(
                    Message(
                        id: state.nextID(), kind: kind, sender: sender, audience: audience, body: body, files: files,
                        thread: thread, time: time)))
        }
    }

    /// The events are on the disk: files are moved away, and who is at work is given what is new.
    func stored(_ events: [LoggedEvent]) {
        var given: [JobKey: [Int]] = [:]
        for event in events {
            guard case .fact(.message(let posted)) = event.body else { continue }
            state.withLock { state in
                finish(posted.origin, &state)
                for key in deliver(posted.message, &state) { given[key, default: []].append(posted.message.id) }
            }
            lessons?.add(posted.message)
        }
        for (key, messages) in given {
            inbox.putSoon(
                .messagesGiven(.init(task: key.task, attempt: key.attempt, messages: messages, way: .inbox)))
        }
    }

    private func finish(_ origin: Fact.Posted.Origin?, _ state: inout State) {
        guard let origin else { return }
        if origin.task == Self.person { return finishAnswer(origin.file) }
        let key = JobKey(task: origin.task, attempt: origin.attempt)
        if let outbox = state.jobs[key]?.outbox {
            outbox.finish(origin.file)
        } else if let outbox = try? Outbox(folder(of: key)) {
            outbox.finish(origin.file)
        }
    }

    func folder(of key: JobKey) -> JobFolder { JobFolder(existing: "\(jobsFolder)/\(run)/\(key.task)/\(key.attempt)") }

    /// Puts a message into the inboxes of those at work whom it is for.
    private func deliver(_ message: Message, _ state: inout State) -> [JobKey] {
        if message.kind == .answer {
            for key in Array(state.jobs.keys) { state.jobs[key]?.waiting[message.thread] = nil }
        }
        guard message.audience != .human else { return [] }
        return Array(state.jobs.keys).filter { key in
            guard concerns(message, key.task, state), sender(of: message) != key.task else { return false }
            let question = state.origin[message.thread]
            let isOwn = question?.task == key.task && question?.attempt == key.attempt
            let mail = IncomingMail(message, ref: isOwn ? question?.file : nil)
            return (try? state.jobs[key]?.inbox?.deliver(mail)) ?? false
        }
    }

    func sender(of message: Message) -> TaskID? { if case .task(let id) = message.sender { id } else { nil } }

    /// Whether a message is for a task, as the plan shares messages.
    func concerns(_ message: Message, _ task: TaskID, _ state: State) -> Bool {
        switch message.audience {
        case .task(let id): return id == task
        case .human: return false
        case .everyone: return sharesAll || message.sender == .human
        case .dependents:
            guard sharesAll, let sender = sender(of: message) else { return false }
            return state.neighbourhood.needs(of: task).contains(sender)
        case .dependentsOf(let id): return sharesAll && state.neighbourhood.needs(of: task).contains(id)
        }
    }

    private var sharesAll: Bool { rules.share == .messages || rules.share == .everything }
}
