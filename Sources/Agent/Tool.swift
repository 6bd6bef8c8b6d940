package import Model
package import ModelAPI

/// A tool that the model can call.
package protocol Tool: Sendable {
    var definition: ToolDefinition { get }

    /// Whether a model with a small window gets it too.
    var isEssential: Bool { get }

    /// - Returns: the result for the model.
    /// - Throws: `ToolFailure`, which is reported to the model as an error.
    func run(_ input: ToolInput) async throws(ToolFailure) -> String
}

extension Tool {
    package var isEssential: Bool { false }
}

/// The arguments of a call, with errors that a model can act on.
package struct ToolInput: Sendable {
    private let value: JSON

    package init(_ value: JSON) { self.value = value }

    func text(_ name: String) throws(ToolFailure) -> String {
        guard let text = value[name]?.string else { throw ToolFailure("'\(name)' is missing or not a string") }
        return text
    }

    func text(_ name: String, default standard: String) throws(ToolFailure) -> String {
        value[name] == nil ? standard : try text(name)
    }

    func integer(_ name: String) throws(ToolFailure) -> Int? {
        guard let value = value[name] else { return nil }
        // Some models write numbers as strings.
        guard let number = value.integer ?? value.string.flatMap({ Int($0) }) else {
            throw ToolFailure("'\(name)' is not an integer")
        }
        return number
    }

    func flag(_ name: String) -> Bool { value[name]?.bool ?? (value[name]?.string == "true") }

    func texts(_ name: String) throws(ToolFailure) -> [String] {
        guard let value = value[name] else { return [] }
        if let text = value.string { return [text] }
        guard let values = value.array else { throw ToolFailure("'\(name)' is not a list of strings") }
        return values.compactMap(\.string)
    }
}

extension ToolDefinition {
    /// The definition with the first sentence of its summary, and without the meanings of its arguments.
    var short: ToolDefinition {
        var members = parameters.object ?? [:]
        members["properties"] = .object(
            (parameters["properties"]?.object ?? [:]).mapValues { property in
                .object((property.object ?? [:]).filter { $0.key != "description" })
            })
        let sentence = summary.firstRange(of: ". ").map { String(summary[..<$0.lowerBound]) + "." } ?? summary
        return ToolDefinition(name: name, summary: sentence, parameters: .object(members))
    }

    /// - Parameter properties: name, JSON type and meaning. A name without a `?` at its end is required.
    init(_ name: String, _ summary: String, properties: [(name: String, type: String, meaning: String)] = []) {
        var members: [String: JSON] = [:]
        var required: [JSON] = []
        for (name, type, meaning) in properties {
            let plain = name.hasSuffix("?") ? String(name.dropLast()) : name
            if plain == name { required.append(.string(name)) }
            var member: [String: JSON] = ["type": .string(type), "description": .string(meaning)]
            if type == "array" { member["items"] = ["type": "string"] }
            members[plain] = .object(member)
        }
        self.init(
            name: name, summary: summary,
            parameters: [
                "type": "object", "properties": .object(members), "required": .array(required),
                "additionalProperties": false,
            ])
    }
}
