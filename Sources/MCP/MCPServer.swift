import Foundation
package import Jobs
import Model

/// A Model Context Protocol server over a job folder, for workers.
///
/// https://modelcontextprotocol.io/specification; JSON-RPC 2.0, one message per line. It offers only tools.
package struct MCPServer: Sendable {
    private let tools: [MCPTool]
    private let version: String

    /// Supported protocol versions, the latest first. They do not differ in the parts that are used here.
    private static let versions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]

    /// Error codes of JSON-RPC.
    private enum Code {
        static let parse = -32700
        static let request = -32600
        static let method = -32601
        static let parameters = -32602
    }

    /// - Parameters:
    ///   - version: the version of this program.
    ///   - patience: seconds to wait for the coordinator's answer to a search.
    package init(_ mailbox: JobMailbox, version: String, patience: Double = 30) {
        tools = MCPTool.all(mailbox, patience: patience)
        self.version = version
    }

    /// Answers one line.
    ///
    /// - Returns: nil if no answer is due, as for a notification.
    package func answer(_ line: [UInt8]) async -> String? {
        guard let message = JSON(line: line) else {
            return Self.error(Code.parse, "the message is not JSON")
        }
        if case .array(let batch) = message {
            guard !batch.isEmpty, batch.count <= Self.largestBatch else {
                return Self.error(Code.request, "a batch contains 1 to \(Self.largestBatch) messages")
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

    /// Returns the answer to a line that is too long.
    package static func tooLong(_ limit: Int) -> String {
        error(Code.request, "a message is longer than \(limit) bytes")
    }

    private func answer(_ message: JSON) async -> String? {
        guard case .object(let members) = message, message["jsonrpc"]?.string == "2.0" else {
            return Self.error(Code.request, "the message is not JSON-RPC 2.0")
        }
        let id = members["id"]
        guard let method = message["method"]?.string else {
            // The server sends no requests, so it ignores answers.
            if members["result"] != nil || members["error"] != nil { return nil }
            return Self.error(Code.request, "'method' is missing", id: id ?? .null)
        }
        guard let id else { return nil }
        switch id {
        case .string, .integer: break
        default: return Self.error(Code.request, "'id' must be a string or an integer")
        }
        let parameters = message["params"] ?? [:]
        switch method {
        case "initialize": return Self.result(id, greeting(parameters))
        case "ping": return Self.result(id, [:])
        case "tools/list": return Self.result(id, ["tools": .array(tools.map(\.description))])
        case "tools/call":
            guard let name = parameters["name"]?.string, let tool = tools.first(where: { $0.name == name }) else {
                let known = tools.map(\.name).joined(separator: ", ")
                return Self.error(Code.parameters, "unknown tool; the tools are \(known)", id: id)
            }
            return Self.result(id, await call(tool, parameters["arguments"] ?? [:]))
        default: return Self.error(Code.method, "unknown method '\(method.prefix(100))'", id: id)
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

    /// Calls a tool. Its errors are part of the result, so that the model can react to them.
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

    private static func error(_ code: Int, _ text: String, id: JSON = .null) -> String {
        JSON.object(["jsonrpc": "2.0", "id": id, "error": ["code": .integer(code), "message": .string(text)]]).line
    }
}
