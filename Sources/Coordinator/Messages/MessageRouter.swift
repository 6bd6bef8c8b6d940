import Jobs
import Model
import Synchronization

/// A router that reads messages from jobs, numbers them and delivers them.
///
/// A message is delivered, and its file moved away, only after its fact is stored. So a killed coordinator leaves the
/// file or the fact, and a file that is read twice is recognised by its origin.
///
/// Methods that read or write mail folders block. They never do so while they hold the lock on `state`.
final class MessageRouter: JobMailRoutes {
    /// A running job whose messages are routed.
    struct LiveJob: Sendable {
        let mail: JobMail
        let hooks: JobHooks
        /// Questions that the attempt waits for, with their deadlines.
        var waiting: [Int: ContinuousClock.Instant] = [:]
        /// Questions of the attempt to other tasks that have no answer yet, with those tasks.
        var asked: [Int: TaskID] = [:]
        /// Names of requests whose checks are not finished.
        var checking: Set<String> = []
        /// Names of proposals to split the task that have no answer yet.
        var splitting: Set<String> = []

        /// Remembers a question of the attempt.
        mutating func ask(_ question: Message, wait: Double?) {
            if let wait { waiting[question.id] = .now + .seconds(wait) }
            if case .task(let task) = question.audience { asked[question.id] = task }
        }

        /// Forgets a question that has an answer now.
        mutating func end(_ question: Int?) {
            guard let question else { return }
            waiting[question] = nil
            asked[question] = nil
        }
    }

    struct State: Sendable {
        var mail = StoredMail()
        /// Files whose messages are stored or about to be.
        var origins: Set<Fact.Posted.Origin> = []
        /// Questions, stored or about to be.
        var questions: [Int: Message] = [:]
        /// The file of each message, by the message's number.
        var originOf: [Int: Fact.Posted.Origin] = [:]
        var jobs: [Attempt.ID: LiveJob] = [:]
        /// The last number that was assigned. Its message may not be stored yet.
        var lastID = 0

        mutating func nextID() -> Int {
            lastID += 1
            return lastID
        }
    }

    let run: RunID
    let rules: ContextRules
    let register: TaskRegister
    let inbox: FactInbox
    let lessons: LessonsFile?
    let jobsFolder: String
    let answersFolder: String
    /// The values that must not leave a job.
    let redaction: Redaction
    let state = Mutex(State())

    /// - Parameters:
    ///   - jobsFolder: absolute path of the folder with the job folders of all runs.
    ///   - lessonsPath: path of the plan's lessons file.
    ///   - answersFolder: path of the folder with people's answers.
    ///   - redaction: the values that must not leave a job.
    init(
        run: RunID, plan: Plan, register: TaskRegister, inbox: FactInbox, jobsFolder: String, lessonsPath: String,
        answersFolder: String, redaction: Redaction = .none
    ) {
        self.run = run
        self.register = register
        self.inbox = inbox
        self.jobsFolder = jobsFolder
        self.answersFolder = answersFolder
        self.redaction = redaction
        rules = plan.context
        lessons = plan.context.share == .file ? LessonsFile(path: lessonsPath, plan: plan.name) : nil
    }

    /// Updates the state with a fact of the log, old or new.
    func remember(_ fact: Fact) {
        guard case .message(let posted) = fact else { return }
        let message = posted.message
        state.withLock { state in
            state.lastID = max(state.lastID, message.id)
            state.mail.add(message)
            if message.kind == .question { state.questions[message.id] = message }
            if let origin = posted.origin {
                state.origins.insert(origin)
                state.originOf[message.id] = origin
            }
        }
    }

    /// Composes a message of the coordinator or of a person.
    /// - Returns: the fact to log; nil if the coordinator has already sent exactly this message.
    func compose(
        _ kind: Message.Kind, from sender: Message.Sender, to audience: Message.Audience, body: String,
        files: [String] = [], thread: Int? = nil, time: Timestamp = .now
    ) -> Fact? {
        state.withLock { state in
            if sender == .coordinator, state.mail.coordinatorHasSaid(body, to: audience) { return nil }
            return .message(
                .init(
                    Message(
                        id: state.nextID(), kind: kind, sender: sender, audience: audience, body: body, files: files,
                        thread: thread, time: time)))
        }
    }

    /// Tells the person something about the run, once.
    func note(_ text: String) {
        if let fact = compose(.warning, from: .coordinator, to: .human, body: text) { inbox.put(fact) }
    }

    /// Returns whether a message is for a task, by the plan's rules for sharing messages.
    func concerns(_ message: Message, _ task: TaskID) -> Bool {
        switch message.audience {
        case .task(let id): return id == task
        case .human: return false
        case .everyone: return sharesAll || message.sender == .human
        case .dependents:
            guard sharesAll, let sender = message.sendingTask else { return false }
            return register.needs(of: task).contains(sender)
        case .dependentsOf(let id): return sharesAll && register.needs(of: task).contains(id)
        }
    }

    private var sharesAll: Bool { rules.share == .messages || rules.share == .everything }

    /// Returns the messages for a task, latest first, without reading the messages to other tasks.
    func messages(for task: TaskID, in mail: StoredMail, limit: Int) -> [Message] {
        mail.messages(
            to: task, fromPeers: sharesAll, orDependentsOf: sharesAll ? register.needs(of: task) : [], limit: limit)
    }

    func folder(of attempt: Attempt.ID) -> JobFolder {
        JobFolder(existing: "\(jobsFolder)/\(run)/\(attempt.task)/\(attempt.number)")
    }
}

extension Message {
    /// The task that sent the message; nil for the coordinator and people.
    var sendingTask: TaskID? { if case .task(let id) = sender { id } else { nil } }
}
