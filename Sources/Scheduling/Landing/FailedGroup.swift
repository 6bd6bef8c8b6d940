import Model

/// The tasks of a failed candidate, which are checked again in parts.
struct FailedGroup: Sendable {
    let number: Int
    /// Tasks that are in no newer candidate, in order.
    var tasks: [Int]
    /// Whether the checks rejected them together. Otherwise the machine failed, and the same tree is checked again.
    let failedTogether: Bool
    /// Infrastructure faults in a row on a candidate of all of them.
    let faults: Int
    /// Landings of the queue before the verdict.
    let landingsBefore: Int
    /// Landings of parts of the group since then.
    var ownLandings = 0
    let failure: Failure

    /// Whether the tip with all of `tasks` is the tree that failed: only parts of the group have landed since then.
    func isExact(landings: Int) -> Bool { failedTogether && landings == landingsBefore + ownLandings }

    /// Moves the suspects to the end. The first part to be checked is then likely to land whole, and the rest is known to
    /// fail.
    mutating func putLast(_ suspects: Set<Int>) {
        guard !suspects.isEmpty, suspects.count < tasks.count else { return }
        tasks = tasks.filter { !suspects.contains($0) } + tasks.filter { suspects.contains($0) }
        innocent = tasks.count - suspects.count
    }

    /// The number of tasks at the front that are not suspected; 0 if none is suspected.
    private(set) var innocent = 0

    /// Takes tasks off the front for a candidate.
    mutating func take(_ count: Int) -> [Int] {
        let part = Array(tasks.prefix(count))
        tasks.removeFirst(part.count)
        innocent = max(0, innocent - part.count)
        return part
    }
}
