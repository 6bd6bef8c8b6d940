import Foundation
package import Model
package import ModelAPI

/// The main loop of the agent: ask the model, run its tool calls and return their results, until it is done or a limit
/// is reached.
///
/// It is deterministic: the same answers and tool results lead to the same steps.
package struct AgentLoop: Sendable {
    private let role: AgentRole
    private let source: any ModelSource
    private let tools: [String: any Tool]
    private var definitions: [ToolDefinition]
    private var system: String
    private var hasFewTools = false
    private var limits: AgentLimits
    private let prices: PriceTable?
    private let events: EventLines
    private let results: ResultFiles
    /// Whether the checkout differs from its base; nil if unknown.
    private let hasChanges: @Sendable () async -> Bool?
    /// Number of unread messages.
    private let unread: @Sendable () -> Int

    private var history: ChatHistory
    private var stuck = StuckDetector()
    private var turns = 0
    private var calls = 0
    /// Tokens and cost since the start.
    package private(set) var usage = Usage()
    private var wasToldOfNoChange = false
    private var toldUnread = 0
    private let begun = ContinuousClock.now

    package init(
        role: AgentRole = .worker, source: any ModelSource, tools: [any Tool], system: String, prompt: String,
        limits: AgentLimits,
        prices: PriceTable?, events: EventLines, results: ResultFiles,
        hasChanges: @escaping @Sendable () async -> Bool? = { nil }, unread: @escaping @Sendable () -> Int = { 0 }
    ) {
        self.role = role
        self.source = source
        self.tools = Dictionary(tools.map { ($0.definition.name, $0) }) { $1 }
        definitions = tools.map(\.definition) + [role.ending]
        self.system = system
        self.limits = limits
        self.prices = prices
        self.events = events
        self.results = results
        self.hasChanges = hasChanges
        self.unread = unread
        history = ChatHistory(prompt: prompt, limit: limits.context)
    }

    /// Works until the end, which is the last event.
    package mutating func run() async -> AgentReport {
        let report: AgentReport
        do throws(ModelError) {
            report = try await work()
        } catch {
            report = AgentReport(AgentResult(error), summary: "\(error)")
        }
        events.finished(report, total: usage, turns: turns, seconds: Self.seconds(since: begun))
        return report
    }

    private mutating func work() async throws(ModelError) -> AgentReport {
        if limits.isContextSet {
            offerFewTools()
        } else if let window = await source.window() {
            fit(into: window)
        }
        while true {
            if let report = overLimit { return report }
            try await shorten()
            let answer = try await ask(history.messages)
            turns += 1
            events.emit("turn", ["turn": .integer(turns)])
            history.append(ChatMessage(.assistant, answer.parts))
            events.text(answer.text)
            if answer.stop == .refusal, answer.toolCalls.isEmpty {
                return AgentReport(.refused, summary: "the model refused: \(answer.text.prefix(500))")
            }
            let (steps, report) = await carryOut(answer)
            if let report { return report }
            calls += steps.count
            if let way = stuck.take(steps) {
                let hint = calls == 0 ? Self.mayDropTools : ""
                return AgentReport(.stuck, summary: way + hint)
            }
            if Task.isCancelled { throw .cancelled }
        }
    }

    private static let mayDropTools =
        "; it has called none at all, so the model may be unable to, or the server or its chat template drops the tools"

    private typealias Step = (action: String, result: String, isError: Bool)

    /// Runs the calls of an answer in order and adds their results to the conversation.
    private mutating func carryOut(_ answer: ModelAnswer) async -> (steps: [Step], report: AgentReport?) {
        var parts: [ChatMessage.Part] = []
        var steps: [Step] = []
        for call in answer.toolCalls {
            events.toolUse(call)
            let clock = ContinuousClock.now
            let result: ToolResult
            if call.name == role.ending.name, let done = role.report(call) {
                if let objection = await objection(to: done) {
                    result = ToolResult(id: call.id, text: objection, isError: true)
                } else {
                    events.toolResult(ToolResult(id: call.id, text: ""), name: call.name, seconds: 0)
                    return (steps, done)
                }
            } else {
                result = await self.result(of: call, wasCut: answer.stop == .length)
            }
            events.toolResult(result, name: call.name, seconds: Self.seconds(since: clock))
            parts.append(.toolResult(result))
            steps.append(("\(call.name) \(call.input?.text ?? call.arguments)", result.text, result.isError))
        }
        if steps.isEmpty { parts.append(.text(answer.stop == .length ? Self.wasCut : role.noCall)) }
        let waiting = unread()
        if waiting > toldUnread { parts.append(.text("New messages: \(waiting). 'read_messages' shows them.")) }
        toldUnread = waiting
        history.append(ChatMessage(.user, parts))
        return (steps, nil)
    }

    private static let wasCut = "Your answer was cut at its longest. Go on in smaller steps."

    private func result(of call: ToolCall, wasCut: Bool) async -> ToolResult {
        guard let tool = tools[call.name] else {
            let names = definitions.map(\.name).joined(separator: ", ")
            return ToolResult(
                id: call.id, text: "there is no tool '\(call.name)'; the tools are \(names)", isError: true)
        }
        guard let input = call.input else {
            let why = wasCut ? "the answer was cut at its longest; take smaller steps" : "write a JSON object"
            return ToolResult(id: call.id, text: "the arguments are not a JSON object: \(why)", isError: true)
        }
        do throws(ToolFailure) {
            let text = try await tool.run(ToolInput(input))
            return ToolResult(id: call.id, text: text.isEmpty ? "(nothing)" : text)
        } catch {
            return ToolResult(id: call.id, text: error.description, isError: true)
        }
    }

    /// Returns an objection to the model's claim that it is done, at most once.
    private mutating func objection(to done: AgentReport) async -> String? {
        guard role == .worker, done.result == .success, !wasToldOfNoChange, await hasChanges() == false else {
            return nil
        }
        wasToldOfNoChange = true
        return "Nothing has changed in the checkout. Do the work; or call 'done' with outcome 'gave_up' and why."
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        let duration = ContinuousClock.now - start
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}

extension AgentLoop {
    /// The report if a limit is reached, or would be with the next request.
    private var overLimit: AgentReport? {
        if turns >= limits.turns { return AgentReport(.turnLimit, summary: "all \(limits.turns) turns are used up") }
        if let cap = limits.tokens, usage.tokens + history.tokens >= cap {
            return AgentReport(.budgetLimit, summary: "the next request would go over \(cap) tokens")
        }
        if let cap = limits.usd, (usage.usd ?? 0) >= cap {
            return AgentReport(.budgetLimit, summary: "\(cap) US dollars are used up")
        }
        return nil
    }

    /// Asks the model. If the conversation is larger than its window, shortens it and asks once more.
    private mutating func ask(_ messages: [ChatMessage]) async throws(ModelError) -> ModelAnswer {
        do throws(ModelError) {
            return try await request(messages)
        } catch {
            guard let exceeded = error.windowExceeded else { throw error }
            let (before, count) = (history.tokens, history.messages.count)
            let question = messages.dropFirst(count)
            let results = results
            let hadFewTools = hasFewTools
            fit(into: exceeded.window ?? max(1, before / 2))
            // The estimate of the size may be too low: the provider counts, and it has refused.
            let target = min(limits.context, history.tokens / 2)
            let isShorter = history.shrink(to: target, { results.keep($1, of: $0) }) || hasFewTools != hadFewTools
            guard isShorter || exceeded.window != nil else { throw error }
            events.emit("context", ["from": .integer(before), "to": .integer(history.tokens)])
            return try await request(history.messages + question)
        }
    }

    /// Leaves out all tools but the essential ones if tools, system prompt and task would take half of the conversation's
    /// limit.
    private mutating func offerFewTools() {
        let needed = fixedTokens + history.promptTokens
        guard !hasFewTools, needed > limits.context / 2 else { return }
        hasFewTools = true
        let left = definitions.filter { $0.name != role.ending.name && tools[$0.name]?.isEssential != true }.map(\.name)
        definitions = definitions.filter { !left.contains($0.name) }.map(\.short)
        // A line about a tool that is not there would have the model call it.
        system = system.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { line in !left.contains { line.contains("'\($0)'") } }.joined(separator: "\n")
        events.emit(
            "context",
            [
                "tools": .integer(definitions.count), "from": .integer(needed),
                "to": .integer(fixedTokens + history.promptTokens),
            ])
    }

    /// Tokens of the system prompt and the tools.
    private var fixedTokens: Int {
        (system.utf8.count + definitions.reduce(0) { $0 + $1.size }) / ChatHistory.bytesPerToken
    }

    /// Takes the model's window into account: the request and its answer have to fit.
    private mutating func fit(into window: Int) {
        limits.output = min(limits.output, max(1, window / 4))
        limits.context = min(limits.context, max(1, window - limits.output))
        offerFewTools()
        history.lower(to: limits.context, overhead: fixedTokens)
    }

    private mutating func request(_ messages: [ChatMessage]) async throws(ModelError) -> ModelAnswer {
        let start = ContinuousClock.now
        events.emit("request", ["tokens": .integer(history.tokens)])
        let events = events
        let left = limits.tokens.map { max(1, $0 - usage.tokens - history.tokens) } ?? limits.output
        let answer = try await source.answer(
            ModelRequest(
                system: system, messages: messages, tools: definitions, maxOutputTokens: min(limits.output, left))
        ) { notice in events.retry(notice) }
        usage = usage + answer.tokens.usage(prices)
        history.count(answer.tokens.context)
        events.usage(usage, seconds: Self.seconds(since: start))
        return answer
    }

    private mutating func shorten() async throws(ModelError) {
        guard history.isOverLimit else { return }
        let before = history.tokens
        let results = results
        let dropped = history.dropResults { results.keep($1, of: $0) }
        if dropped > 0 {
            events.emit(
                "context", ["dropped": .integer(dropped), "from": .integer(before), "to": .integer(history.tokens)])
        }
        guard history.isOverLimit, history.messages.count > 1 else { return }
        // Tools stay available, since providers refuse a conversation with calls but without tools.
        let question = ChatMessage(.user, [.text(Self.summaryRequest)])
        let answer = try await ask(history.messages + [question])
        history.summarise(as: answer.text)
        events.emit("context", ["summarised": true, "from": .integer(before), "to": .integer(history.tokens)])
    }

    private static let summaryRequest = """
        The conversation is getting too long and will be replaced by what you write now. Call no tool. Write down what \
        you need to go on: what is done, file by file; what you found out; what is left; what to take care of.
        """
}
