import HeapModule
import Model

/// The verified tasks in the order of landing, and the candidates whose trees are being checked.
///
/// Candidates form a chain: each is built on the one before it as if that had landed already, so several can be checked
/// at once although they land one by one, each on exactly the tree that passed (the prefix window of Zuul's gate,
/// https://zuul-ci.org/docs/zuul/latest/gating.html). A candidate that fails leaves the chain, what was built on it is
/// dissolved, and what comes later is built on the one before it. Its own verdict counts once all before it has landed:
/// then it is the verdict of its tasks on the very tip.
struct LandingQueue: Sendable {
    struct Candidate: Sendable, Equatable {
        enum Stage: Sendable, Equatable {
            case checking
            case passed(commits: [Fact.Landed.Commit])
            /// The integration branch is being moved to it.
            case landing
        }

        let number: Int
        let tasks: [Int]
        /// The candidate it is built on; nil for the tip.
        let after: Int?
        /// The failed group that its tasks come from.
        let group: Int?
        var stage = Stage.checking
    }

    /// A negative verdict on a candidate.
    struct Red: Sendable, Equatable {
        let candidate: Candidate
        var failure: Failure
        /// The task that does not merge, or the only task.
        let culprit: TaskID?
        /// The commit that the candidate was built on.
        let base: ObjectID
    }

    /// A candidate that failed before the one it is built on has landed. Its verdict counts after that landing.
    struct Suspended: Sendable, Equatable {
        let red: Red
        let after: Int
        var candidate: Candidate { red.candidate }
    }

    /// A task that failed alone, while the landing checks run on its own commit.
    struct Probe: Sendable, Equatable {
        enum Ground: Sendable, Equatable {
            /// The branch holds what the candidate was built on.
            case tip
            /// The candidate that it was built on has not landed yet.
            case candidate(Int)
            /// What it was built on will not land.
            case gone
        }

        let red: Red
        let evidence: LandingStatistics.Evidence
        var ground: Ground
        var task: Int { red.candidate.tasks[0] }
    }

    /// A task that is to be rejected, if the tip that it failed on is not red itself.
    struct Held: Sendable, Equatable {
        let task: Int
        let failure: Failure
    }

    private struct Waiting: Comparable, Sendable {
        let place: Int
        let index: Int
        static func < (a: Waiting, b: Waiting) -> Bool { a.place < b.place }
    }

    private var line = Heap<Waiting>()
    /// In order: the first is built on the tip.
    private(set) var chain: [Candidate] = []
    private(set) var suspended: [Suspended] = []
    var groups: [FailedGroup] = []
    private(set) var probes: [Probe] = []
    private(set) var held: [Held] = []
    /// The tasks of candidates that were dissolved while they were being checked.
    private var dissolved: [Int: [Int]] = [:]
    /// The number of candidates that have landed.
    private(set) var landings = 0
    /// The number of the last landed candidate.
    private(set) var lastLanded: Int?
    private var nextNumber = 1
    private var nextGroup = 1

    var isIdle: Bool { isOnlyChain && chain.isEmpty }
    /// Whether every verified task is part of a candidate of the chain.
    var isOnlyChain: Bool {
        line.isEmpty && suspended.isEmpty && groups.isEmpty && probes.isEmpty && held.isEmpty
    }
    /// Whether every verified task waits for the verdict on the tip.
    var isOnlyHeld: Bool {
        line.isEmpty && suspended.isEmpty && groups.isEmpty && probes.isEmpty && chain.isEmpty
    }
    var lineCount: Int { line.count }
    var checking: Int { chain.reduce(0) { $0 + ($1.stage == .checking ? 1 : 0) } }
    var tasksAhead: Int { chain.reduce(0) { $0 + $1.tasks.count } }

    /// Puts a task in line. A task that is done again keeps its place.
    mutating func insert(_ index: Int, place: Int) { line.insert(Waiting(place: place, index: index)) }

    /// Removes a task from the line.
    /// - Returns: whether it was in the line.
    mutating func remove(_ index: Int) -> Bool {
        let others = line.unordered.filter { $0.index != index }
        defer { line = Heap(others) }
        return others.count < line.count
    }

    /// Takes the first task out of the line.
    mutating func popFirst() -> Int? { line.popMin()?.index }

    /// Puts a candidate at the end of the chain.
    mutating func form(_ tasks: [Int], group: Int?) -> Candidate {
        let formed = Candidate(number: nextNumber, tasks: tasks, after: chain.last?.number, group: group)
        nextNumber += 1
        chain.append(formed)
        return formed
    }

    func position(of number: Int) -> Int? { chain.firstIndex { $0.number == number } }

    mutating func setStage(_ stage: Candidate.Stage, at position: Int) { chain[position].stage = stage }

    /// Takes the first candidate off the chain: it has landed.
    mutating func removeFirst() -> Candidate {
        landings += 1
        let candidate = chain.removeFirst()
        lastLanded = candidate.number
        for probe in probes.indices where probes[probe].ground == .candidate(candidate.number) {
            probes[probe].ground = .tip
        }
        return candidate
    }

    /// Removes a candidate and all that are built on it from the chain. The caller requeues their tasks.
    mutating func dissolve(from position: Int) -> [Candidate] {
        let removed = Array(chain[position...])
        chain.removeSubrange(position...)
        for candidate in removed where candidate.stage == .checking { dissolved[candidate.number] = candidate.tasks }
        for probe in probes.indices {
            guard case .candidate(let number) = probes[probe].ground else { continue }
            if removed.contains(where: { $0.number == number }) { probes[probe].ground = .gone }
        }
        return removed
    }

    /// The tasks of a candidate that was dissolved, whose verdict has come in after all.
    mutating func takeDissolved(_ number: Int) -> [Int]? { dissolved.removeValue(forKey: number) }

    mutating func suspend(_ red: Red, after: Int) { suspended.append(Suspended(red: red, after: after)) }

    mutating func add(_ probe: Probe) { probes.append(probe) }

    mutating func takeProbe(of task: Int) -> Probe? {
        probes.firstIndex { $0.task == task }.map { probes.remove(at: $0) }
    }

    mutating func hold(_ task: Int, _ failure: Failure) { held.append(Held(task: task, failure: failure)) }

    mutating func takeAllHeld() -> [Held] {
        defer { held = [] }
        return held
    }

    mutating func takeAllProbes() -> [Probe] {
        defer { probes = [] }
        return probes
    }

    /// Removes and returns the candidates that failed on top of this one.
    mutating func takeSuspended(after number: Int) -> [Suspended] {
        let found = suspended.filter { $0.after == number }
        if !found.isEmpty { suspended.removeAll { $0.after == number } }
        return found
    }

    mutating func takeAllSuspended() -> [Suspended] {
        defer { suspended = [] }
        return suspended
    }

    /// Adds a group of tasks that failed together on the present tip.
    mutating func addGroup(_ tasks: [Int], failedTogether: Bool, faults: Int, failure: Failure) {
        groups.append(
            FailedGroup(
                number: nextGroup, tasks: tasks, failedTogether: failedTogether, faults: faults,
                landingsBefore: landings,
                failure: failure))
        nextGroup += 1
    }

    /// Removes groups without tasks, candidates and failed parts.
    mutating func dropEmptyGroups() {
        groups = groups.filter { group in
            !group.tasks.isEmpty || hasParts(ofGroup: group.number) || hasFailedPart(ofGroup: group.number)
        }
    }

    func hasParts(ofGroup number: Int) -> Bool { chain.contains { $0.group == number } }

    func hasFailedPart(ofGroup number: Int) -> Bool {
        suspended.contains { $0.candidate.group == number } || probes.contains { $0.red.candidate.group == number }
    }
}
