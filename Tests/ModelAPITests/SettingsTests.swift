import Foundation
import Model
import TestSupport
import Testing

@testable import ModelAPI

@Suite("Keys, places and prices")
struct SettingsTests {
    @Test func `a key cannot be printed`() throws {
        let key = try APIKey(" sk-secret-1234\n")
        let endpoint = try Endpoint(dialect: .chat, model: "m", key: key)
        var dumped = ""
        dump(endpoint, to: &dumped)
        for text in ["\(key)", "\(endpoint)", String(reflecting: key), String(reflecting: endpoint), dumped] {
            #expect(!text.contains("secret"))
        }
        #expect(key.value == "sk-secret-1234")
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o644]) func `a file that others can read is refused`(mode: Int)
        throws
    {
        let scratch = try ScratchDirectory("key")
        let path = scratch.appending("key")
        try "sk-secret-1234\n".write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(try APIKey(file: path).value == "sk-secret-1234")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let error = #expect(throws: ModelError.self) { try APIKey(file: path) }
        #expect(error?.description.contains("chmod 600") == true)
    }

    @Test(arguments: ["", " \n", "a b", "a\nX-Evil: 1", "é"]) func `what is no key is refused`(_ text: String) {
        #expect(throws: ModelError.self) { try APIKey(text) }
    }

    @Test func `a directory, a large file and none are refused`() throws {
        let scratch = try ScratchDirectory("key")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: scratch.path)
        let large = scratch.appending("large")
        try Data(count: 10_000).write(to: URL(fileURLWithPath: large))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: large)
        for path in [scratch.path, large, scratch.appending("none")] {
            #expect(throws: ModelError.self) { try APIKey(file: path) }
        }
    }

    @Test(
        arguments: [
            (Dialect.anthropic, nil, "https://api.anthropic.com/v1/messages"),
            (.anthropic, "http://127.0.0.1:1/", "http://127.0.0.1:1/v1/messages"),
            (.chat, "http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1/chat/completions"),
            (
                .chat, "https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
                "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21"
            ),
            (.responses, nil, "https://api.openai.com/v1/responses"),
        ] as [(Dialect, String?, String)])
    func `URLs as each dialect's own clients build them`(_ dialect: Dialect, _ base: String?, _ url: String) throws {
        #expect(try Endpoint(dialect: dialect, baseURL: base, model: "m").url == url)
    }

    @Test(arguments: ["file:///etc/passwd", "api.openai.com", "https://", "https://user:word@host/", "https://a b/"])
    func `base URLs that cannot be meant are refused`(_ base: String) {
        #expect(throws: ModelError.self) { try Endpoint(dialect: .chat, baseURL: base, model: "m") }
    }

    @Test func `a header cannot smuggle another in`() throws {
        for (name, value) in [("a:b", "1"), ("a", "1\r\nb: 2"), ("", "1"), ("a b", "1")] {
            #expect(throws: ModelError.self) { try Endpoint(dialect: .chat, model: "m", headers: [name: value]) }
        }
        let key = try APIKey("sk-secret-1234")
        let azure = try Endpoint(dialect: .chat, model: "m", key: key, keyHeader: "api-key", headers: ["X-Title": "t"])
        let all = Dictionary(uniqueKeysWithValues: azure.allHeaders.map { ($0.name, $0.value) })
        #expect(all["api-key"] == "sk-secret-1234")
        #expect(all["x-title"] == "t")
        #expect(all["authorization"] == nil)
    }

    @Test func `prices are read and applied`() throws {
        let prices = try PriceTable(parsing: "input=3, output=15,cache_read=0.3,cache_write=3.75")
        let tokens = TokenCount(input: 1000, cacheRead: 10_000, cacheWritten: 2000, output: 100)
        #expect(abs(prices.usd(tokens) - 0.015) < 1e-12)
        let usage = tokens.usage(prices)
        #expect((usage.inputTokens, usage.cachedTokens, usage.outputTokens) == (3000, 10_000, 100))
        #expect(tokens.usage(nil).usd == nil)
        #expect(try PriceTable(parsing: "input=3,output=15").cacheRead == 3)
        for text in ["", "input=3", "input=x,output=1", "input=-1,output=1", "input=1,output=1,what=2", "3,15"] {
            #expect(throws: ModelError.self) { try PriceTable(parsing: text) }
        }
    }
}
