import Model
import Testing

@testable import PlanFile

/// Reviewers among the done checks.
@Suite struct DoneReviewersTests {
    private static let plan = """
        reviewers:
          - {name: strict, run: 'judge {prompt}', prompt: file, instructions: Be strict., environment: [A=1, B=1]}
        verify:
          done:
            - {run: 'grep -q new {file}'}
            - {reviewer: strict, environment: [B=2], timeout: 1m}
            - {reviewer: other, run: look, name: second look, instructions: Look twice.}
        """

    @Test func `they are found by their names`() throws {
        let verify = try PlanText.plan(Self.plan).stages[0].verify
        #expect(verify.done.map(\.run) == ["grep -q new {file}"])
        #expect(verify.doneReviewers.map(\.name) == ["strict", "second look"])
        #expect(verify.doneReviewers.map(\.worker.run) == ["judge {prompt}", "look"])
        #expect(verify.doneReviewers.map(\.instructions) == ["Be strict.", "Look twice."])
        let strict = verify.doneReviewers[0].worker
        #expect(strict.environment == ["A=1", "B=2"] && strict.limits.timeout == 60 && strict.prompt == .file)
    }

    @Test func `a stage has those of the plan`() throws {
        let text = Self.plan + "\nstages: [{name: one}, {name: two, verify: {done: [{run: 'a {file}'}]}}]"
        let stages = try PlanText.plan(text).stages
        #expect(stages.map { $0.verify.doneReviewers.count } == [2, 0])
    }

    @Test(arguments: [
        ("{reviewer: nobody}", "no worker 'nobody'"),
        ("{reviewer: x, run: y, retries: 2}", "unknown key 'retries' in 'verify.done'"),
        ("{run: y, instructions: z}", "unknown key 'instructions' in 'verify.done'"),
        ("{reviewer: }", "'verify.done.reviewer': expected a reviewer's or a worker's name"),
    ])
    func `what is wrong is said once`(_ item: String, _ message: String) {
        let errors = PlanText.errors(PlanText.start + "verify: {done: [\(item)]}")
        #expect(errors.count == 1 && errors[0].contains(message), "\(errors)")
    }
}
