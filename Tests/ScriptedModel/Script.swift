import Foundation

/// What the model says, as rules over what it is asked; docs in Tests/ScriptedModel/README.md.
struct Script: Decodable, Sendable {
    /// The first rule that fits a request answers it.
    var rules: [Rule]
    /// Dollars for a million tokens.
    var prices: Prices?
    /// Whether usage is counted: tokens of the longest prefix that an earlier, answered request has count as cached.
    var cache: Bool?

    struct Prices: Decodable, Sendable {
        var input: Double
        var cached: Double?
        var output: Double
    }

    struct Rule: Decodable, Sendable {
        var name: String
        var when: Condition?
        /// How many requests the rule answers at most, those of all conversations together.
        var times: Int?
        /// The same for each conversation.
        var timesEach: Int?
        /// Goes into the ledger, with captures filled in.
        var label: String?
        var say: String?
        var call: [Call]?
        /// In the words of Anthropic: `end_turn`, `tool_use`, `max_tokens`, `refusal`.
        var stop: String?
        var usage: Usage?
        /// Seconds before the answer begins.
        var delay: Double?
        var fault: Fault?
    }

    /// All that is said must hold. Named groups of the expressions are captures.
    struct Condition: Decodable, Sendable {
        var model: String?
        var system: String?
        /// Over all that the user said before the model's first answer.
        var prompt: String?
        /// Over what came after the model's last answer: results of tools, and what the user said.
        var last: String?
        /// Over all that the user said and tools brought, whenever that was.
        var any: String?
        /// Over the names of the tools that are offered, separated by spaces.
        var tools: String?
        /// Over the request's path, such as `/v1/messages`.
        var path: String?
        /// Answers of the model so far.
        var turn: Int?
        var fromTurn: Int?
    }

    struct Call: Decodable, Sendable {
        var tool: String
        var arguments: JSON?
        /// Text of a tool that takes no JSON (OpenAI Responses' custom tools).
        var input: String?
    }

    struct Usage: Decodable, Sendable, Equatable {
        var input: Int
        var cached: Int?
        var output: Int
    }

    struct Fault: Decodable, Sendable {
        /// Answers with this status and the protocol's error body.
        var status: Int?
        /// The `Retry-After` header, in seconds.
        var retryAfter: Double?
        var message: String?
        /// Ends the connection after so many events of the stream; a plain answer is ended amid its body.
        var cutAfter: Int?
        /// Seconds between two events.
        var drip: Double?
        /// Says nothing more after so many events, and keeps the connection open.
        var hangAfter: Int?
        /// The event of this number is no JSON; so is a plain answer.
        var malformedAt: Int?
        /// Repeats its text without end.
        var endless: Bool?
    }

    static func load(_ path: String) throws -> Script {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Script.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
