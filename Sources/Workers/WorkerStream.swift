package import Model

/// What the output of one attempt has told so far.
package struct WorkerStream: Sendable {
    /// Why the worker is to be ended before its process ends.
    package enum Reason: Sendable, Equatable {
        /// It has said that it is done; its process may take a moment to end.
        case finished
        /// It used up what it was given; the text says of what.
        case overLimit(String)
        /// It made the same call again and again, or two in turn.
        case repeating(call: String, times: Int)
        /// It only waits for its provider, which others would use the slot better for.
        case waiting(after: Double?, status: Int?)
    }

    /// What was used since the attempt began; nil where nothing is told.
    package private(set) var usage: Usage?
    /// Answers of the model.
    package private(set) var turns = 0
    package private(set) var toolCalls = 0
    package private(set) var toolErrors = 0
    /// Tools that the model was not let use, each once, in the order of their first refusal.
    package private(set) var denied: [String] = []
    package private(set) var session: String?
    package private(set) var result: WorkerResult?
    /// The last thing the model said.
    package private(set) var lastText = ""
    /// The refusal that the program was waiting after when it last spoke.
    package private(set) var lastRetry: (after: Double?, status: Int?)?
    /// Whether every proper end is told, so that an end that is not told is none.
    package let tellsItsEnd: Bool

    private var dialect: any EventDialect
    private var splitter: LineSplitter
    private let limits: Worker.Limits
    private let prices: TokenPrices?
    private var retriesInARow = 0
    private var repetition = Repetition()

    /// A refusal that is waited for no longer than this costs less than another start of the worker.
    static let longestWait: Double = 20
    /// Refusals in a row after which the provider is taken to be down.
    static let mostRetries = 4
    /// Tools that are named; there are hardly more.
    private static let mostDenied = 20

    /// - Parameter before: what an earlier process of the conversation has told as used.
    package init?(_ worker: Worker, before: Usage? = nil, longestLine: Int = LineSplitter.longestLine) {
        guard let dialect = worker.events?.dialect else { return nil }
        self.dialect = dialect.init(before: before)
        tellsItsEnd = dialect.tellsItsEnd
        splitter = LineSplitter(limit: longestLine)
        limits = worker.limits
        prices = worker.prices
    }

    /// Lines that were too long to be read.
    package var droppedLines: Int { splitter.dropped }

    /// Takes in what was written since.
    ///
    /// - Returns: what it tells, in its order.
    package mutating func take(_ bytes: [UInt8]) -> [WorkerEvent] { read(splitter.take(bytes)) }

    /// Takes in that nothing more is written.
    package mutating func end() -> [WorkerEvent] { read(splitter.end()) }

    private mutating func read(_ lines: [[UInt8]]) -> [WorkerEvent] {
        var all: [WorkerEvent] = []
        for line in lines {
            for event in dialect.read(line) { all.append(count(event)) }
        }
        return all
    }

    /// - Returns: the event with the cost in it, where a table of prices tells it.
    private mutating func count(_ event: WorkerEvent) -> WorkerEvent {
        switch event {
        case .retry(let seconds, let status):
            retriesInARow += 1
            lastRetry = (seconds, status)
            return event
        case .text(let text):
            lastText = text
        case .toolUse(let name, let input):
            toolCalls += 1
            if dialect.tellsWholeCalls(of: name) { repetition.take(name, input) } else { repetition = Repetition() }
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
            usage = told
            return .usage(told)
        case .session(let name): session = name
        case .finished(let told): result = told
        }
        return event
    }

    /// Why the worker is to be ended now; nil to let it go on.
    package var reasonToEnd: Reason? {
        if result != nil { return .finished }
        // One more than allowed: the answer that a program stops at by itself is still the last that counts.
        if let limit = limits.turns, turns > limit { return .overLimit("\(limit) turns") }
        if let limit = limits.usd, let usd = usage?.usd, usd > limit { return .overLimit("\(limit) USD") }
        if let limit = limits.tokens, let tokens = usage?.tokens, tokens > limit {
            return .overLimit("\(limit) tokens")
        }
        if let call = repetition.call { return .repeating(call: call, times: Repetition.most) }
        guard let retry = lastRetry else { return nil }
        if retriesInARow >= Self.mostRetries || (retry.after ?? 0) > Self.longestWait {
            return .waiting(after: retry.after, status: retry.status)
        }
        return nil
    }
}
