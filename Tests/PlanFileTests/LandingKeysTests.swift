import Foundation
import Model
import Testing

@testable import PlanFile

@Suite struct LandingKeysTests {
    @Test(arguments: [
        ("", LandingRules(policy: .auto, maxBatch: 32, verifySlots: nil, everyCommit: true)),
        ("landing: {policy: serial}", LandingRules(policy: .serial, everyCommit: true)),
        ("landing: {policy: batch, max_batch: 5}", LandingRules(policy: .batch, maxBatch: 5, everyCommit: false)),
        ("landing: {verify_slots: 2, every_commit: false}", LandingRules(verifySlots: 2, everyCommit: false)),
    ])
    func `rules are read`(text: String, rules: LandingRules) throws {
        #expect(try PlanText.plan(text).landing == rules)
    }

    @Test func `a batch cannot promise every commit`() {
        let errors = PlanText.errors(PlanText.start + "landing: {policy: batch, every_commit: true}")
        #expect(errors.count == 1)
        #expect(errors.first?.contains("6:40: 'landing.policy: batch' and 'landing.every_commit: true'") == true)
    }

    @Test func `a plan stored before there were rules has the ordinary ones`() throws {
        let plan = try PlanText.plan("landing: {policy: serial}")
        var object = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(plan)) as? [String: Any])
        #expect(object.removeValue(forKey: "landing") != nil)
        let read = try JSONDecoder().decode(Plan.self, from: JSONSerialization.data(withJSONObject: object))
        #expect(read.landing == LandingRules())
    }
}
