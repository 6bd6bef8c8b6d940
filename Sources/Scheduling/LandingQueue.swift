import Model

/// The verified tasks in the order they are to land, and the candidates whose trees are being checked.
///
/// Candidates form a chain: each is built on the one before it as if that had landed already, so several can be
/// checked at once although they land one by one, each on exactly the tree that passed (the prefix window of Zuul's
/// gate, https://zuul-ci.org/docs/zuul/latest/gating.html).
struct LandingQueue: Sendable {
    struct Candidate: Sendable, Equatable {
        enum Stage: Sendable, Equatable {
            case checking
            case passed(commits: [Fact.Landed.Commit])
            /// The integration branch is being moved to it.
            case landing
        }

        let number: Int
        let task: Int
        var stage = Stage.checking
    }

    /// Sorted by place; a task that is done again comes back to the place it had.
    private(set) var waiting: [(index: Int, place: Int)] = []
    /// In the order of the chain: the first is built on the tip.
    private(set) var candidates: [Candidate] = []
    private var nextNumber = 1

    var isIdle: Bool { waiting.isEmpty && candidates.isEmpty }

    mutating func insert(_ index: Int, place: Int) {
        let position = waiting.firstIndex { $0.place > place } ?? waiting.endIndex
        waiting.insert((index, place), at: position)
    }

    /// Takes a task out of the queue and puts it at the end of the chain.
    mutating func form(_ task: Int) -> Candidate {
        waiting.removeAll { $0.index == task }
        let formed = Candidate(number: nextNumber, task: task)
        nextNumber += 1
        candidates.append(formed)
        return formed
    }

    func position(of number: Int) -> Int? { candidates.firstIndex { $0.number == number } }

    mutating func setStage(_ stage: Candidate.Stage, at position: Int) { candidates[position].stage = stage }

    /// Takes the first candidate off the chain: it has landed.
    mutating func removeFirst() -> Candidate { candidates.removeFirst() }

    /// Takes a candidate and all that are built on it off the chain; their tasks are the caller's.
    mutating func dissolve(from position: Int) -> [Candidate] {
        let dissolved = Array(candidates[position...])
        candidates.removeSubrange(position...)
        return dissolved
    }
}
