import Foundation
import TestSupport
import Testing

/// What `status` says of a live run's money and of who is left alone.
@Suite(.ownThreads) struct StatusTests {
    @Test func `what was used and who cools down`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "old\n"])
        try shop.tellingPlan(
            """
            echo '{"event": "usage", "input_tokens": 1200, "cached_tokens": 300, "output_tokens": 50, "usd": 0.25}'
            if [ -e $TRACE ]; then echo '{"event": "retry", "after": 3600, "status": 429}'; sleep 600; fi
            : >$TRACE
            """)
        let process = try shop.start("migrate", "--plan", shop.planPath)
        shop.wait("the provider is left alone", for: process) {
            (try? shop.orchestrate("status").text.contains("cooling down")) == true
        }
        let text = try shop.orchestrate("status").text
        #expect(text.contains("used 0.50 USD, 3,100 tokens, 600 of them cached"), "\(text)")
        #expect(text.contains("took no requests (429)"), "\(text)")
        #expect(text.contains(" h ") || text.contains("59 m"), "\(text)")
        let json = try shop.orchestrate("status", "--json").text
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let usage = try #require(object["usage"] as? [String: Double])
        #expect(usage == ["input_tokens": 2400, "cached_tokens": 600, "output_tokens": 100, "usd": 0.5])
        let cooldowns = try #require(object["cooldowns"] as? [[String: Any]])
        #expect(cooldowns.count == 1 && cooldowns[0]["provider"] as? String == "command")
        #expect((cooldowns[0]["seconds"] as? Double ?? 0) > 3000)
        #expect(try shop.orchestrate("stop", "--now").status == 0)
        process.waitUntilExit()
        #expect(process.terminationStatus == 4)
    }
}
