import Foundation
import Jobs
import Model
import Synchronization
import Testing

@testable import Verification

/// Checks of a tree that another machine carries out.
@Suite struct CarriedChecksTests {
    private let cache = VerdictCache()
    private let gate = CheckGate()
    private let checks = [
        Check(name: "one", run: "a", executor: "farm"), Check(name: "two", run: "b", executor: "farm"),
    ]
    private let subject: CheckRunner.Subject

    init() throws {
        subject = .init(tree: try #require(ObjectID(hex: String(repeating: "a", count: 40))), isLanding: true)
    }

    private func runner(_ known: KnownFailures = .none) -> CheckRunner {
        CheckRunner(
            runner: ProcessRunner(marker: "test-\(UUID().uuidString)"), base: BaseEnvironment(coordinator: [:]),
            allowed: [], gate: gate, cache: cache, known: known)
    }

    private final class Count: Sendable {
        let value = Mutex(0)
    }

    private func turn(_ command: String, _ outcome: CheckResult.Outcome, failed: [String] = []) -> CheckTurn {
        CheckTurn(
            result: CheckResult(
                name: "there", command: command, outcome: outcome, status: outcome == .passed ? 0 : 1, seconds: 1,
                digest: "printed", failedTests: failed), runs: 1)
    }

    private func results(
        _ runner: CheckRunner, isFresh: Bool = false, _ carry: @escaping @Sendable () async -> CheckRunner.Carried
    ) async -> [CheckResult] {
        var subject = subject
        subject.isFresh = isFresh
        return await runner.results(
            of: checks, task: nil, on: subject, job: JobPlace(run: RunID("r"), slot: 0), keepGoing: false,
            carriedOutBy: carry)
    }

    @Test func `verdicts have the plan's names and answer the next time`() async {
        let runs = Mutex(0)
        for isKnown in [false, true] {
            let turns = [turn("a", .passed), turn("b", .failed)]
            let found = await results(runner()) {
                runs.withLock { $0 += 1 }
                return .turns(turns)
            }
            #expect(found.map(\.name) == ["one", "two"])
            #expect(found.map(\.outcome) == [.passed, .failed])
            #expect(found.allSatisfy { $0.isKnown == isKnown })
        }
        #expect(runs.withLock { $0 } == 1)
        let turns = [turn("a", .passed), turn("b", .passed)]
        let fresh = await results(runner(), isFresh: true) { .turns(turns) }
        #expect(fresh.map(\.outcome) == [.passed, .passed])
    }

    @Test func `failures of the base do not count`() async {
        let known = KnownFailures([
            CheckResult(name: "base", command: "b", outcome: .failed, status: 1, seconds: 1, failedTests: ["t"])
        ])
        let turns = [turn("a", .passed), turn("b", .failed, failed: ["t"])]
        let found = await results(runner(known)) { .turns(turns) }
        #expect(found.map(\.outcome) == [.passed, .passed])
    }

    @Test func `what says nothing about the tree is asked again`() async {
        for outcome in [CheckResult.Outcome.failed, .infrastructure] {
            let why = turn("set-up", outcome).result
            let found = await results(runner()) { .notRun(why) }
            #expect(found == [why])
        }
        let turns = [turn("a", .passed), turn("b", .infrastructure)]
        #expect(await results(runner()) { .turns(turns) }.map(\.outcome) == [.passed, .infrastructure])
        let later = [turn("a", .passed), turn("b", .passed)]
        #expect(await results(runner()) { .turns(later) }.map(\.outcome) == [.passed, .passed])
    }

    @Test func `those who ask meanwhile wait for the same machine`() async {
        let (runner, runs) = (runner(), Count())
        let turns = [turn("a", .passed), turn("b", .passed)]
        let all = await withTaskGroup(of: [CheckResult].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    await results(runner) {
                        runs.value.withLock { $0 += 1 }
                        await Task.yield()
                        return .turns(turns)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(all.allSatisfy { $0.map(\.outcome) == [.passed, .passed] })
        #expect(runs.value.withLock { $0 } == 1)
    }
}
