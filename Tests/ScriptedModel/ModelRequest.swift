import Foundation

/// A request in the terms that scripts use, whatever protocol it came by.
struct ModelRequest: Sendable {
    enum Wire: String, Sendable {
        case messages
        case chat
        case responses
    }

    var wire: Wire
    var path: String
    var model: String
    var isStreamed: Bool
    var system = ""
    var tools: [String] = []
    /// Tools that take a text instead of JSON.
    var textTools: Set<String> = []
    /// Where tools of Responses are that stand in a namespace, by `namespace__tool`.
    var namespaces: [String: (space: String, name: String)] = [:]
    /// What the user said before the first answer.
    var prompt = ""
    /// What came after the last answer.
    var last = ""
    /// All that is not the model's.
    var all = ""
    /// Answers so far.
    var turn = 0
    /// Whether a stream's last piece tells the usage, where that is asked for.
    var wantsUsage = true

    /// The same for all requests of one conversation: FNV-1a over its model and prompt.
    var conversation: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in (model + "\n" + prompt).utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }

    private var isInAnswer = false

    init(wire: Wire, path: String, model: String, isStreamed: Bool) {
        self.wire = wire
        self.path = path
        self.model = model
        self.isStreamed = isStreamed
    }

    /// Takes in a part of an answer of the model; parts that follow each other are one answer.
    mutating func addAnswer() {
        if !isInAnswer { turn += 1 }
        isInAnswer = true
        last = ""
    }

    /// Takes in what the user said, or what a tool brought.
    mutating func addInput(_ text: String) {
        isInAnswer = false
        if turn == 0 { prompt += prompt.isEmpty ? text : "\n" + text }
        last += last.isEmpty ? text : "\n" + text
        all += text + "\n"
    }
}

extension ModelRequest {
    /// - Returns: nil for a path that is none of the three protocols.
    init?(path: String, body: JSON) {
        let wire: Wire
        if path.hasSuffix("/messages") {
            wire = .messages
        } else if path.hasSuffix("/chat/completions") {
            wire = .chat
        } else if path.hasSuffix("/responses") {
            wire = .responses
        } else {
            return nil
        }
        self.init(
            wire: wire, path: path, model: body["model"]?.text ?? "", isStreamed: body["stream"]?.isTrue ?? false)
        switch wire {
        case .messages: readMessages(body)
        case .chat: readChat(body)
        case .responses: readResponses(body)
        }
    }

    private mutating func readMessages(_ body: JSON) {
        system = Self.text(of: body["system"])
        tools = body["tools"]?.elements.compactMap { $0["name"]?.text } ?? []
        for message in body["messages"]?.elements ?? [] {
            switch message["role"]?.text {
            case "assistant": addAnswer()
            case "system": system += "\n" + Self.text(of: message["content"])
            default: addInput(Self.text(of: message["content"]))
            }
        }
    }

    private mutating func readChat(_ body: JSON) {
        tools = body["tools"]?.elements.compactMap { $0["function"]?["name"]?.text } ?? []
        wantsUsage = body["stream_options"]?["include_usage"]?.isTrue ?? false
        for message in body["messages"]?.elements ?? [] {
            let text = Self.text(of: message["content"])
            switch message["role"]?.text {
            case "assistant": addAnswer()
            case "system", "developer": system += system.isEmpty ? text : "\n" + text
            default: addInput(text)
            }
        }
    }

    private mutating func readResponses(_ body: JSON) {
        system = Self.text(of: body["instructions"])
        for tool in body["tools"]?.elements ?? [] {
            guard let name = tool["name"]?.text else { continue }
            if tool["type"] == "namespace" {
                for inner in tool["tools"]?.elements.compactMap({ $0["name"]?.text }) ?? [] {
                    tools.append("\(name)__\(inner)")
                    namespaces["\(name)__\(inner)"] = (name, inner)
                }
                continue
            }
            tools.append(name)
            if tool["type"] == "custom" { textTools.insert(name) }
        }
        if let text = body["input"]?.text { addInput(text) }
        for item in body["input"]?.elements ?? [] {
            switch item["type"]?.text ?? "message" {
            case "message":
                let text = Self.text(of: item["content"])
                switch item["role"]?.text {
                case "assistant": addAnswer()
                case "system", "developer": system += "\n" + text
                default: addInput(text)
                }
            case "function_call_output", "custom_tool_call_output": addInput(Self.text(of: item["output"]))
            default: addAnswer()
            }
        }
    }

    /// All text in a content, which is a text or a list of blocks, in any of the protocols.
    private static func text(of content: JSON?) -> String {
        switch content {
        case .string(let text): return text
        case .array(let blocks):
            return blocks.map { block in
                block["text"]?.text ?? text(of: block["content"] ?? block["output"])
            }.filter { !$0.isEmpty }.joined(separator: "\n")
        default: return ""
        }
    }
}
