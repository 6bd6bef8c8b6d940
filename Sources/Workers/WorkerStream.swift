package import Jobs
package import Model

/// The state of one attempt, as read from its output so far.
package struct WorkerStream: Sendable {
    /// Why to stop the worker before its process ends.
    package enum Reason: Sendable, Equatable {
        /// It reported its end. Its process may take a moment to exit.
        case finished
        /// It exceeded a limit, such as "20 turns".
        case overLimit(String)
        /// It repeated one call, or alternated between two.
        case repeating(call: String, times: Int)
        /// It waits for its provider too long, and blocks its slot.
        case waiting(after: Double?, status: Int?)
    }

    /// Usage since the start of the attempt; nil if nothing was reported.
    package private(set) var usage: Usage?
    /// Number of answers of the model.
    package private(set) var turns = 0
    /// Requests to the model: those told, or one for each answer.
    package var requests: Int { max(turns, toldRequests) }
    package private(set) var toolCalls = 0
    package private(set) var toolErrors = 0
    /// Tools that were denied, each once, in the order of the first denial.
    package private(set) var denied: [String] = []
    package private(set) var session: String?
    package private(set) var result: WorkerResult?
    /// The last text of the model.
    package private(set) var lastText = ""
    /// The refusal after which the program is waiting, if any.
    package private(set) var lastRetry: (after: Double?, status: Int?)?
    /// What the program waits for, as far as its events tell.
    package private(set) var waitsFor = "the model's first answer"
    /// Whether a missing finish event means failure.
    package let tellsItsEnd: Bool

    private var dialect: any EventDialect
    private var splitter: LineSplitter
    private let limits: Worker.Limits
    private let prices: TokenPrices?
    private let redaction: Redaction
    private var toldRequests = 0
    private var retriesInARow = 0
    private var repetition = RepetitionDetector()

    /// Seconds of a wait that costs less than a restart of the worker.
    static let longestWait: Double = 20
    /// Number of refusals in a row after which the provider counts as unavailable.
    static let mostRetries = 4
    /// Maximum number of denied tools to list.
    private static let mostDenied = 20

    /// - Parameters:
    ///   - before: usage reported by an earlier process of the conversation.
    ///   - redaction: the values that must not leave the job.
    package init?(
        _ worker: Worker, before: Usage? = nil, redacted redaction: Redaction = .none,
        longestLine: Int = LineSplitter.longestLine
    ) {
        guard let dialect = worker.events?.dialect else { return nil }
        self.dialect = dialect.init(before: before)
        tellsItsEnd = dialect.tellsItsEnd
        splitter = LineSplitter(limit: longestLine)
        limits = worker.limits
        prices = worker.prices
        self.redaction = redaction
    }

    /// Number of lines that were too long to read.
    package var droppedLines: Int { splitter.dropped }

    /// Reads further output.
    ///
    /// - Returns: its events, in order.
    package mutating func take(_ bytes: [UInt8]) -> [WorkerEvent] { read(splitter.take(bytes)) }

    /// Reads the rest at the end of the output.
    package mutating func end() -> [WorkerEvent] { read(splitter.end()) }

    private mutating func read(_ lines: [[UInt8]]) -> [WorkerEvent] {
        var all: [WorkerEvent] = []
        for line in lines {
            // Before a dialect shortens a text, which would leave a part of a value; and after it has read escapes.
            for event in dialect.read(redaction.bytes(line)) {
                all.append(count(event.map { OutsideText.lines(redaction.text($0)) }))
            }
        }
        return all
    }

    private static let nextAnswer = "the model's next answer"
    /// The tools that have the coordinator run the task's checks.
    private static let checkTools: Set = ["run_checks", "check", "mcp__orchestrate__check", "orchestrate.check"]

    private mutating func follow(_ event: WorkerEvent) {
        switch event {
        case .toolUse(let name, _):
            waitsFor = Self.checkTools.contains(name) ? "the task's checks" : "its tool '\(name)'"
        case .retry(_, let status):
            waitsFor = "its provider" + (status.map { ", which refused with \($0)" } ?? ", after a broken connection")
        case .request: if turns > 0 { waitsFor = Self.nextAnswer }
        case .turn, .toolResult: waitsFor = Self.nextAnswer
        case .text, .denied, .usage, .session, .finished: break
        }
    }

    /// Counts an event. Returns it, with its cost added if prices are known.
    private mutating func count(_ event: WorkerEvent) -> WorkerEvent {
        follow(event)
        switch event {
        case .request: toldRequests += 1
        case .retry(let seconds, let status):
            retriesInARow += 1
            lastRetry = (seconds, status)
            return event
        case .text(let text):
            lastText = text
        case .toolUse(let name, let input):
            toolCalls += 1
            if dialect.tellsWholeCalls(of: name) {
                repetition.take(name, input)
            } else {
                repetition = RepetitionDetector()
            }
        case .toolResult(let isError):
            if isError { toolErrors += 1 }
        case .denied(let tool):
            if !denied.contains(tool), denied.count < Self.mostDenied { denied.append(tool) }
        case .turn:
            turns += 1
            retriesInARow = 0
            lastRetry = nil
        case .usage(var told):
            if told.usd == nil, let prices { told.usd = prices.cost(of: told) }
            let sum = told.notBelow(usage)
            usage = sum
            return .usage(sum)
        case .session(let name): session = name
        case .finished(let told): result = told
        }
        return event
    }

    /// Why to stop the worker now; nil to continue.
    package var reasonToEnd: Reason? {
        // A program that stops by itself at the limit has given exactly this many answers, so only one more counts.
        if let limit = limits.turns, turns > limit { return .overLimit("\(limit) turns") }
        if let limit = limits.usd, let usd = usage?.usd, usd > limit { return .overLimit("\(limit) USD") }
        if let limit = limits.tokens, let tokens = usage?.tokens, tokens > limit {
            return .overLimit("\(limit) tokens")
        }
        if result != nil { return .finished }
        if let call = repetition.call { return .repeating(call: call, times: RepetitionDetector.most) }
        guard let retry = lastRetry else { return nil }
        if retriesInARow >= Self.mostRetries || (retry.after ?? 0) > Self.longestWait {
            return .waiting(after: retry.after, status: retry.status)
        }
        return nil
    }
}
