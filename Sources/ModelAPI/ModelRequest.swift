package import Model

/// A request to a model, independent of the provider.
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

/// One message of a conversation.
package struct ChatMessage: Sendable, Equatable {
    package enum Role: Sendable, Equatable {
        case user
        case assistant
    }

    package enum Part: Sendable, Equatable {
        case text(String)
        case toolCall(ToolCall)
        case toolResult(ToolResult)
        /// Data that a provider wants back unchanged, such as its reasoning. It is specific to one dialect.
        case opaque(JSON)
    }

    package var role: Role
    package var parts: [Part]

    package init(_ role: Role, _ parts: [Part]) {
        self.role = role
        self.parts = parts
    }
}

/// A call of a tool by a model.
package struct ToolCall: Sendable, Equatable {
    package var id: String
    package var name: String
    /// The JSON that the model wrote, which may be malformed. It is kept as text, since a new encoding would not match
    /// the provider's cache.
    package var arguments: String

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }

    /// The arguments as an object; nil if they are not one.
    package var input: JSON? {
        let text = arguments.allSatisfy(\.isWhitespace) ? "{}" : arguments
        guard let value = JSON(parsing: text), case .object = value else { return nil }
        return value
    }
}

package struct ToolResult: Sendable, Equatable {
    /// The id of the call.
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

    /// Bytes of the definition, roughly as they are sent.
    package var size: Int { name.utf8.count + summary.utf8.count + parameters.text.utf8.count }
}
