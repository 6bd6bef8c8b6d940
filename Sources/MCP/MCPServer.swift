import Foundation
package import Jobs
import Model

/// A server of the Model Context Protocol over a job folder: what a worker can do from inside its job.
///
/// https://modelcontextprotocol.io/specification; JSON-RPC 2.0, one message on each line. It has tools and nothing else.
package struct MCPServer: Sendable {
    private let tools: [MCPTool]
    private let version: String

    /// Protocol versions that differ in nothing that is used here, the latest first.
    private static let versions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]

    /// Errors of JSON-RPC.
    private enum Code {
        static let parse = -32700
        static let request = -32600
        static let method = -32601
        static let parameters = -32602
    }

    /// - Parameter version: of this program.
    package init(_ mailbox: JobMailbox, version: String) {
        tools = MCPTool.all(mailbox)
        self.version = version
    }

    /// Answers one line.
    /// - Returns: nil where no answer is due, as for a notification.
    package func answer(_ line: [UInt8]) async -> String? {
        guard let message = JSON(line: line) else {
            return Self.error(.null, Code.parse, "this is no JSON")
        }
        if case .array(let batch) = message {
            guard !batch.isEmpty, batch.count <= Self.largestBatch else {
                return Self.error(.null, Code.request, "a batch holds 1 to \(Self.largestBatch) messages")
            }
            var answers: [String] = []
            for one in batch {
                if let answer = await answer(one) { answers.append(answer) }
            }
            return answers.isEmpty ? nil : "[\(answers.joined(separator: ","))]"
        }
        return await answer(message)
    }

    private static let largestBatch = 100

    /// The answer to a line that is too long to be read.
    package static func tooLong(_ limit: Int) -> String {
        error(.null, Code.request, "a message is longer than \(limit) bytes")
    }

    private func answer(_ message: JSON) async -> String? {
        guard case .object(let members) = message, message["jsonrpc"]?.string == "2.0" else {
            return Self.error(.null, Code.request, "this is no JSON-RPC 2.0 message")
        }
        let id = members["id"]
        guard let method = message["method"]?.string else {
            // An answer to a request of ours; there are none.
            if members["result"] != nil || members["error"] != nil { return nil }
            return Self.error(id ?? .null, Code.request, "'method' is missing")
        }
        guard let id else { return nil }
        switch id {
        case .string, .integer: break
        default: return Self.error(.null, Code.request, "'id' is a text or a whole number")
        }
        let parameters = message["params"] ?? [:]
        switch method {
        case "initialize": return Self.result(id, greeting(parameters))
        case "ping": return Self.result(id, [:])
        case "tools/list": return Self.result(id, ["tools": .array(tools.map(\.description))])
        case "tools/call":
            guard let name = parameters["name"]?.string, let tool = tools.first(where: { $0.name == name }) else {
                let known = tools.map(\.name).joined(separator: ", ")
                return Self.error(id, Code.parameters, "there is no such tool; there are: \(known)")
            }
            return Self.result(id, await call(tool, parameters["arguments"] ?? [:]))
        default: return Self.error(id, Code.method, "there is no method '\(method.prefix(100))'")
        }
    }

    private func greeting(_ parameters: JSON) -> JSON {
        let asked = parameters["protocolVersion"]?.string ?? ""
        let agreed = Self.versions.contains(asked) ? asked : Self.versions[0]
        return [
            "protocolVersion": .string(agreed), "capabilities": ["tools": ["listChanged": false]],
            "serverInfo": ["name": "orchestrate", "version": .string(version)],
            "instructions": "Other workers do other tasks of the same migration. Tell them what they should know.",
        ]
    }

    /// What goes wrong in a tool is told to the model, which can do something about it.
    private func call(_ tool: MCPTool, _ arguments: JSON) async -> JSON {
        var text: String
        var isError = false
        do {
            text = try await tool.run(arguments)
        } catch {
            text = "\(error)"
            isError = true
        }
        if text.isEmpty { text = "nothing" }
        return ["content": [["type": "text", "text": .string(text)]], "isError": .bool(isError)]
    }

    private static func result(_ id: JSON, _ result: JSON) -> String {
        JSON.object(["jsonrpc": "2.0", "id": id, "result": result]).line
    }

    private static func error(_ id: JSON, _ code: Int, _ text: String) -> String {
        JSON.object(["jsonrpc": "2.0", "id": id, "error": ["code": .integer(code), "message": .string(text)]]).line
    }
}
