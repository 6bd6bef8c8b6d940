import Foundation
import Model
import Store
import TestSupport
import Testing

/// Landing checks that the machine does not let come to an end.
@Suite(.ownThreads) struct LandingFaultTests {
    @Test func `a check that the machine ended is run again after a wait and costs no attempt`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              ladder: [{run: "echo {task} >>$TRACE; sed -i s/old/new/ {files}"}]
            verify:
              environment: [TRACE]
              probe: off
              landing:
                - run: "echo x >>$TRACE.checks; test $(wc -l <$TRACE.checks) -gt 2 || kill -9 $$"
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(shop.traceLines() == ["a.py"])
        let pauses = try shop.lastRun { try $0.events(of: $1) }.compactMap { event in
            if case .decision(.pauseLanding(let pause)) = event.body { (pause.number, pause.seconds) } else { nil }
        }
        #expect(pauses.map(\.0) == [1, 2])
        #expect(pauses.allSatisfy { $0.1 > 0 })
        let log = try shop.orchestrate("explain", "a.py").text
        #expect(log.contains("it is checked again after a while"), "\(log)")
    }
}
