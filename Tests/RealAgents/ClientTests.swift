import Foundation
import TestSupport
import Testing

/// The scripted model is honest to the protocols: the providers' own clients understand all it says.
@Suite("The providers' own clients", .ownThreads, .enabled(if: AgentWorkshop.has("python")))
struct ClientTests {
    static let script = #"""
        {"rules": [
          {"name": "busy", "when": {"model": "busy"}, "fault": {"status": 429, "retry_after": 7}},
          {"name": "edit", "when": {"prompt": "change (?<file>[a-z.]+)", "tools": "edit"},
           "say": "I change ${file}.", "usage": {"input": 50, "cached": 20, "output": 5},
           "call": [{"tool": "edit", "arguments": {"file": "${file}"}}]}
        ]}
        """#

    @Test func `understand the scripted model`() throws {
        let server = try ScriptedModelServer(script: Self.script)
        let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("clients.py")
        let result = try run(
            "\(AgentWorkshop.installed ?? "")/bin/python", [program.path, server.address], in: "/",
            environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "NO_PROXY": "127.0.0.1"], input: [])
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
    }
}
