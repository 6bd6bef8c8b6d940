import Foundation

/// What is answered to one request, with the captures filled in.
struct Answer: Sendable {
    struct Call: Sendable {
        var tool: String
        /// Of a tool of Responses; nil for most.
        var namespace: String?
        /// JSON, or the text of a tool that takes none.
        var arguments: String
        var isText: Bool
        var identifier: String
    }

    var rule: String
    var label: String
    var text: String
    var calls: [Call]
    var stop: String
    var usage: Script.Usage
    var delay: Double
    var fault: Script.Fault?
    /// Unique within the server; identifiers of messages are made from it.
    var number: Int

    /// Usage of an answer whose rule says none: constants, so that a test can multiply.
    static let usualUsage = Script.Usage(input: 1000, cached: 0, output: 100)

    var cached: Int { usage.cached ?? 0 }

    init(to request: ModelRequest, rule: Script.Rule?, captures: [String: String], number: Int) {
        func fill(_ text: String) -> String {
            captures.reduce(text) { $0.replacingOccurrences(of: "${\($1.key)}", with: $1.value) }
        }
        self.rule = rule?.name ?? "none"
        self.number = number
        label = fill(rule?.label ?? "")
        text = fill(rule?.say ?? (rule?.call == nil ? "There is nothing to do." : ""))
        calls = (rule?.call ?? []).enumerated().map { index, call in
            let isText = call.input != nil && request.textTools.contains(call.tool)
            let place = request.namespaces[fill(call.tool)]
            return Call(
                tool: place?.name ?? fill(call.tool), namespace: place?.space,
                arguments: call.input.map(fill) ?? (call.arguments ?? .object([:])).mapTexts(fill).line,
                isText: isText, identifier: "call_\(number)_\(index)")
        }
        stop = rule?.stop ?? (calls.isEmpty ? "end_turn" : "tool_use")
        usage = rule?.usage ?? Self.usualUsage
        delay = rule?.delay ?? 0
        fault = rule?.fault
    }
}
