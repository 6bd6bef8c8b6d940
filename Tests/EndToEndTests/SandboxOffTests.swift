import Foundation
import TestSupport
import Testing

/// A plan can go without a sandbox; then everybody who looks at the run is told.
@Suite(.ownThreads) struct SandboxOffTests {
    private func shop(_ sandbox: String) throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            \(sandbox)
            workers:
              ladder:
                - run: "cat \(shop.repository.path)/a.py && sed -i s/old/new/ {files}"
                  attempts: 1
            verify:
              done: [{run: "! grep -q old {file}"}]
            """)
        return shop
    }

    @Test func `off is said wherever the run is shown`() throws {
        let shop = try shop("sandbox: off")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.text.contains("sandbox: off"))
        #expect(try shop.orchestrate("status").text.contains("sandbox: off"))
        #expect(try shop.orchestrate("status", "--json").text.contains(#""sandbox" : "off""#))
        #expect(try shop.orchestrate("review").text.contains("sandbox: off"))
        #expect(try shop.orchestrate("review", "a.py").text.contains("sandbox: off"))
    }

    @Test func `on is what holds where nothing is said`() throws {
        let shop = try shop("sandbox: {mode: on}")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 1)
        #expect(!result.text.contains("sandbox: off"))
        #expect(try shop.orchestrate("explain", "a.py").text.contains("No such file or directory"))
    }

    @Test func `doctor says what holds`() throws {
        let shop = try shop("")
        #expect(try shop.orchestrate("doctor").text.contains("sandbox"))
    }
}
