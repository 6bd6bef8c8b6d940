import Model

/// Tasks that belong together in the landing queue because of what came of a candidate that held them all.
struct RedGroup: Sendable {
    let number: Int
    /// Those of which no candidate has been formed since, in order.
    var tasks: [Int]
    /// They failed together. Otherwise the machine failed them, and the same tree is to be checked again.
    let isRed: Bool
    /// Times in a row that the machine failed on a candidate of all of them.
    let faults: Int
    /// Landings of the queue up to the verdict.
    let landingsBefore: Int
    /// Landings of its own parts since.
    var ownLandings = 0
    let failure: Failure

    /// The tip with all of `tasks` on it is the very tree that failed: only parts of the group have landed since.
    func isExact(landings: Int) -> Bool { isRed && landings == landingsBefore + ownLandings }

    /// Puts the innocent before the suspects, each in their order; the first part to be checked is then likely to land
    /// whole, and what it leaves is known to be red.
    mutating func putLast(_ suspects: Set<Int>) {
        guard !suspects.isEmpty, suspects.count < tasks.count else { return }
        tasks = tasks.filter { !suspects.contains($0) } + tasks.filter { suspects.contains($0) }
        innocent = tasks.count - suspects.count
    }

    /// Tasks at the front that nothing speaks against; 0 where nobody is suspected.
    private(set) var innocent = 0

    /// Takes tasks off the front for a candidate.
    mutating func take(_ count: Int) -> [Int] {
        let part = Array(tasks.prefix(count))
        tasks.removeFirst(part.count)
        innocent = max(0, innocent - part.count)
        return part
    }
}
