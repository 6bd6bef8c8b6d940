import Foundation
import TestSupport
import Testing

/// Landing checks that run only where their tests reach the change.
@Suite(.ownThreads) struct AffectedCheckTests {
    /// Eight modules, each with a test of its own except the last two.
    private func shop(_ worker: String = "sed -i s/old/new/ {files}") throws -> Workshop {
        let shop = try Workshop()
        var files = ["tests/__init__.py": "", "hidden.py": "fine\n"]
        for number in 0..<8 {
            files["m\(number).py"] = "# old\n"
            if number < 6 { files["tests/test_m\(number).py"] = "import m\(number)\n" }
        }
        try shop.repository.commit(files)
        try shop.plan(
            """
            scope: {include: ["m*.py"]}
            workers:
              max_parallel: 1
              environment: [TRACE]
              ladder: [{run: "\(worker)", attempts: 1}]
            guards: {write: repository}
            landing: {verify_slots: 1}
            verify:
              environment: [TRACE]
              probe: off
              landing:
                - name: tests
                  run: 'echo ran {affected_tests} >>$TRACE; set -- {affected_tests}; [ $# -gt 0 ] || ! grep -q broken *.py'
                  affected: true
                  whole_every: 4
            """)
        return shop
    }

    @Test func `candidates run the tests that reach them, each fourth and the end run all`() throws {
        let shop = try shop()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        let landed = try shop.landed()
        #expect(landed.count == 8)
        let runs = shop.traceLines().map { $0.dropFirst(3).trimmingCharacters(in: .whitespaces) }
        // The first is whole, then three in part, and so on; the last one is that of the end.
        let expected: [String] = landed.enumerated().compactMap { place, task in
            if place % 4 == 0 { return "" }
            let test = "tests/test_\(task)"
            return ["m6.py", "m7.py"].contains(task) ? nil : test
        }
        #expect(runs == expected + [""])
        #expect(result.text.contains("affected checks"), "\(result.text)")
        #expect(result.text.contains("2 whole, "))
        let message = try shop.repository.git("log", "-1", "--format=%B", shop.integration)
        #expect(message.contains("tests: passed on this tree before it landed, as far as its tests reach the change"))
    }

    @Test func `a new file is unknown to the graph, so all tests run`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["m.py": "# old\n"])
        try shop.plan(
            """
            workers:
              max_parallel: 1
              environment: [TRACE]
              ladder: [{run: "echo new >{files}"}]
            decompose:
              strategy: list
              tasks: [{id: first, files: [m.py]}, {id: second, files: [n.py], depends_on: [first]}]
            verify:
              environment: [TRACE]
              probe: off
              landing: [{run: "echo ran {affected_tests} >>$TRACE", affected: true}]
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed() == ["first", "second"])
        #expect(shop.traceLines().count >= 2)
        #expect(result.text.contains("2 whole, 0 in part, 0 skipped"), "\(result.text)")
    }

    @Test func `what the tests of a part do not see is found by the next whole run, before it lands`() throws {
        // The second task breaks a file that no test reaches.
        let shop = try shop("sed -i s/old/new/ {files}; [ {task} != m1.py ] || echo broken >>m1.py")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--unattended")
        #expect(result.status == 4)
        let landed = try shop.landed()
        #expect(landed.contains("m1.py"))
        #expect(landed.count == 4)
        let words = "\(result.text)\(result.errorText)"
        #expect(words.contains("the base is red: on "), "\(words)")
        #expect(words.contains("a task that landed since all of its landing checks ran whole"))
        // Nobody is blamed, and no attempt is spent, for what an earlier task broke.
        #expect(!words.contains("after 1 attempt"), "\(words)")
    }
}
