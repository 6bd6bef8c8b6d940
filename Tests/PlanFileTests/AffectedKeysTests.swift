import Model
import Testing

@testable import PlanFile

@Suite struct AffectedKeysTests {
    @Test func `a landing check may be affected, and then runs whole at the end`() throws {
        let plan = try PlanText.plan(
            """
            verify:
              landing:
                - {name: unit, run: "pytest {affected_tests}", affected: true, tests: ["tests/**"], whole_every: 7}
                - {name: build, run: make}
              final: [{name: docs, run: make docs}]
            """)
        let landing = plan.stages[0].verify.landing
        #expect(landing[0].affected == AffectedRule(tests: ["tests/**"], wholeEvery: 7))
        #expect(landing[1].affected == nil)
        #expect(plan.verify.final.map(\.name) == ["docs", "unit"])
        #expect(plan.verify.final.last?.affected == AffectedRule(tests: ["tests/**"], wholeEvery: 7))
    }

    @Test func `the end has the check once, and never loses it to a namesake`() throws {
        func final(_ text: String) throws -> [String] {
            try PlanText.plan(
                "verify: {landing: [{name: unit, run: \"pytest {affected_tests}\", affected: true}], final: [\(text)]}"
            ).verify.final.map { "\($0.name) = \($0.run)" }
        }
        #expect(try final("{name: all, run: \"pytest \"}").count == 1)
        #expect(try final("{name: unit, run: make}") == ["unit = make", "unit, whole = pytest {affected_tests}"])
    }

    @Test(arguments: [
        ("{run: 'pytest {affected_tests}'}", "a landing check with '{affected_tests}' needs 'affected: true'"),
        ("{run: pytest, tests: ['a/**']}", "'tests' needs 'affected: true'"),
        ("{run: pytest, affected: false, whole_every: 3}", "'whole_every' needs 'affected: true'"),
    ])
    func `keys that need another are refused`(check: String, problem: String) {
        let errors = PlanText.errors(PlanText.start + "verify: {landing: [\(check)]}")
        #expect(errors.count == 1)
        #expect(errors.first?.contains(problem) == true, "\(errors)")
    }

    @Test func `only landing checks may be affected`() {
        for list in ["baseline", "final", "task"] {
            #expect(!PlanText.errors(PlanText.start + "verify: {\(list): [{run: pytest, affected: true}]}").isEmpty)
        }
    }
}
