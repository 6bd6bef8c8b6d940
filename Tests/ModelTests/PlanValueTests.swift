import Foundation
import Model
import Testing

@Suite struct PlanValueTests {
    @Test func `a check that does nothing or asks Git may pass on broken files`() {
        func isBlind(_ run: String) -> Bool { Check(name: "c", run: run).isBlindByNature }
        #expect(
            isBlind(" true; ") && isBlind(":") && isBlind("git describe --tags") && isBlind(" git diff --exit-code"))
        #expect(!isBlind("gitlint") && !isBlind("make") && !isBlind("test -f a && git status"))
    }

    private let ladder = [Rung(worker: Worker(name: "w", run: "true"))]

    private func plan(_ change: (inout Plan) -> Void = { _ in }) -> Plan {
        var plan = Plan(name: "p", goal: "g", repository: "/r", workers: WorkerRules(ladder: ladder))
        change(&plan)
        return plan
    }

    @Test func `a plan without stages has one with its own rules`() {
        let rules = VerifyRules(task: [Check(name: "c", run: "c")])
        let guards = GuardRules(write: .scope)
        let plan = Plan(
            name: "p", goal: "g", repository: "/r", scope: Plan.Scope(include: ["a"]),
            decompose: DecomposeRules(unit: .package), workers: WorkerRules(ladder: ladder), verify: rules,
            guards: guards)
        #expect(
            plan.stages == [
                Stage(
                    name: "all", scope: Plan.Scope(include: ["a"]), decompose: DecomposeRules(unit: .package),
                    ladder: ladder, verify: rules, guards: guards)
            ])
        #expect(plan.integration == "orchestrate/p")
    }

    @Test func `only budget, checkpoints and landing rules may differ between plans of the same work`() {
        let other = plan {
            $0.budget = Budget(usd: 1)
            $0.checkpoints = [Checkpoint(after: .tasks(1))]
            $0.landing = LandingRules(policy: .serial)
        }
        #expect(plan().isSameWork(as: other))
        #expect(!plan().isSame(as: other))
        #expect(!plan().isSameWork(as: plan { $0.goal = "h" }))
        #expect(!plan().isSameWork(as: plan { $0.workers.maxParallel = 9 }))
    }

    @Test(
        arguments: [
            (LandingRules.Policy.auto, nil, true), (.serial, nil, true), (.speculative, nil, true),
            (.batch, nil, false),
            (.batch, true, true), (.auto, false, false),
        ] as [(LandingRules.Policy, Bool?, Bool)])
    func `every commit is checked except in batches, unless the plan says otherwise`(
        policy: LandingRules.Policy, written: Bool?, expected: Bool
    ) {
        #expect(LandingRules(policy: policy, everyCommit: written).everyCommit == expected)
    }

    @Test func `sizes of tasks depend on the unit`() {
        #expect(DecomposeRules().maxFiles == 1)
        #expect(DecomposeRules(unit: .directory).maxFiles == 25)
        #expect(DecomposeRules(unit: .cluster, maxFiles: 3).maxFiles == 3)
        #expect(DecomposeRules(maxFiles: 1).maxCycle == 25)
        #expect(DecomposeRules(maxFiles: 2).maxCycle == 2)
        #expect(DecomposeRules(maxFiles: 2, maxCycle: 9).maxCycle == 9)
    }

    @Test func `all reviewers must approve by default`() {
        let reviewers = ["a", "b"].map { Reviewer(name: $0, worker: Worker(name: $0, run: $0)) }
        #expect(ReviewRules(reviewers: reviewers).needs == 2)
        #expect(ReviewRules(reviewers: reviewers, needs: 1).needs == 1)
    }

    @Test func `a check or a reviewer decides when a task is done`() {
        let reviewer = Reviewer(name: "a", worker: Worker(name: "a", run: "a"))
        #expect(!VerifyRules(task: [Check(name: "c", run: "c")]).knowsDone)
        #expect(VerifyRules(done: [Check(name: "c", run: "c")]).knowsDone)
        #expect(VerifyRules(doneReviewers: [reviewer]).knowsDone)
    }

    @Test func `missing limits come from the other value, one by one`() {
        let all = ResourceLimits(memory: 1, processes: 2, fileSize: 3, cpu: 4, disk: 5)
        let other = ResourceLimits(memory: 10, processes: 20, fileSize: 30, cpu: 40, disk: 50)
        #expect(all.completed(by: other) == all)
        #expect(ResourceLimits().completed(by: other) == other)
        #expect(
            ResourceLimits(processes: 2, cpu: 4).completed(by: other)
                == ResourceLimits(memory: 10, processes: 2, fileSize: 30, cpu: 4, disk: 50))
    }

    @Test func `a worker waits with its provider, or alone`() {
        #expect(Worker(name: "w", run: "r").providerName == "w")
        #expect(Worker(name: "w", run: "r", provider: "p").providerName == "p")
        var worker = Worker(name: "w", run: "r")
        #expect(!worker.canResume)
        worker.resume = "r {session}"
        #expect(worker.canResume)
    }

    @Test func `keys that an older program did not store get defaults`() throws {
        let stored = try JSONEncoder().encode(plan())
        var object = try #require(try JSONSerialization.jsonObject(with: stored) as? [String: Any])
        for key in ["baseRules", "landing", "sandbox"] { object[key] = nil }
        object["guards"] = [String: Any]()
        let read = try JSONDecoder().decode(Plan.self, from: JSONSerialization.data(withJSONObject: object))
        #expect(!read.baseRules.follows)
        #expect(read.landing == LandingRules())
        #expect(read.sandbox.mode == .off)
        #expect(read.guards == GuardRules())
    }

    @Test func `guards survive storage key by key`() throws {
        let rules = GuardRules(
            write: .scope, alsoAllow: ["a"], forbid: ["b"], discard: ["c"], maxChangedLines: 1, maxChangedFiles: 2,
            maxBinary: 3, mustChange: true, tests: .allow, suppressions: .allow, conflictMarkers: .allow,
            secrets: .allow, leftovers: .allow, placeholders: .allow, emptiedFiles: .allow, symlinks: .allow,
            modes: .allow, submodules: .allow, gitAttributes: .allow,
            custom: [CustomGuard(name: "g", run: "r", rule: "u", timeout: 2, environment: ["A"])])
        #expect(try JSONDecoder().decode(GuardRules.self, from: JSONEncoder().encode(rules)) == rules)
    }

    @Test func `results and checks survive storage key by key`() throws {
        let result = CheckResult(
            name: "n", command: "c", outcome: .failed, status: 3, seconds: 1.5, digest: "d", failedTests: ["t"],
            testsRun: 4, testGap: "g", flakes: 2, isKnown: true)
        #expect(try JSONDecoder().decode(CheckResult.self, from: JSONEncoder().encode(result)) == result)
        let check = Check(
            name: "n", run: "r", timeout: 2, environment: ["A"], exclusive: true, retries: 3, report: .output(.go),
            network: .host, limits: ResourceLimits(memory: 7))
        #expect(try JSONDecoder().decode(Check.self, from: JSONEncoder().encode(check)) == check)
        let rules = VerifyRules(
            done: [check], task: [check, check], landing: [check, check, check], environment: ["B"],
            baseline: [check], allowBaselineFailures: true, final: [check, check],
            doneReviewers: [Reviewer(name: "a", worker: Worker(name: "a", run: "a"), instructions: "i")])
        #expect(try JSONDecoder().decode(VerifyRules.self, from: JSONEncoder().encode(rules)) == rules)
        let task = ListedTask(
            id: "i", title: "t", files: ["f"], dependsOn: ["d"], instructions: "n", approve: .beforeLanding)
        let stored = try JSONEncoder().encode(task)
        #expect(try JSONDecoder().decode(ListedTask.self, from: stored) == task)
        #expect(String(decoding: stored, as: UTF8.self).contains("\"depends_on\":[\"d\"]"))
    }
}
