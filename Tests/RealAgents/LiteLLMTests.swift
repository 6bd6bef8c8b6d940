import Foundation
import TestSupport
import Testing

/// LiteLLM's proxy, a server of others that speaks all three dialects, between the built-in agent and the scripted model.
@Suite("LiteLLM's proxy", .ownThreads, .serialized, .enabled(if: AgentWorkshop.has("litellm")))
struct LiteLLMTests {
    /// The proxy, on a port of its own, in front of the scripted model; ended with its owner.
    private final class Proxy {
        let address: String
        private let process: pid_t

        static let key = "sk-proxy-0123456789abcdef"

        struct NoProxy: Error {
            var log: String
        }

        init(_ directory: ScratchDirectory, upstream: String) throws {
            let configuration = """
                model_list:
                  - model_name: mock
                    litellm_params: { model: openai/gpt-4o, api_key: none, mock_response: "Hello from the proxy." }
                  - model_name: openai
                    litellm_params: { model: openai/scripted, api_base: "\(upstream)/v1", api_key: none }
                  - model_name: claude
                    litellm_params: { model: anthropic/scripted, api_base: "\(upstream)", api_key: none }
                """
            try configuration.write(toFile: directory.appending("proxy.yaml"), atomically: true, encoding: .utf8)
            let port = try Self.freePort()
            address = "http://127.0.0.1:\(port)"
            let environment = [
                "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": directory.path, "LITELLM_MASTER_KEY": Self.key,
                // Otherwise it fetches prices from the internet.
                "LITELLM_LOCAL_MODEL_COST_MAP": "True", "NO_PROXY": "127.0.0.1",
            ]
            let started = try run(
                "/bin/sh",
                [
                    "-c",
                    "\"$0\" --config proxy.yaml --host 127.0.0.1 --port \(port) --telemetry False >log 2>&1 & echo $!",
                    "\(AgentWorkshop.installed ?? "")/bin/litellm",
                ], in: directory.path, environment: environment, input: [])
            process = pid_t(started.text.filter(\.isNumber)) ?? 0
            try wait(directory, environment)
        }

        private func wait(_ directory: ScratchDirectory, _ environment: [String: String]) throws {
            for _ in 0..<1200 {
                let answer = try run(
                    "/usr/bin/env", ["curl", "-sf", "\(address)/health/liveliness"], in: "/", environment: environment,
                    input: [])
                if answer.status == 0 { return }
                guard kill(process, 0) == 0 else { break }
                usleep(100_000)
            }
            throw NoProxy(log: (try? String(contentsOfFile: directory.appending("log"), encoding: .utf8)) ?? "")
        }

        deinit {
            if process > 0 { kill(process, SIGKILL) }
        }

        /// A port that was free a moment ago: the proxy cannot choose one and say so.
        private static func freePort() throws -> Int {
            let result = try run(
                "\(AgentWorkshop.installed ?? "")/bin/python",
                ["-c", "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"],
                in: "/", environment: ["PATH": "/usr/bin:/bin"], input: [])
            return Int(result.text.filter(\.isNumber)) ?? 0
        }
    }

    private static let script = #"""
        {"prices": {"input": 3, "cached": 0.3, "output": 15}, "rules": [
          {"name": "look", "when": {"turn": 0}, "say": "I look.", "usage": {"input": 50, "cached": 20, "output": 5},
           "call": [{"tool": "read", "arguments": {"path": "a.py"}}, {"tool": "list", "arguments": {"glob": "*.py"}}]},
          {"name": "edit", "when": {"turn": 1, "last": "old = 1"}, "usage": {"input": 60, "cached": 70, "output": 9},
           "call": [{"tool": "edit", "arguments": {"path": "a.py", "old": "old", "new": "naïve"}}]},
          {"name": "done", "when": {"turn": 2}, "usage": {"input": 10, "cached": 130, "output": 4},
           "call": [{"tool": "done", "arguments": {"summary": "Did it."}}]}]}
        """#

    /// One job of the built-in agent with a model behind the proxy.
    private static func agent(
        _ proxy: Proxy, _ dialect: String, model: String, _ name: String, in directory: ScratchDirectory
    ) throws -> (result: ScratchProcessResult, file: String) {
        let repository = try ScratchRepository(name, in: directory)
        try repository.write("a.py", "old = 1\n")
        try repository.git("add", "-A")
        try repository.git("commit", "-qm", "first")
        for folder in ["inbox", "outbox"] { try directory.makeDirectory("job-\(name)/\(folder)") }
        try "Say naïve instead of old.".write(
            toFile: directory.appending("job-\(name)/prompt.md"), atomically: true, encoding: .utf8)
        var environment = repository.environment
        environment["ORCHESTRATE_JOB"] = directory.appending("job-\(name)")
        environment["ORCHESTRATE_DIALECT"] = dialect
        environment["ORCHESTRATE_BASE_URL"] = dialect == "anthropic" ? proxy.address : "\(proxy.address)/v1"
        environment["ORCHESTRATE_MODEL"] = model
        environment["ORCHESTRATE_KEY_VARIABLE"] = "PROXY_KEY"
        environment["PROXY_KEY"] = Proxy.key
        let result = try run(
            AgentWorkshop.program, ["agent"], in: repository.path, environment: environment, input: [])
        return (result, try String(contentsOfFile: repository.appending("a.py"), encoding: .utf8))
    }

    /// The proxy takes half a minute to start, so one serves all dialects.
    @Test func `lets the built-in agent work in every dialect`() throws {
        let directory = try ScratchDirectory("litellm")
        let server = try ScriptedModelServer(script: Self.script)
        let proxy = try Proxy(directory, upstream: server.address)
        for dialect in ["anthropic", "chat", "responses"] {
            for model in ["openai", "claude"] {
                let (result, file) = try Self.agent(proxy, dialect, model: model, "\(dialect)-\(model)", in: directory)
                let story = "\(dialect) to \(model): \(result.text)\(result.errorText)"
                #expect(result.status == 0, "\(story)")
                #expect(file == "naïve = 1\n", "\(story)")
                let last = try #require(result.text.split(separator: "\n").last)
                #expect(last.contains(#""cached_tokens":220"#), "\(story)")
                #expect(last.contains(#""input_tokens":120"#), "\(story)")
                #expect(last.contains(#""output_tokens":18"#), "\(story)")
                #expect(!(result.text + result.errorText).contains(Proxy.key))
            }
        }
        // Its mock of Responses fails in the proxy itself as soon as it is to be streamed.
        for dialect in ["anthropic", "chat"] {
            let (result, _) = try Self.agent(proxy, dialect, model: "mock", "\(dialect)-mock", in: directory)
            #expect(result.text.contains("Hello from the proxy."), "\(dialect): \(result.text)\(result.errorText)")
            // It only talks, which is one way of going round in circles.
            #expect(result.status == 11)
        }
    }
}
