/// The verified tasks in the order they are to land, and the candidate whose tree is being checked.
struct LandingQueue: Sendable {
    struct Candidate: Sendable, Equatable {
        let number: Int
        var tasks: [Int]
        /// Set once the tree has passed and the integration branch is being moved.
        var isLanding = false
    }

    /// Sorted by place; a task that is done again comes back to the place it had.
    private(set) var waiting: [(index: Int, place: Int)] = []
    private(set) var candidate: Candidate?
    private var nextNumber = 1

    var isIdle: Bool { waiting.isEmpty && candidate == nil }

    mutating func insert(_ index: Int, place: Int) {
        let position = waiting.firstIndex { $0.place > place } ?? waiting.endIndex
        waiting.insert((index, place), at: position)
    }

    /// Takes the tasks out of the queue and makes them the candidate.
    mutating func form(_ tasks: [Int]) -> Candidate {
        waiting.removeAll { tasks.contains($0.index) }
        let formed = Candidate(number: nextNumber, tasks: tasks)
        nextNumber += 1
        candidate = formed
        return formed
    }

    mutating func markLanding() { candidate?.isLanding = true }

    /// The candidate is no more; its tasks are the caller's.
    mutating func dissolve() -> [Int] {
        defer { candidate = nil }
        return candidate?.tasks ?? []
    }
}
