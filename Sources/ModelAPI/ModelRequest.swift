package import Model

/// What a model is asked, in no provider's words.
package struct ModelRequest: Sendable, Equatable {
    package var system: String
    package var messages: [ChatMessage]
    package var tools: [ToolDefinition]
    package var maxOutputTokens: Int

    package init(
        system: String, messages: [ChatMessage], tools: [ToolDefinition] = [], maxOutputTokens: Int = 8192
    ) {
        self.system = system
        self.messages = messages
        self.tools = tools
        self.maxOutputTokens = maxOutputTokens
    }
}

/// One side's turn of a conversation.
package struct ChatMessage: Sendable, Equatable {
    package enum Role: Sendable, Equatable {
        case user
        case assistant
    }

    package enum Part: Sendable, Equatable {
        case text(String)
        case toolCall(ToolCall)
        case toolResult(ToolResult)
        /// What a provider wants back as it was, such as its own reasoning; it means nothing to another dialect.
        case opaque(JSON)
    }

    package var role: Role
    package var parts: [Part]

    package init(_ role: Role, _ parts: [Part]) {
        self.role = role
        self.parts = parts
    }
}

/// A model's wish to have a tool run.
package struct ToolCall: Sendable, Equatable {
    package var id: String
    package var name: String
    /// JSON as the model wrote it, or what it took for JSON. Kept as text: written anew, it would no longer be what the
    /// provider has in its cache.
    package var arguments: String

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }

    /// The arguments as an object; nil where they are none.
    package var input: JSON? {
        let text = arguments.allSatisfy(\.isWhitespace) ? "{}" : arguments
        guard let value = JSON(parsing: text), case .object = value else { return nil }
        return value
    }
}

package struct ToolResult: Sendable, Equatable {
    /// Of the call.
    package var id: String
    package var text: String
    package var isError: Bool

    package init(id: String, text: String, isError: Bool = false) {
        self.id = id
        self.text = text
        self.isError = isError
    }
}

package struct ToolDefinition: Sendable, Equatable {
    package var name: String
    package var summary: String
    /// JSON Schema of the arguments, an object.
    package var parameters: JSON

    package init(name: String, summary: String, parameters: JSON) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
    }
}
