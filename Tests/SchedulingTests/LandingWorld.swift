import Model
import TestSupport

@testable import Scheduling

/// A landing queue with a truth behind it: which tasks break any tree, and which only break one together.
struct LandingWorld {
    var scheduler: Scheduler
    private var random: SeededGenerator
    private let started: Fact.RunStarted
    /// No tree that holds all of a set passes.
    var breaking: [Set<TaskID>] = []
    /// Checks in a hundred that fail on a good tree.
    var flakes = 0
    /// Checks in a hundred that come to no end.
    var faults = 0
    var pending: [Decision] = []
    private(set) var facts: [Fact] = []
    private(set) var decisions: [Decision] = []
    private(set) var landed: [TaskID] = []
    private(set) var checks = 0
    /// What was found to be wrong, in words.
    private(set) var objections: [String] = []
    /// What the tree of a candidate holds beside the base, in order.
    private var contents: [Int: [TaskID]] = [:]
    /// What the own base of each verified task holds.
    private var below: [TaskID: [TaskID]] = [:]
    /// The commits that candidates are built on.
    private var bases: [Int: ObjectID] = [:]
    private var lastCommits: [Int: ObjectID] = [:]
    /// Whether the base itself fails.
    var isBaseRed = false
    /// Whether every failure has the same text. Otherwise each names its candidate.
    var areFailuresAlike = true
    var isAttended: Bool?
    private(set) var probes: [ProbeSubject] = []
    private var green: [Int: [TaskID]] = [:]
    private var redTrees: Set<[String]> = []
    private var doubted: Set<TaskID> = []
    private var attemptOf: [TaskID: Int] = [:]
    private var objects = 1

    init(_ count: Int, rules: LandingRules, maxParallel: Int = 4, attempts: Int = 1, seed: UInt64) {
        let tasks = (0..<count).map { number in
            MigrationTask(id: TaskID("t\(number)"), title: "", files: ["f\(number)"], tests: ["tests/t\(number % 7)"])
        }
        let rung = Rung(worker: Worker(name: "w", run: "true"), attempts: attempts)
        let plan = Plan(
            name: "p", goal: "g", repository: "/r",
            workers: WorkerRules(maxParallel: maxParallel, ladder: [rung], conflictAttempts: 2), landing: rules)
        started = Fact.RunStarted(plan: plan, base: World.id(0), tip: World.id(0), tasks: tasks)
        scheduler = Scheduler(started)
        random = SeededGenerator(seed: seed)
        facts = [.runStarted(started)]
    }

    mutating func run() {
        tell(.coordinatorStarted(.init(processID: 1, tip: scheduler.tip, isAttended: isAttended)))
        goOn()
    }

    mutating func say(_ command: Control.Command) { tell(.control(Control(id: "c\(facts.count)", command: command))) }

    /// Carries out what is decided until nothing is left.
    mutating func goOn() {
        while !pending.isEmpty {
            carryOut(pending.remove(at: Int.random(in: 0..<pending.count, using: &random)))
        }
    }

    var hasFinished: Bool { decisions.contains(.finish) }

    /// What a scheduler that is told the same facts decides.
    var decisionsAgain: [Decision] {
        var again = Scheduler(started)
        return facts.dropFirst().flatMap { again.handle($0) }
    }

    private mutating func tell(_ fact: Fact) {
        facts.append(fact)
        let new = scheduler.handle(fact)
        decisions += new
        pending += new
        for case .check(let check) in new {
            if check.isRecheck { doubted.formUnion(check.tasks) }
            bases[check.candidate] = check.after.flatMap { lastCommits[$0] } ?? scheduler.tip
            objects += check.tasks.count
            lastCommits[check.candidate] = World.id(objects)
            contents[check.candidate] = (check.after.flatMap { contents[$0] } ?? landed) + check.tasks
        }
    }

    private mutating func carryOut(_ decision: Decision) {
        switch decision {
        case .start(let start):
            let (task, attempt) = (start.task, start.attempt)
            objects += 1
            attemptOf[task] = attempt
            below[task] = landed
            tell(
                .attemptVerified(
                    .init(
                        task: task, attempt: attempt, worker: "w", commit: World.id(objects), base: scheduler.tip,
                        tree: World.id(objects), changes: [.init(path: task.rawValue, added: 1, removed: 0)],
                        checks: [], seconds: 1, reason: "")))
        case .check(let check): self.check(check.candidate, check.tasks)
        case .probe(let probe): self.probe(probe)
        case .land(let land): self.land(land.candidate, land.commits)
        case .pauseLanding(let pause): tell(.waitOver(.landing(number: pause.number)))
        default: break
        }
    }

    private mutating func check(_ number: Int, _ tasks: [TaskID]) {
        // Its checks may have been ended meanwhile.
        guard scheduler.queue.position(of: number) != nil, let tree = contents[number] else { return }
        checks += 1
        let name = tree.map { "\($0) \(attemptOf[$0] ?? 0)" }.sorted()
        // What is built on a task that is looked at once more may have failed with it already; so may what was built
        // on one that the machine failed.
        if redTrees.contains(name), faults == 0, doubted.isDisjoint(with: tree) {
            objections.append("\(tasks) is checked again")
        }
        let verdict = Int.random(in: 0..<100, using: &random)
        if verdict < faults { return fail(number, .infrastructure, tasks) }
        let isBad = isRed(tree)
        if isBad { redTrees.insert(name) }
        if isBad || verdict < faults + flakes { return fail(number, .landingCheck, tasks) }
        green[number] = tree
        tell(
            .candidatePassed(
                .init(
                    candidate: number, tip: bases[number] ?? scheduler.tip,
                    commits: tasks.enumerated().map { position, task in
                        if position == tasks.count - 1, let last = lastCommits[number] {
                            return .init(task: task, commit: last)
                        }
                        objects += 1
                        return .init(task: task, commit: World.id(objects))
                    }, tree: World.id(objects), checks: [], seconds: 1)))
    }

    private func isRed(_ tree: [TaskID]) -> Bool {
        isBaseRed || breaking.contains { $0.isSubset(of: tree) }
    }

    private mutating func probe(_ probe: Decision.Probe) {
        checks += 1
        probes.append(probe.subject)
        let tree = probe.subject == .own ? (below[probe.task] ?? []) + [probe.task] : landed
        let verdict = Int.random(in: 0..<100, using: &random)
        let outcome: Fact.Probed.Outcome =
            verdict < faults ? .unknown : isRed(tree) || verdict < faults + flakes ? .failed : .passed
        let failure = Failure(
            kind: outcome == .unknown ? .infrastructure : .landingCheck,
            summary: areFailuresAlike ? "red" : "red \(checks)")
        tell(.probed(.init(probe, outcome: outcome, failure: outcome == .passed ? nil : failure, seconds: 1)))
    }

    private mutating func fail(_ number: Int, _ kind: Failure.Kind, _ tasks: [TaskID]) {
        tell(
            .candidateFailed(
                .init(
                    candidate: number, tip: bases[number] ?? scheduler.tip, task: tasks.count == 1 ? tasks[0] : nil,
                    failure: Failure(
                        kind: kind, summary: areFailuresAlike ? kind.rawValue : "\(kind.rawValue) \(number)"),
                    checks: [], seconds: 1)))
    }

    private mutating func land(_ number: Int, _ commits: [Fact.Landed.Commit]) {
        landed += commits.map(\.task)
        if green[number] != landed { objections.append("candidate \(number) lands as another tree than passed") }
        tell(.landed(.init(candidate: number, commits: commits)))
    }
}
