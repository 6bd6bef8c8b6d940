import Coordinator
import Decomposition
import Git
import Jobs
import Model
import PlanFile
import Store
import Testing

@testable import CommandLine

struct OutcomeTests {
    private struct Foreign: Error {}

    private static let commit = ObjectID(hex: String(repeating: "ab", count: 20))

    private func code(_ error: any Error) -> Outcome.Code? { Outcome(describing: error)?.code }

    @Test func `exit codes are those of the documentation`() throws {
        let codes: [(Outcome.Code, Int32)] = [
            (.done, 0), (.notDone, 1), (.planRefused, 2), (.cannotServe, 3), (.stopped, 4), (.locked, 5),
            (.baselineRed, 6), (.usage, 64), (.timedOut, 75), (.interrupted, 130),
        ]
        for (code, number) in codes { #expect(code.rawValue == number) }
        #expect(Outcome.done.code == .done && Outcome.done.message == nil)
        #expect(Outcome.stoppedAtOnce.code == .interrupted)
    }

    @Test func `errors of a plan exit with 2`() {
        #expect(code(DecompositionError.emptyStage("a")) == .planRefused)
        #expect(code(CoordinatorError.emptyScope(plan: "demo", base: "main")) == .planRefused)
        #expect(code(CoordinatorError.integrationIsBase(branch: "main")) == .planRefused)
        #expect(code(CoordinatorError.listFailed(stage: "a", command: "x", status: 1, log: "")) == .planRefused)
        #expect(code(CoordinatorError.listMalformed(stage: "a", path: "", reason: "")) == .planRefused)
        #expect(code(CoordinatorError.template(worker: "w", line: 1, reason: "r")) == .planRefused)
    }

    @Test func `problems of a plan are printed as they are`() throws {
        let problems = try #require(throws: PlanProblems.self) {
            try PlanLoader.load(path: "/does/not/exist.yaml", repository: nil, workerFolders: []).get()
        }
        let outcome = try #require(Outcome(describing: problems))
        #expect(outcome.code == .planRefused)
        #expect(outcome.message == problems.description)
    }

    @Test func `a repository or machine that cannot be used exits with 3`() {
        #expect(code(GitError.notARepository(path: "/")) == .cannotServe)
        #expect(code(LandError.noSuchBranch("x")) == .cannotServe)
        #expect(code(CoordinatorError.nothingToResume(plan: nil, hint: "")) == .cannotServe)
        #expect(code(CoordinatorError.integrationCheckedOut(branch: "a", path: "/")) == .cannotServe)
        #expect(code(StoreError.missing(path: "/")) == .cannotServe)
        #expect(code(StoreError.diskFull(path: "/")) == .cannotServe)
    }

    @Test func `other errors have their own codes`() throws {
        let commit = try #require(Self.commit)
        #expect(code(CoordinatorError.integrationRewound(branch: "a", expected: commit, found: nil)) == .stopped)
        #expect(
            code(CoordinatorError.baselineRed(base: commit, red: [], objections: nil, logs: "")) == .baselineRed)
        #expect(code(StoreError.locked(path: "/", plan: "demo", owner: nil)) == .locked)
        #expect(code(StoreError.unknownRun(RunID("demo-1"))) == .usage)
        #expect(code(StoreError.unknownTask(TaskID("a"), run: RunID("demo-1"), similar: [])) == .usage)
    }

    @Test func `an error of another library is not described`() { #expect(code(Foreign()) == nil) }

    @Test func `a message begins with the word error`() throws {
        let message = try #require(Outcome(describing: GitError.notARepository(path: "/x"))?.message)
        #expect(message.hasPrefix("error: ") && message.contains("/x"))
    }
}
