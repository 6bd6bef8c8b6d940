package import Model

/// The client's side of the Agent Client Protocol, version 1, for one prompt. It is pure.
///
/// https://agentclientprotocol.com; JSON-RPC 2.0, one message per line. The client offers the agent no files and no terminal:
/// agents then use their own tools, inside the worker's sandbox. For that reason every permission is given.
package struct ACPClient: Sendable {
    /// What follows from a message of the agent.
    package struct Step: Sendable, Equatable {
        /// Messages to the agent.
        package var messages: [JSON] = []
        /// Events in the format of `events: orchestrate`.
        package var events: [JSON] = []
    }

    /// The job that the agent is to do.
    package struct Job: Sendable {
        package var prompt: String
        /// The checkout.
        package var folder: String
        /// The mode of the agent, such as `auto-approve`; nil for its own default.
        package var mode: String?
        /// The MCP server of the job, in the form of `session/new`.
        package var servers: [JSON]

        package init(prompt: String, folder: String, mode: String? = nil, servers: [JSON] = []) {
            self.prompt = prompt
            self.folder = folder
            self.mode = mode
            self.servers = servers
        }
    }

    /// Requests of this client. The raw value is the `id`.
    private enum Request: Int {
        case initialize = 1
        case session
        case mode
        case prompt

        var method: String {
            switch self {
            case .initialize: "initialize"
            case .session: "session/new"
            case .mode: "session/set_mode"
            case .prompt: "session/prompt"
            }
        }
    }

    private let job: Job
    private let version: String
    private var waitsFor = Request.initialize
    private var session = ""
    /// The agent's name and version.
    private var agent = "the agent"
    private var text = ""
    private var message: String?
    private var isInAnswer = false
    private var tools: [String: String] = [:]
    private var usd: Double?
    /// Whether the end was reported.
    package private(set) var isFinished = false
    package private(set) var succeeded = false

    private static let longestText = 2000
    private static let mostTools = 10_000

    /// - Parameter version: the version of this program.
    package init(_ job: Job, version: String) {
        self.job = job
        self.version = version
    }

    /// The first message.
    package var greeting: JSON {
        Self.request(
            .initialize,
            [
                "protocolVersion": 1,
                "clientCapabilities": ["fs": ["readTextFile": false, "writeTextFile": false], "terminal": false],
                "clientInfo": ["name": "orchestrate", "version": .string(version)],
            ])
    }

    /// Reads a message of the agent.
    package mutating func take(_ message: JSON) -> Step {
        var step = Step()
        if let method = message["method"]?.string {
            if let id = message["id"] {
                step.messages.append(answer(id, to: method, message["params"] ?? [:], &step.events))
            } else if method == "session/update" {
                read(message["params"]?["update"] ?? [:], &step.events)
            }
        } else if message["id"]?.integer == waitsFor.rawValue, !isFinished {
            if let error = message["error"] {
                finish(Self.failure(error, of: waitsFor, agent), &step.events)
            } else {
                go(on: message["result"] ?? [:], &step)
            }
        }
        return step
    }

    /// Ends a conversation in which the agent's output ended before its answer.
    ///
    /// - Parameter lastWords: what it said last on standard error, if anything.
    package mutating func end(lastWords: String? = nil) -> Step {
        var step = Step()
        guard !isFinished else { return step }
        let reason = lastWords.map { ": \($0.shortened(to: 300))" } ?? ", and said nothing on standard error"
        finish(("error", "\(agent) ended before it answered '\(waitsFor.method)'\(reason)"), &step.events)
        return step
    }

    private mutating func go(on result: JSON, _ step: inout Step) {
        switch waitsFor {
        case .initialize:
            let info = result["agentInfo"]
            if let name = info?["title"]?.string ?? info?["name"]?.string {
                agent = [name, info?["version"]?.string ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
            }
            ask(.session, ["cwd": .string(job.folder), "mcpServers": .array(job.servers)], &step)
        case .session:
            session = result["sessionId"]?.string ?? ""
            step.events.append(["event": "session", "id": .string(session)])
            if let mode = job.mode {
                ask(.mode, ["sessionId": .string(session), "modeId": .string(mode)], &step)
            } else {
                prompt(&step)
            }
        case .mode: prompt(&step)
        case .prompt:
            if let usage = result["usage"] { step.events.append(Self.event(of: usage, usd: usd)) }
            finish(Self.outcome(result["stopReason"]?.string ?? ""), &step.events)
        }
    }

    private mutating func prompt(_ step: inout Step) {
        step.events.append(["event": "request"])
        let content: JSON = ["type": "text", "text": .string(job.prompt)]
        ask(.prompt, ["sessionId": .string(session), "prompt": [content]], &step)
    }

    private mutating func ask(_ request: Request, _ parameters: JSON, _ step: inout Step) {
        waitsFor = request
        step.messages.append(Self.request(request, parameters))
    }

    // MARK: What the agent does

    private mutating func read(_ update: JSON, _ events: inout [JSON]) {
        switch update["sessionUpdate"]?.string {
        case "agent_message_chunk":
            let id = update["messageId"]?.string
            if id != message { tell(&events) }
            message = id
            beginAnswer(&events)
            if text.utf8.count < Self.longestText { text += update["content"]?["text"]?.string ?? "" }
        case "agent_thought_chunk": beginAnswer(&events)
        case "tool_call":
            beginAnswer(&events)
            tell(&events)
            let name = update["_meta"]?["tool_name"]?.string ?? update["kind"]?.string ?? "tool"
            if let id = update["toolCallId"]?.string, tools.count < Self.mostTools { tools[id] = name }
            events.append([
                "event": "tool_use", "name": .string(name),
                "input": update["rawInput"] ?? update["title"] ?? "",
            ])
            result(update, &events)
        case "tool_call_update": result(update, &events)
        case "usage_update":
            // A cost of 0 means an unknown price.
            guard let cost = update["cost"], cost["currency"]?.string == "USD", let amount = cost["amount"]?.number,
                amount > 0
            else { return }
            usd = amount
            events.append(["event": "usage", "usd": .number(amount)])
        default: break
        }
    }

    /// An answer of the model begins with the first thing after a tool's result. The protocol does not mark it.
    private mutating func beginAnswer(_ events: inout [JSON]) {
        guard !isInAnswer, waitsFor == .prompt else { return }
        isInAnswer = true
        events.append(["event": "turn"])
    }

    private mutating func result(_ update: JSON, _ events: inout [JSON]) {
        guard let status = update["status"]?.string, ["completed", "failed"].contains(status) else { return }
        isInAnswer = false
        events.append(["event": "tool_result", "is_error": .bool(status == "failed")])
    }

    private mutating func tell(_ events: inout [JSON]) {
        if !text.isEmpty { events.append(["event": "text", "text": .string(text)]) }
        text = ""
    }

    private func answer(_ id: JSON, to method: String, _ parameters: JSON, _ events: inout [JSON]) -> JSON {
        guard method == "session/request_permission" else {
            let error: JSON = ["code": -32601, "message": .string("unknown method '\(method)'")]
            return ["jsonrpc": "2.0", "id": id, "error": error]
        }
        let options = parameters["options"]?.array ?? []
        let allowing = ["allow_always", "allow_once"].lazy.compactMap { kind in
            options.first { $0["kind"]?.string == kind }
        }.first
        var outcome: JSON = ["outcome": "cancelled"]
        if let option = allowing?["optionId"] {
            outcome = ["outcome": "selected", "optionId": option]
        } else {
            let call = parameters["toolCall"]?["toolCallId"]?.string ?? ""
            events.append(["event": "denied", "name": .string(tools[call] ?? "tool")])
        }
        return ["jsonrpc": "2.0", "id": id, "result": ["outcome": outcome]]
    }

    // MARK: The end

    private mutating func finish(_ end: (result: String, message: String), _ events: inout [JSON]) {
        let said = text
        tell(&events)
        isFinished = true
        succeeded = end.result == "success"
        let message = end.message.isEmpty ? said : end.message
        events.append(["event": "finished", "result": .string(end.result), "message": .string(message)])
    }

    private static func outcome(_ reason: String) -> (String, String) {
        switch reason {
        case "end_turn": ("success", "")
        case "refusal": ("refused", "")
        case "max_turn_requests": ("turn-limit", "the agent used up its own limit of requests")
        case "max_tokens": ("error", "the model's answer was longer than its limit")
        case "cancelled": ("error", "the agent cancelled its work")
        default: ("error", "the agent ended with the unknown reason '\(reason)'")
        }
    }

    /// The code with which an agent asks for a login.
    private static let loginNeeded = -32000

    private static func failure(_ error: JSON, of request: Request, _ agent: String) -> (String, String) {
        let details = error["data"]?["message"]?.string ?? error["data"]?["details"]?.string ?? error["data"]?.string
        let words = [error["message"]?.string ?? "no reason", details ?? ""].filter { !$0.isEmpty }
        let said = words.joined(separator: ": ")
        if error["code"]?.integer == loginNeeded, request != .prompt {
            return ("error", "\(agent) needs a login or a key: \(said)")
        }
        let cause = "\(agent) refused '\(request.method)': \(said)"
        return (WorkerResult.failure(said).kind.word, cause)
    }

    /// Agents differ in whether `inputTokens` includes the cached ones. `totalTokens` shows it.
    private static func event(of usage: JSON, usd: Double?) -> JSON {
        func count(_ key: String) -> Int { max(0, min(usage[key]?.integer ?? 0, 1_000_000_000)) }
        let (input, output) = (count("inputTokens"), count("outputTokens"))
        let (cached, written) = (count("cachedReadTokens"), count("cachedWriteTokens"))
        let thought = count("thoughtTokens")
        let isSum = input + output + cached + written + thought == count("totalTokens")
        var event: [String: JSON] = [
            "event": "usage", "input_tokens": .integer(isSum ? input + written : max(0, input - cached)),
            "cached_tokens": .integer(cached), "output_tokens": .integer(isSum ? output + thought : output),
        ]
        if let usd { event["usd"] = .number(usd) }
        return .object(event)
    }

    private static func request(_ request: Request, _ parameters: JSON) -> JSON {
        [
            "jsonrpc": "2.0", "id": .integer(request.rawValue), "method": .string(request.method),
            "params": parameters,
        ]
    }
}
