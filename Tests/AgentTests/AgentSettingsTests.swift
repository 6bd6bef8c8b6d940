import ModelAPI
import Testing

@testable import Agent

@Suite("Settings of the agent")
struct AgentSettingsTests {
    @Test func `from the environment`() throws {
        let settings = try AgentSettings(environment: [
            "ORCHESTRATE_MODEL": "m", "ORCHESTRATE_DIALECT": "chat", "ORCHESTRATE_BASE_URL": "http://127.0.0.1:1/v1",
            "ORCHESTRATE_KEY_VARIABLE": "OPENROUTER_API_KEY", "OPENROUTER_API_KEY": "sk-secret-1234",
            "ORCHESTRATE_HEADERS": "X-Title: t\nA:b", "ORCHESTRATE_PRICES": "input=1,output=2",
            "ORCHESTRATE_MAX_USD": "0.5", "ORCHESTRATE_MAX_TURNS": "7", "ORCHESTRATE_MAX_TOKENS": "",
        ])
        #expect(settings.endpoint.url == "http://127.0.0.1:1/v1/chat/completions")
        #expect(settings.endpoint.headers == ["X-Title": "t", "A": "b"])
        #expect(settings.endpoint.key != nil)
        #expect(settings.limits == AgentLimits(turns: 7, usd: 0.5))
        #expect(settings.secretVariables.contains("OPENROUTER_API_KEY"))
    }

    @Test(
        arguments: [
            ([:], "ORCHESTRATE_MODEL"), (["MODEL": "m", "DIALECT": "x"], "ORCHESTRATE_DIALECT"),
            (["MODEL": "m", "MAX_TURNS": "-1"], "ORCHESTRATE_MAX_TURNS"),
            (["MODEL": "m", "MAX_TURNS": "1.5"], "ORCHESTRATE_MAX_TURNS"),
            (["MODEL": "m", "PRICES": "1"], "prices '1'"),
            (["MODEL": "m", "HEADERS": "secretvalue"], "ORCHESTRATE_HEADERS"),
            (["MODEL": "m", "KEY_FILE": "/nowhere"], "/nowhere"),
        ] as [([String: String], String)])
    func `what is wrong is named, and nothing of a secret is`(_ values: [String: String], _ named: String) {
        let environment = Dictionary(uniqueKeysWithValues: values.map { ("ORCHESTRATE_\($0.key)", $0.value) })
        let error = #expect(throws: ModelError.self) { try AgentSettings(environment: environment) }
        #expect(error?.description.contains(named) == true)
        #expect(error?.description.contains("secretvalue") == false)
    }
}
