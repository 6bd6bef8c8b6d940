import Foundation
import Model
import Testing

@Suite struct TaskStateTests {
    private static let next: [TaskState: Set<TaskState>] = [
        .waiting: [.ready, .blocked, .failed, .skipped], .ready: [.running, .waiting, .blocked, .failed, .skipped],
        .running: [.verified, .alreadyDone, .ready, .waiting, .failed, .skipped],
        .verified: [.landing, .ready, .failed, .skipped],
        .landing: [.landed, .alreadyDone, .verified, .ready, .failed], .landed: [.ready, .waiting],
        .alreadyDone: [], .failed: [.ready, .waiting, .alreadyDone], .skipped: [.ready, .waiting],
        .blocked: [.waiting, .ready, .failed, .skipped, .alreadyDone],
    ]

    @Test(arguments: TaskState.allCases) func `a state goes only to its documented successors`(state: TaskState) {
        #expect(Set(TaskState.allCases.filter(state.canBecome)) == Self.next[state])
    }

    @Test func `only landed and already done tasks free their dependents`() {
        #expect(TaskState.allCases.filter(\.isDone) == [.landed, .alreadyDone])
    }

    @Test func `a settled task changes only by a command`() {
        #expect(TaskState.allCases.filter(\.isSettled) == [.landed, .alreadyDone, .failed, .skipped, .blocked])
    }

    @Test func `states have stable names in the store`() {
        let names = "waiting ready running verified landing landed already-done failed skipped blocked"
        #expect(TaskState.allCases.map(\.rawValue).joined(separator: " ") == names)
    }
}

@Suite struct FailureTests {
    @Test func `failures that say nothing about the work do not count as attempts`() {
        let free: Set<Failure.Kind> = [
            .blocked, .brokenSetup, .infrastructure, .interrupted, .conflict, .redTogether, .providerLimit,
            .noReview,
        ]
        for kind in Failure.Kind.allCases {
            #expect(Failure(kind: kind, summary: "s").countsAsAttempt == !free.contains(kind), "\(kind)")
        }
    }

    @Test func `a fingerprint depends on the kind, the summary, the detail and every place`() {
        let failure = Failure(kind: .taskCheck, summary: "a", detail: "b", places: ["c", "d"])
        var changed: [Failure] = []
        changed.append(Failure(kind: .doneCheck, summary: "a", detail: "b", places: ["c", "d"]))
        changed.append(Failure(kind: .taskCheck, summary: "x", detail: "b", places: ["c", "d"]))
        changed.append(Failure(kind: .taskCheck, summary: "a", detail: "x", places: ["c", "d"]))
        changed.append(Failure(kind: .taskCheck, summary: "a", detail: "b", places: ["x", "d"]))
        changed.append(Failure(kind: .taskCheck, summary: "a", detail: "b", places: ["c"]))
        changed.append(Failure(kind: .taskCheck, summary: "ab", detail: "", places: ["c", "d"]))
        #expect(Set((changed + [failure]).map(\.fingerprint)).count == changed.count + 1)
        var waiting = failure
        waiting.retryAfter = 3
        waiting.provider = "p"
        #expect(waiting.fingerprint == failure.fingerprint)
    }
}

@Suite struct UsageTests {
    @Test func `a sum adds each kind of token and the cost`() {
        let sum =
            Usage(inputTokens: 1, cachedTokens: 20, outputTokens: 300, usd: 0.5)
            + Usage(inputTokens: 4, cachedTokens: 50, outputTokens: 600, usd: 0.25)
        #expect(sum == Usage(inputTokens: 5, cachedTokens: 70, outputTokens: 900, usd: 0.75))
        #expect(sum.tokens == 975)
    }

    @Test func `a cost is known if one part of the sum has a cost`() {
        #expect((Usage(usd: 2) + Usage()).usd == 2)
        #expect((Usage() + Usage(usd: 3)).usd == 3)
        #expect((Usage() + Usage()).usd == nil)
    }

    @Test func `prices are per million tokens, and cached input costs like input by default`() {
        let usage = Usage(inputTokens: 1_000_000, cachedTokens: 2_000_000, outputTokens: 4_000_000)
        #expect(TokenPrices(input: 3, output: 5).cost(of: usage) == 3 + 6 + 20)
        #expect(TokenPrices(input: 3, cached: 0.5, output: 5).cost(of: usage) == 3 + 1 + 20)
    }
}

@Suite struct WorkerRecordTests {
    private let first = WorkerRecord(
        worker: "a", attempts: 4, verified: 3, landed: 2, seconds: 240,
        usage: Usage(inputTokens: 60, cachedTokens: 30, outputTokens: 10, usd: 5))

    @Test func `rates are per attempt and per landed task`() {
        #expect(first.successRate == 0.75)
        #expect(first.minutesPerLanded == 2)
        #expect(first.tokensPerLanded == 50)
        #expect(first.usdPerLanded == 2.5)
    }

    @Test func `a record without attempts or landed tasks has no rates`() {
        let none = WorkerRecord(worker: "a", usage: Usage(inputTokens: 1, usd: 1))
        #expect(none.successRate == nil && none.minutesPerLanded == nil)
        #expect(none.tokensPerLanded == nil && none.usdPerLanded == nil)
        #expect(WorkerRecord(worker: "a", landed: 1).tokensPerLanded == nil)
    }

    @Test func `a sum adds every figure`() {
        let second = WorkerRecord(
            worker: "a", attempts: 10, verified: 20, landed: 30, seconds: 40, usage: Usage(outputTokens: 7))
        let sum = first + second
        #expect((sum.attempts, sum.verified, sum.landed) == (14, 23, 32))
        #expect(sum.seconds == 280)
        #expect(sum.usage == Usage(inputTokens: 60, cachedTokens: 30, outputTokens: 17, usd: 5))
        #expect((first + WorkerRecord(worker: "a")).usage == first.usage)
        #expect((WorkerRecord(worker: "a") + first).usage == first.usage)
    }

    @Test func `merging gives one record for each worker, sorted by name`() {
        let merged = WorkerRecord.merged([
            WorkerRecord(worker: "b", attempts: 1), first, WorkerRecord(worker: "b", attempts: 2),
        ])
        #expect(merged.map(\.worker) == ["a", "b"])
        #expect(merged.map(\.attempts) == [4, 3])
    }
}

@Suite struct VerdictTests {
    private func verdict(
        _ outcome: CheckResult.Outcome, status: Int32, key: String = "k"
    ) -> Verdict {
        Verdict(
            key: key, tree: ObjectID(bytes: UnsafeRawBufferPointer(start: Self.zeros, count: 20)), isClean: true,
            runs: 1,
            result: CheckResult(name: "c", command: "c", outcome: outcome, status: status, seconds: 1))
    }

    nonisolated(unsafe) private static let zeros = UnsafeMutableRawPointer.allocate(byteCount: 20, alignment: 8)

    @Test(
        arguments: [
            (CheckResult.Outcome.passed, 0, true), (.failed, 1, true), (.failed, 125, true), (.failed, 126, false),
            (.failed, 127, false), (.failed, 128, true), (.timedOut, 143, false), (.infrastructure, 1, false),
        ] as [(CheckResult.Outcome, Int32, Bool)])
    func `a verdict lasts if another run would give the same`(
        outcome: CheckResult.Outcome, status: Int32, isLasting: Bool
    ) {
        #expect(verdict(outcome, status: status).isLasting == isLasting)
    }

    @Test func `a reviewer's verdict is known by its key`() {
        #expect(verdict(.passed, status: 0, key: "review-1").isOfReviewer)
        #expect(!verdict(.passed, status: 0, key: "x-review-1").isOfReviewer)
    }

    @Test func `a flake rate is the share of runs`() {
        #expect(FlakeRate(check: "c", runs: 8, flakes: 2).rate == 0.25)
        #expect(FlakeRate(check: "c", runs: 0, flakes: 0).rate == 0)
    }
}

@Suite struct MigrationTaskTests {
    @Test(arguments: [
        (MigrationTask.Figures(), 0), (.init(lines: 1), 1), (.init(lines: 7), 3), (.init(lines: 8), 4),
        (.init(fanIn: 3), 2), (.init(fanIn: 4), 3), (.init(fanOut: 100), 0), (.init(cycle: 2), 2),
        (.init(cycle: 3), 4), (.init(lines: 1, fanIn: 1, cycle: 2), 4), (.init(lines: -5, cycle: 0), 0),
    ])
    func `difficulty grows with every doubling`(figures: MigrationTask.Figures, difficulty: Int) {
        #expect(figures.difficulty == difficulty)
    }

    @Test func `a task without files is the end of a stage`() {
        #expect(MigrationTask(id: TaskID("stage-a"), title: "", files: []).isGate)
        #expect(!MigrationTask(id: TaskID("a"), title: "", files: ["a"]).isGate)
    }

    @Test func `a command names its task`() {
        let task = TaskID("t")
        #expect(Control.Command.retry(task: task, request: nil).task == task)
        #expect(Control.Command.skip(task: task).task == task)
        #expect(Control.Command.prioritise(task: task).task == task)
        #expect(Control.Command.approve(task: task).task == task)
        #expect(Control.Command.pause.task == nil && Control.Command.proceed.task == nil)
        #expect(Control.Command.stop(atOnce: true).task == nil)
    }
}
