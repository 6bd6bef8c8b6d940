import Jobs
import Model
import Synchronization

/// Takes messages in from jobs, numbers them, and gives them to those they are for.
///
/// A message counts once its fact is stored. Only then is its file moved away and anybody given it. So a coordinator
/// that is killed at any moment leaves either the file or the fact, and a file that is seen twice is known by its origin.
///
/// Methods that read or write mail folders block. None of them does so while it holds the lock on `state`.
final class MessageRouter: Sendable {
    /// What the router asks of whoever runs a job.
    struct Hooks: Sendable {
        /// A question has had no answer in time: the job is to end.
        var blocked: @Sendable () -> Void
        /// The job wants its checks run. The request's name goes into the answer.
        var check: @Sendable (String) -> Void
    }

    /// A job whose mail is carried while it runs.
    struct LiveJob: Sendable {
        let mail: JobMail
        let hooks: Hooks
        /// Questions that the attempt waits for, and until when.
        var waiting: [Int: ContinuousClock.Instant] = [:]
        /// Requests for checks that are under way.
        var checking: Set<String> = []
    }

    struct State: Sendable {
        var mail = StoredMail()
        /// Files whose messages are stored or about to be.
        var origins: Set<Fact.Posted.Origin> = []
        /// Questions, stored or about to be.
        var questions: [Int: Message] = [:]
        /// The files that messages came in, by the message's number.
        var originOf: [Int: Fact.Posted.Origin] = [:]
        var jobs: [Attempt.ID: LiveJob] = [:]
        /// Numbers that have been given out, for messages that are not stored yet too.
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
    ///   - jobsFolder: absolute path of the folder of all runs' job folders.
    ///   - lessonsPath: of the plan's lessons file.
    ///   - answersFolder: where people's answers lie.
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

    /// Takes in a fact of the log, old or new.
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

    /// Composes a message of the coordinator itself or of a person, for the log.
    /// - Returns: nil if the coordinator has said exactly this before.
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

    /// Whether a message is for a task, as the plan shares messages.
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

    /// The messages for a task, the latest first. Only those that could be for it are looked at.
    func messages(for task: TaskID, in mail: StoredMail, limit: Int) -> [Message] {
        mail.messages(
            to: task, fromPeers: sharesAll, orDependentsOf: sharesAll ? register.needs(of: task) : [], limit: limit)
    }

    func folder(of attempt: Attempt.ID) -> JobFolder {
        JobFolder(existing: "\(jobsFolder)/\(run)/\(attempt.task)/\(attempt.number)")
    }
}

extension Message {
    /// The task that has sent it; nil for the coordinator and people.
    var sendingTask: TaskID? { if case .task(let id) = sender { id } else { nil } }
}
