import Model
import Testing

@testable import PlanFile

@Suite struct IntegrationKeyTests {
    @Test func `the branch is a name, or a mapping that may extend one that exists`() throws {
        #expect(try PlanText.plan("integration: next").integration == "next")
        #expect(try !PlanText.plan("integration: next").integrationRules.extendsBranch)
        let plan = try PlanText.plan("integration: {branch: next, extend: true}")
        #expect(plan.integration == "next" && plan.integrationRules.extendsBranch)
        #expect(try !PlanText.plan("integration: {branch: next}").integrationRules.extendsBranch)
    }
}
